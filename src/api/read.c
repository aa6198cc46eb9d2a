/*
 * read.c - what comes in: JSON bodies by a table of fields, pages and numbers of the query. See
 * api.h.
 */
#include "api/api.h"
#include "domain/cursor.h"

static void wrong(struct http_exchange *x, const char *field, const char *code, const char *ko,
                  const char *en)
{
    scope_field_error(api_scope(x), field, code, ko, en);
}

static void wrong_type(struct http_exchange *x, const struct api_field *f)
{
    static const struct {
        const char *ko, *en;
    } wanted[] = {
        [API_TEXT] = {"글(문자열)이어야 합니다.", "This must be a string."},
        [API_NUMBER] = {"0 이상의 정수여야 합니다.", "This must be a whole number, 0 or more."},
        [API_BOOL] = {"true 또는 false여야 합니다.", "This must be true or false."},
        [API_IDS] = {"번호의 목록이어야 합니다.", "This must be a list of ids."},
        [API_OBJECT] = {"객체여야 합니다.", "This must be an object."},
        [API_ARRAY] = {"목록이어야 합니다.", "This must be a list."},
    };
    wrong(x, f->name, "type", wanted[f->type].ko, wanted[f->type].en);
}

static void too_long(struct http_exchange *x, const struct api_field *f)
{
    wrong(x, f->name, "too_long", "너무 깁니다.", "This is too long.");
}

/* ---- one reader per type; `to` is the member of the handler's struct ---- */

static void read_text(struct http_exchange *x, const struct api_field *f, const json_t *v, void *to)
{
    struct str s = str_n(json_string_value(v), json_string_length(v));
    if (!json_is_string(v))
        wrong_type(x, f);
    else if (utf8_count(s) > (f->max ? f->max : API_TEXT_MAX))
        too_long(x, f);
    else
        *(struct str *)to = s;
}

static void read_number(struct http_exchange *x, const struct api_field *f, const json_t *v,
                        void *to)
{
    if (!json_is_integer(v) || json_integer_value(v) < 0)
        wrong_type(x, f);
    else
        *(int64_t *)to = json_integer_value(v);
}

static void read_bool(struct http_exchange *x, const struct api_field *f, const json_t *v, void *to)
{
    if (!json_is_boolean(v))
        wrong_type(x, f);
    else
        *(bool *)to = json_is_true(v);
}

static void read_ids(struct http_exchange *x, const struct api_field *f, const json_t *v, void *to)
{
    struct api_ids *ids = to;
    size_t count = json_array_size(v); /* 0 when it is no array */
    if (!json_is_array(v)) {
        wrong_type(x, f);
        return;
    }
    if (count > (f->max ? f->max : API_LIST_MAX)) {
        too_long(x, f);
        return;
    }
    int64_t *list = arena_array(&x->arena, count + 1, sizeof *list);
    for (size_t i = 0; i < count; i++) {
        const json_t *id = json_array_get(v, i);
        if (!json_is_integer(id) || json_integer_value(id) < 1) {
            wrong_type(x, f);
            return;
        }
        list[i] = json_integer_value(id);
    }
    *ids = (struct api_ids){list, count};
}

static void read_object(struct http_exchange *x, const struct api_field *f, const json_t *v,
                        void *to)
{
    if (!json_is_object(v))
        wrong_type(x, f);
    else
        *(const json_t **)to = v;
}

static void read_array(struct http_exchange *x, const struct api_field *f, const json_t *v,
                       void *to)
{
    if (!json_is_array(v))
        wrong_type(x, f);
    else if (json_array_size(v) > (f->max ? f->max : API_LIST_MAX))
        too_long(x, f);
    else
        *(const json_t **)to = v;
}

typedef void reader(struct http_exchange *x, const struct api_field *f, const json_t *v, void *to);

static reader *const readers[] = {
    [API_TEXT] = read_text, [API_NUMBER] = read_number, [API_BOOL] = read_bool,
    [API_IDS] = read_ids,   [API_OBJECT] = read_object, [API_ARRAY] = read_array,
};

/* ---- bodies ---- */

static bool known(const struct api_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0)
            return true;
    return false;
}

static void unknown_note(struct http_exchange *x, const json_t *object,
                         const struct api_field *fields, size_t count)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        if (!known(fields, count, name))
            wrong(x, str_z(&x->arena, str_c(name)), "unknown", "모르는 항목입니다.",
                  "There is no such field.");
    }
}

void api_object(struct http_exchange *x, const json_t *object, const struct api_field *fields,
                size_t count, void *out, unsigned *given)
{
    unsigned seen = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *v = json_object_get(object, fields[i].name);
        if (v)
            seen |= 1u << i;
        if (!v && fields[i].required)
            wrong(x, fields[i].name, "required", "꼭 필요한 항목입니다.",
                  "This field is required.");
        else if (v && !(fields[i].nullable && json_is_null(v)))
            readers[fields[i].type](x, &fields[i], v, (char *)out + fields[i].offset);
    }
    unknown_note(x, object, fields, count);
    if (given)
        *given = seen;
}

int api_body(struct http_exchange *x, const struct api_field *fields, size_t count, void *out,
             unsigned *given)
{
    if (json_is_object(x->request.json))
        api_object(x, x->request.json, fields, count, out, given);
    else
        wrong(x, "", "type", "JSON 객체여야 합니다.", "The body must be a JSON object.");
    return api_problem(x, scope_invalid(api_scope(x)));
}

/* ---- the query ---- */

static int bad_query(struct http_exchange *x, const char *name)
{
    return api_problem(x, scope_fail(api_scope(x), PROBLEM_BAD_REQUEST, str_c(name)));
}

int api_query_i64(struct http_exchange *x, const char *name, int64_t min, int64_t *out)
{
    struct str text = http_query(x, name);
    if (text.ptr && !str_i64(text, min, INT64_MAX, out))
        return bad_query(x, name);
    return 0;
}

int api_page(struct http_exchange *x, struct page *page)
{
    *page = (struct page){.limit = PAGE_LIMIT_DEFAULT};
    int status = api_query_i64(x, "limit", 1, &page->limit);
    if (status)
        return status;
    if (page->limit > PAGE_LIMIT_MAX)
        return bad_query(x, "limit");
    struct str cursor = http_query(x, "cursor");
    if (cursor.len && cursor_i64(cursor) == 0)
        return bad_query(x, "cursor");
    page->cursor = cursor.ptr ? cursor : STR("");
    return 0;
}

struct api_slice api_slice(struct http_exchange *x, const struct page *page, size_t count)
{
    size_t from = (size_t)cursor_i64(page->cursor);
    if (from > count)
        from = count;
    size_t rest = count - from, limit = (size_t)page->limit;
    struct api_slice slice = {.from = from, .to = from + (rest < limit ? rest : limit)};
    if (slice.to < count)
        slice.next = cursor_from_i64(&x->arena, (int64_t)slice.to);
    return slice;
}
