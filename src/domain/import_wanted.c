/*
 * import_wanted.c - see import_wanted.h.
 */
#include "domain/import_wanted.h"
#include "domain/text.h"

#include <assert.h>

#define WANTED_TEXT_MAX ((size_t)1 << 20)

/* ---- checking ---- */

static enum problem invalid(struct scope *s, const char *code, const char *ko, const char *en)
{
    scope_field_error(s, "columns", code, ko, en);
    return PROBLEM_INVALID;
}

static bool attribute_is_taken(const struct import_mapping *m, const struct str *names, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (m->columns[k].role == COLUMN_ATTRIBUTE && str_eq(names[k], names[i]))
            return true;
    return false;
}

/* Each role once, but for attributes, whose names differ. */
static enum problem columns_check(struct scope *s, const struct import_mapping *m,
                                  const struct str *names)
{
    size_t of[COLUMN_ROLES] = {0};
    for (size_t i = 0; i < m->count; i++) {
        const struct import_column *c = &m->columns[i];
        of[c->role]++;
        if (c->index < 0 || c->index >= COLUMNS_MAX)
            return invalid(s, "unknown", "없는 열입니다.", "There is no such column.");
        if (c->role == COLUMN_ATTRIBUTE && attribute_is_taken(m, names, i))
            return invalid(s, "duplicate", "같은 이름의 속성이 두 번 있습니다.",
                           "Two columns have the same attribute name.");
    }
    if (of[COLUMN_PHONE] != 1)
        return PROBLEM_PHONE_COLUMN_MISSING;
    if (of[COLUMN_NAME] > 1 || of[COLUMN_EMAIL] > 1)
        return invalid(s, "duplicate", "이름과 이메일 열은 하나씩만 고를 수 있습니다.",
                       "There can be only one name and one e-mail column.");
    return PROBLEM_NONE;
}

/* The attribute's name: as given, or the header, or the number of the column. */
static struct str attribute_name(struct scope *s, const struct columns *now,
                                 const struct import_column *c)
{
    struct str name = c->attribute.ptr ? text_line(s->arena, c->attribute) : STR("");
    if (name.len == 0 && c->index >= 0 && (size_t)c->index < now->count)
        name = now->list[c->index].header;
    return name.len ? name : str_printf(s->arena, "열 %lld", (long long)c->index + 1);
}

/* ---- writing ---- */

static void column_put(struct json *j, int64_t index, enum column_role role, struct str attribute)
{
    json_begin_object(j);
    json_put_i64(j, "index", index);
    json_put_str(j, "role", column_role_word(role));
    if (role == COLUMN_ATTRIBUTE)
        json_put_str(j, "attribute", attribute);
    json_end_object(j);
}

static void given_put(struct json *j, const struct import_mapping *m, const struct str *names)
{
    for (size_t i = 0; i < m->count; i++)
        column_put(j, m->columns[i].index, m->columns[i].role, names[i]);
}

static void kept_put(struct json *j, const struct columns *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].role != COLUMN_IGNORE)
            column_put(j, (int64_t)i, c->list[i].role, c->list[i].attribute);
}

/* Another sheet, header or template means other columns. */
static bool is_moved(const struct import *i, const struct import_mapping *m)
{
    return (m->sheet >= 0 && m->sheet != i->sheet) || m->encoding.ptr ||
           (m->header_row >= 0 && m->header_row != i->header_row) ||
           (m->template_given && m->template != i->template);
}

static void wanted_write(struct json *j, const struct import *i, const struct import_mapping *m,
                         const struct import_wanted *old, const struct str *names)
{
    bool moved = is_moved(i, m), sheet_moved = m->sheet >= 0 && m->sheet != i->sheet;
    int64_t sheet = m->sheet >= 0 ? m->sheet : old->sheet;
    int64_t header = m->header_row >= 0 ? m->header_row : sheet_moved ? -1 : old->header_row;
    struct str encoding = m->encoding.ptr ? m->encoding : old->encoding;
    json_begin_object(j);
    if (sheet >= 0)
        json_put_i64(j, "sheet", sheet);
    if (header >= 0)
        json_put_i64(j, "header_row", header);
    if (encoding.ptr)
        json_put_str(j, "encoding", encoding);
    if (m->columns_given || (old->columns_given && !moved)) {
        json_key(j, "columns");
        json_begin_array(j);
        if (m->columns_given)
            given_put(j, m, names);
        else
            kept_put(j, &old->columns);
        json_end_array(j);
    }
    json_end_object(j);
}

enum problem import_wanted_make(struct scope *s, const struct import *i,
                                const struct import_mapping *m, struct str *out)
{
    struct import_wanted old;
    struct columns now;
    struct str *names = arena_array(s->arena, m->count + 1, sizeof *names);
    columns_read(s->arena, i->columns, &now);
    for (size_t k = 0; k < m->count; k++)
        names[k] = attribute_name(s, &now, &m->columns[k]);
    enum problem p = m->columns_given ? columns_check(s, m, names) : PROBLEM_NONE;
    if (p)
        return p;
    import_wanted_read(i->wanted, s->arena, &old);
    BUF(text, WANTED_TEXT_MAX);
    struct json j;
    json_init(&j, &text);
    wanted_write(&j, i, m, &old, names);
    assert(!text.failed); /* columns and their names are bounded */
    *out = str_dup(s->arena, buf_view(&text));
    return PROBLEM_NONE;
}

/* ---- reading ---- */

static void column_take(const json_t *from, struct arena *a, struct columns *c)
{
    int64_t index = -1;
    bool ok = json_get_i64(from, "index", &index) && index >= 0 && index < COLUMNS_MAX;
    assert(ok); /* it is our own */
    struct column *column = &c->list[index];
    ok = column_role_find(json_get_str(from, "role"), &column->role);
    assert(ok);
    struct str attribute = json_get_str(from, "attribute");
    if (attribute.ptr)
        column->attribute = str_dup(a, attribute);
    if ((size_t)index >= c->count)
        c->count = (size_t)index + 1;
}

void import_wanted_read(struct str text, struct arena *a, struct import_wanted *out)
{
    struct str why;
    *out = (struct import_wanted){.sheet = -1, .header_row = -1};
    if (text.len == 0)
        return;
    json_t *wanted = json_parse(text, a, &why), *column;
    assert(wanted);
    const json_t *columns = json_object_get(wanted, "columns");
    struct str encoding = json_get_str(wanted, "encoding");
    size_t k;
    if (!json_get_i64(wanted, "sheet", &out->sheet))
        out->sheet = -1;
    if (!json_get_i64(wanted, "header_row", &out->header_row))
        out->header_row = -1;
    if (encoding.ptr)
        out->encoding = str_dup(a, encoding);
    out->columns_given = columns != NULL;
    out->columns.list = arena_array(a, COLUMNS_MAX, sizeof *out->columns.list);
    json_array_foreach(columns, k, column)
    {
        column_take(column, a, &out->columns);
    }
    json_decref(wanted);
}

void import_wanted_apply(const struct import_wanted *w, struct columns *c)
{
    if (!w->columns_given)
        return;
    for (size_t i = 0; i < c->count; i++) {
        bool said = i < w->columns.count;
        c->list[i].role = said ? w->columns.list[i].role : COLUMN_IGNORE;
        c->list[i].attribute = said ? w->columns.list[i].attribute : STR("");
        c->list[i].basis = BASIS_USER;
    }
}
