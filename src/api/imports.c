/*
 * imports.c - uploads on their way to contacts.
 */
#include "api/handlers.h"
#include "domain/import.h"

/* ---- writing ---- */

static void counts_write(struct json *j, const struct import_counts *n)
{
    json_key(j, "counts");
    json_begin_object(j);
    json_put_i64(j, "rows", n->rows);
    json_put_i64(j, "ok", n->ok);
    json_put_i64(j, "repaired", n->repaired);
    json_put_i64(j, "duplicate", n->duplicate);
    json_put_i64(j, "error", n->error);
    json_put_i64(j, "dropped", n->dropped);
    json_put_i64(j, "will_create", n->create);
    json_put_i64(j, "will_update", n->update);
    json_end_object(j);
}

static void result_write(struct json *j, const struct import *i)
{
    json_key(j, "result");
    if (!i->confirmed_at) {
        json_null_value(j);
        return;
    }
    json_begin_object(j);
    json_put_i64(j, "created", i->created);
    json_put_i64(j, "updated", i->updated);
    json_put_i64(j, "skipped", i->skipped);
    json_end_object(j);
}

static void import_write(struct json *j, const struct import *i)
{
    json_begin_object(j);
    json_put_i64(j, "id", i->id);
    json_put_str(j, "filename", i->filename);
    json_put_str(j, "state", i->state);
    json_put_str(j, "kind", i->kind);
    json_put_str_or_null(j, "encoding", i->encoding);
    json_put_raw(j, "sheets", i->sheets);
    json_put_i64(j, "sheet", i->sheet);
    json_put_i64(j, "header_row", i->header_row);
    json_put_raw(j, "columns", i->columns);
    counts_write(j, &i->counts);
    if (i->group_name.ptr) {
        api_ref(j, "group", i->group, i->group_name);
    } else {
        json_key(j, "group");
        json_null_value(j);
    }
    result_write(j, i);
    json_put_i64(j, "created_at", i->created_at);
    json_put_i64_or_null(j, "confirmed_at", i->confirmed_at);
    json_end_object(j);
}

static void row_write(struct json *j, const struct import_row *r, bool english)
{
    struct str none = {NULL, 0};
    json_begin_object(j);
    json_put_i64(j, "row", r->number);
    json_put_str(j, "verdict", r->verdict);
    json_put_str_or_null(j, "reason", r->reason);
    json_put_str_or_null(j, "reason_text",
                         r->reason.ptr ? import_reason_text(r->reason, english) : none);
    json_put_str(j, "name", r->name);
    json_put_str(j, "phone", r->phone);
    json_put_str_or_null(j, "email", r->email);
    json_put_str(j, "original_phone", r->original_phone);
    json_put_raw(j, "attributes", r->attributes);
    json_put_bool(j, "dropped", r->dropped);
    json_put_i64_or_null(j, "duplicate_of", r->duplicate_of);
    json_put_i64_or_null(j, "contact_id", r->contact);
    json_end_object(j);
}

/* The import after a verb of the domain: its problem, or the import as it is now. */
static int answer(struct http_exchange *x, enum problem p, int64_t id, int status)
{
    struct import i;
    if (!p)
        p = import_get(api_scope(x), id, &i);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    import_write(&j, &i);
    return status;
}

/* ---- imports ---- */

int import_post(struct http_exchange *x)
{
    int64_t id = 0;
    struct str filename = http_query(x, "filename");
    enum problem p = import_create(api_scope(x), filename.ptr ? filename : STR(""),
                                   x->request.file_path.ptr, api_app(x)->upload_folder, &id);
    return answer(x, p, id, 201);
}

int import_list_get(struct http_exchange *x)
{
    struct page page;
    const struct import *list;
    size_t count;
    struct str next;
    int status = api_page(x, &page);
    if (status)
        return status;
    enum problem p = import_list(api_scope(x), &page, &list, &count, &next);
    if (p)
        return api_problem(x, p);
    struct json j = api_list_begin(x);
    for (size_t i = 0; i < count; i++)
        import_write(&j, &list[i]);
    return api_list_end(&j, next);
}

int import_get_one(struct http_exchange *x)
{
    return answer(x, PROBLEM_NONE, http_param_i64(x, 0), 200);
}

int import_delete(struct http_exchange *x)
{
    enum problem p = import_discard(api_scope(x), api_app(x)->upload_folder, http_param_i64(x, 0));
    return p ? api_problem(x, p) : api_no_content(x);
}

/* ---- mapping ---- */

struct mapping {
    int64_t sheet, header_row;
    const json_t *columns;
};

enum {
    SHEET,
    HEADER_ROW,
    COLUMNS
};

static const struct api_field mapping_fields[] = {
    [SHEET] = API_FIELD(struct mapping, sheet, API_NUMBER),
    [HEADER_ROW] = API_FIELD(struct mapping, header_row, API_NUMBER),
    [COLUMNS] = API_FIELD(struct mapping, columns, API_ARRAY, .max = COLUMNS_MAX),
};

struct mapping_column {
    int64_t index;
    struct str role, attribute;
};

static const struct api_field column_fields[] = {
    API_FIELD(struct mapping_column, index, API_NUMBER, .required = true),
    API_FIELD(struct mapping_column, role, API_TEXT, .required = true),
    API_FIELD(struct mapping_column, attribute, API_TEXT, .nullable = true, .max = 100),
};

static void column_read(struct http_exchange *x, const json_t *from, struct import_column *out)
{
    struct mapping_column c = {.role = STR_INIT("")};
    struct scope *s = api_scope(x);
    size_t errors = s->error_count;
    api_object(x, from, column_fields, COUNT_OF(column_fields), &c, NULL);
    *out = (struct import_column){.index = c.index, .attribute = c.attribute};
    if (!column_role_find(c.role, &out->role) && s->error_count == errors)
        scope_field_error(s, "role", "unknown",
                          "name, phone, email, attribute, ignore 중 하나여야 합니다.",
                          "This must be name, phone, email, attribute or ignore.");
}

static struct import_column *columns_read_json(struct http_exchange *x, const json_t *array,
                                               size_t *count)
{
    *count = json_array_size(array);
    struct import_column *list = arena_array(&x->arena, *count + 1, sizeof *list);
    for (size_t i = 0; i < *count; i++)
        column_read(x, json_array_get(array, i), &list[i]);
    return list;
}

int import_mapping_put(struct http_exchange *x)
{
    struct mapping m = {.sheet = -1, .header_row = -1};
    struct import_mapping mapping = {0};
    int64_t id = http_param_i64(x, 0);
    int status = api_body(x, mapping_fields, COUNT_OF(mapping_fields), &m, NULL);
    if (status)
        return status;
    mapping.sheet = m.sheet;
    mapping.header_row = m.header_row;
    mapping.columns_given = m.columns != NULL;
    mapping.columns = columns_read_json(x, m.columns, &mapping.count);
    enum problem p = scope_invalid(api_scope(x));
    return answer(x, p ? p : import_remap(api_scope(x), api_app(x)->upload_folder, id, &mapping),
                  id, 200);
}

/* ---- rows ---- */

int import_rows_get(struct http_exchange *x)
{
    struct page page;
    const struct import_row *list;
    size_t count;
    struct str next, verdict = http_query(x, "verdict");
    int status = api_page(x, &page);
    if (status)
        return status;
    if (verdict.ptr && !import_verdict_known(verdict))
        return api_problem(x, scope_fail(api_scope(x), PROBLEM_BAD_REQUEST, STR("verdict")));
    enum problem p = import_row_list(api_scope(x), http_param_i64(x, 0),
                                     verdict.ptr ? verdict : STR(""), &page, &list, &count, &next);
    if (p)
        return api_problem(x, p);
    struct json j = api_list_begin(x);
    for (size_t i = 0; i < count; i++)
        row_write(&j, &list[i], api_english(x));
    return api_list_end(&j, next);
}

struct row_change {
    bool dropped;
};

static const struct api_field row_fields[] = {
    API_FIELD(struct row_change, dropped, API_BOOL, .required = true),
};

int import_row_patch(struct http_exchange *x)
{
    struct row_change change = {0};
    struct import_row row;
    struct scope *s = api_scope(x);
    int64_t id = http_param_i64(x, 0), number = http_param_i64(x, 1);
    int status = api_body(x, row_fields, COUNT_OF(row_fields), &change, NULL);
    if (status)
        return status;
    enum problem p = import_row_drop(s, id, number, change.dropped);
    if (!p)
        p = import_row_get(s, id, number, &row);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    row_write(&j, &row, api_english(x));
    return 200;
}

/* ---- confirming ---- */

struct confirm {
    int64_t group_id;
    struct str new_group_name;
};

static const struct api_field confirm_fields[] = {
    API_FIELD(struct confirm, group_id, API_NUMBER),
    API_FIELD(struct confirm, new_group_name, API_TEXT),
};

int import_confirm_post(struct http_exchange *x)
{
    struct confirm c = {0};
    struct scope *s = api_scope(x);
    int64_t id = http_param_i64(x, 0);
    int status = api_body(x, confirm_fields, COUNT_OF(confirm_fields), &c, NULL);
    if (status)
        return status;
    if ((c.group_id == 0) == (c.new_group_name.ptr == NULL))
        scope_field_error(s, "group_id", "required",
                          "넣을 그룹이나 새 그룹 이름 중 하나를 정해 주세요.",
                          "Choose either a group or the name of a new one.");
    struct import_target target = {.group = c.group_id, .new_group_name = c.new_group_name};
    enum problem p = scope_invalid(s);
    return answer(x, p ? p : import_confirm(s, api_app(x)->upload_folder, id, &target), id, 200);
}
