/*
 * imports.c - uploads on their way to contacts.
 *
 * What takes time is done by the importer's threads. A request that starts it waits a moment, so
 * that small files are answered for at once; large ones are answered as busy and asked for again.
 */
#include "api/file.h"
#include "api/handlers.h"
#include "domain/import_edit.h"
#include "domain/import_note.h"
#include "importer/importer.h"

#define PATIENCE_MS      1500 /* how long a request waits for the importer */
#define ROWS_LISTED_MAX  10000
#define GROUPS_GIVEN_MAX 50
#define NAMES_GIVEN_MAX  10

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
    json_put_i64(j, "edited", n->edited);
    json_put_i64(j, "will_create", n->create);
    json_put_i64(j, "will_update", n->update);
    json_put_i64(j, "will_keep", n->keep);
    json_end_object(j);
}

static void null_put(struct json *j, const char *key)
{
    json_key(j, key);
    json_null_value(j);
}

static void ref_or_null(struct json *j, const char *key, int64_t id, struct str name)
{
    if (name.ptr)
        api_ref(j, key, id, name);
    else
        null_put(j, key);
}

static void result_write(struct json *j, const struct import *i)
{
    if (!i->confirmed_at) {
        null_put(j, "result");
        return;
    }
    json_key(j, "result");
    json_begin_object(j);
    json_put_i64(j, "created", i->created);
    json_put_i64(j, "updated", i->updated);
    json_put_i64(j, "kept", i->kept);
    json_put_i64(j, "skipped", i->counts.rows - i->created - i->updated - i->kept);
    json_end_object(j);
}

static void notes_write(struct http_exchange *x, struct json *j, const struct import *i)
{
    struct str why;
    json_t *notes = json_parse(i->notes, &x->arena, &why), *note;
    size_t k;
    json_key(j, "notes");
    json_begin_array(j);
    json_array_foreach(notes, k, note)
    {
        int64_t count = 0;
        struct str code = json_get_str(note, "code");
        struct str text = json_get_i64(note, "count", &count)
                              ? import_note_text(&x->arena, code, count, api_english(x))
                              : (struct str){NULL, 0};
        if (!text.ptr)
            continue;
        json_begin_object(j);
        json_put_str(j, "code", code);
        json_put_i64(j, "count", count);
        json_put_str(j, "text", text);
        json_end_object(j);
    }
    json_end_array(j);
    json_decref(notes);
}

static void progress_write(struct json *j, const struct import *i)
{
    if (!import_is_busy(i)) {
        null_put(j, "progress");
        return;
    }
    bool checking = str_eq(i->state, STR("checking"));
    json_key(j, "progress");
    json_begin_object(j);
    json_put_str(j, "stage",
                 checking                             ? STR("checking")
                 : str_eq(i->state, STR("importing")) ? STR("importing")
                                                      : STR("undoing"));
    json_put_i64(j, "done", i->position);
    json_put_i64_or_null(j, "total", checking ? 0 : i->total);
    json_end_object(j);
}

static void problem_write(struct http_exchange *x, struct json *j, const struct import *i)
{
    if (!i->problem_code.ptr) {
        null_put(j, "problem");
        return;
    }
    json_key(j, "problem");
    json_begin_object(j);
    json_put_str(j, "code", i->problem_code);
    json_put_str(j, "text", api_english(x) ? i->problem_en : i->problem_ko);
    json_end_object(j);
}

static void groups_write(struct http_exchange *x, struct json *j, const struct import *i)
{
    const struct import_group *groups;
    size_t count;
    if (import_groups(api_scope(x), i->id, &groups, &count) != PROBLEM_NONE)
        count = 0;
    json_key(j, "groups");
    json_begin_array(j);
    for (size_t k = 0; k < count; k++) {
        json_begin_object(j);
        json_put_i64(j, "id", groups[k].id);
        json_put_str(j, "name", groups[k].name);
        json_end_object(j);
    }
    json_end_array(j);
}

static void twin_write(struct http_exchange *x, struct json *j, const struct import *i)
{
    struct import_twin twin;
    if (!import_twin_find(api_scope(x), i, &twin)) {
        null_put(j, "same_as");
        return;
    }
    json_key(j, "same_as");
    json_begin_object(j);
    json_put_i64(j, "id", twin.id);
    json_put_i64(j, "created_at", twin.created_at);
    json_put_str(j, "state", twin.state);
    json_end_object(j);
}

static void import_write(struct http_exchange *x, struct json *j, const struct import *i)
{
    json_begin_object(j);
    json_put_i64(j, "id", i->id);
    json_put_str(j, "filename", i->filename);
    json_put_i64(j, "size", i->size);
    json_put_str(j, "hash", i->hash);
    json_put_str(j, "state", i->state);
    json_put_str_or_null(j, "kind", i->kind.len ? i->kind : (struct str){NULL, 0});
    json_put_str_or_null(j, "encoding", i->encoding);
    json_put_raw(j, "sheets", i->sheets);
    json_put_i64(j, "sheet", i->sheet);
    json_put_i64(j, "header_row", i->header_row);
    json_put_raw(j, "columns", i->columns);
    ref_or_null(j, "template", i->template, i->template_name);
    json_put_str(j, "duplicates", import_rule_word(i->rules.duplicates));
    json_put_str(j, "existing", import_rule_word(i->rules.existing));
    notes_write(x, j, i);
    counts_write(j, &i->counts);
    progress_write(j, i);
    problem_write(x, j, i);
    groups_write(x, j, i);
    result_write(j, i);
    twin_write(x, j, i);
    ref_or_null(j, "created_by", i->created_by, i->created_by_name);
    json_put_i64(j, "created_at", i->created_at);
    json_put_i64_or_null(j, "confirmed_at", i->confirmed_at);
    json_end_object(j);
}

static void cells_write(struct json *j, const struct import_row *r)
{
    json_key(j, "cells");
    json_begin_array(j);
    for (size_t i = 0; i < r->cell_count; i++)
        json_str(j, r->cells[i]);
    json_end_array(j);
}

static void row_write(struct json *j, const struct import_row *r, bool english)
{
    json_begin_object(j);
    json_put_i64(j, "row", r->number);
    json_put_str(j, "verdict", import_verdict_word(r->verdict));
    json_put_str_or_null(j, "reason", import_reason_word(r->reason));
    json_put_str_or_null(j, "reason_text", import_reason_text(r->reason, english));
    if (r->reason_column >= 0)
        json_put_i64(j, "reason_column", r->reason_column);
    else
        null_put(j, "reason_column");
    json_put_str(j, "effect", import_effect_word(r->effect));
    json_put_str(j, "name", r->name);
    json_put_str(j, "phone", r->phone);
    json_put_str_or_null(j, "email", r->email);
    json_put_str(j, "original_phone", r->original_phone);
    json_put_raw(j, "attributes", r->attributes);
    cells_write(j, r);
    json_put_bool(j, "dropped", r->dropped);
    json_put_bool(j, "hidden", r->hidden);
    json_put_bool(j, "edited", r->edited);
    json_put_i64_or_null(j, "duplicate_of", r->duplicate_of);
    json_put_i64_or_null(j, "contact_id", r->contact);
    json_end_object(j);
}

/* ---- waiting ---- */

/* Wakes the importer and waits until the import is not busy any more, or patience is over. */
static enum problem import_settle(struct http_exchange *x, int64_t id, struct import *i)
{
    struct importer *importer = api_app(x)->importer;
    struct scope *s = api_scope(x);
    int64_t until = scope_now(s) + PATIENCE_MS;
    if (!importer)
        return import_get(s, id, i);
    importer_wake(importer);
    for (;;) {
        uint64_t ended = importer_ended(importer);
        enum problem p = import_get(s, id, i);
        int64_t left = until - scope_now(s);
        if (p || !import_is_busy(i) || left <= 0 || !importer_wait(importer, ended, left))
            return p ? p : import_get(s, id, i);
    }
}

/* The import as it is after a verb of the domain and some patience; 202 while it is busy. */
static int answer_settled(struct http_exchange *x, enum problem p, int64_t id, int done, int busy)
{
    struct import i;
    if (!p)
        p = import_settle(x, id, &i);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    import_write(x, &j, &i);
    return import_is_busy(&i) ? busy : done;
}

/* Why the file could not be read, as a refusal of the request that brought it. */
static int answer_refused(struct http_exchange *x, const struct import *i)
{
    struct scope *s = api_scope(x);
    if (str_eq(i->problem_code, STR("storage_full")))
        return api_problem(x, PROBLEM_STORAGE_FULL);
    scope_field_error(s, "file", str_z(&x->arena, i->problem_code), str_z(&x->arena, i->problem_ko),
                      str_z(&x->arena, i->problem_en));
    return api_problem(x, PROBLEM_SHEET_REFUSED);
}

/* ---- imports ---- */

int import_post(struct http_exchange *x)
{
    struct import i;
    int64_t id = 0;
    struct str filename = http_query(x, "filename");
    struct import_upload upload = {.filename = filename.ptr ? filename : STR(""),
                                   .path = x->request.file_path.ptr};
    int status = api_query_i64(x, "template_id", 1, &upload.template);
    if (status)
        return status;
    enum problem p = import_create(api_scope(x), api_app(x)->upload_folder, &upload, &id);
    if (!p)
        p = import_settle(x, id, &i);
    if (p)
        return api_problem(x, p);
    if (str_eq(i.state, STR("refused")))
        return answer_refused(x, &i);
    struct json j = http_json(x);
    import_write(x, &j, &i);
    return 201;
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
        import_write(x, &j, &list[i]);
    return api_list_end(&j, next);
}

int import_get_one(struct http_exchange *x)
{
    struct import i;
    enum problem p = import_get(api_scope(x), http_param_i64(x, 0), &i);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    import_write(x, &j, &i);
    return 200;
}

int import_delete(struct http_exchange *x)
{
    struct importer *importer = api_app(x)->importer;
    enum problem p = import_discard(api_scope(x), api_app(x)->upload_folder, http_param_i64(x, 0));
    if (importer)
        importer_wake(importer); /* a running one is undone */
    return p ? api_problem(x, p) : api_no_content(x);
}

/* ---- mapping ---- */

struct mapping {
    int64_t sheet, header_row, template_id;
    struct str encoding, duplicates, existing;
    const json_t *columns;
};

enum {
    SHEET,
    HEADER_ROW,
    TEMPLATE,
    ENCODING,
    DUPLICATES,
    EXISTING,
    COLUMNS
};

static const struct api_field mapping_fields[] = {
    [SHEET] = API_FIELD(struct mapping, sheet, API_NUMBER),
    [HEADER_ROW] = API_FIELD(struct mapping, header_row, API_NUMBER),
    [TEMPLATE] = API_FIELD(struct mapping, template_id, API_NUMBER, .nullable = true),
    [ENCODING] = API_FIELD(struct mapping, encoding, API_TEXT),
    [DUPLICATES] = API_FIELD(struct mapping, duplicates, API_TEXT),
    [EXISTING] = API_FIELD(struct mapping, existing, API_TEXT),
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

static void rule_read(struct http_exchange *x, const char *field, struct str word,
                      enum import_rule *rule)
{
    if (!import_rule_find(word, rule))
        scope_field_error(api_scope(x), field, "unknown",
                          "keep, overwrite, fill 중 하나여야 합니다.",
                          "This must be keep, overwrite or fill.");
}

static void encoding_check(struct http_exchange *x, struct str encoding)
{
    static const struct str known[] = {STR_INIT("utf-8"), STR_INIT("cp949"), STR_INIT("utf-16le"),
                                       STR_INIT("utf-16be")};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(encoding, known[i]))
            return;
    scope_field_error(api_scope(x), "encoding", "unknown",
                      "utf-8, cp949, utf-16le, utf-16be 중 하나여야 합니다.",
                      "This must be utf-8, cp949, utf-16le or utf-16be.");
}

static void mapping_make(struct http_exchange *x, const struct mapping *m, unsigned given,
                         struct import_mapping *out)
{
    *out = (struct import_mapping){
        .sheet = m->sheet,
        .header_row = m->header_row,
        .encoding = m->encoding,
        .template_given = given & 1u << TEMPLATE,
        .template = m->template_id,
        .duplicates_given = m->duplicates.ptr,
        .existing_given = m->existing.ptr,
        .columns_given = m->columns,
    };
    if (m->encoding.ptr)
        encoding_check(x, m->encoding);
    if (m->duplicates.ptr)
        rule_read(x, "duplicates", m->duplicates, &out->rules.duplicates);
    if (m->existing.ptr)
        rule_read(x, "existing", m->existing, &out->rules.existing);
    out->columns = columns_read_json(x, m->columns, &out->count);
}

int import_mapping_put(struct http_exchange *x)
{
    struct mapping m = {.sheet = -1, .header_row = -1};
    struct import_mapping mapping;
    struct import i;
    unsigned given = 0;
    int64_t id = http_param_i64(x, 0);
    int status = api_body(x, mapping_fields, COUNT_OF(mapping_fields), &m, &given);
    if (status)
        return status;
    mapping_make(x, &m, given, &mapping);
    enum problem p = scope_invalid(api_scope(x));
    if (!p)
        p = import_remap(api_scope(x), id, &mapping);
    if (!p)
        p = import_settle(x, id, &i);
    if (p)
        return api_problem(x, p);
    if (i.problem_code.ptr)
        return answer_refused(x, &i);
    struct json j = http_json(x);
    import_write(x, &j, &i);
    return 200;
}

/* ---- rows ---- */

/* Reads ?verdict=; 0, or 400 answered. */
static int filter_read(struct http_exchange *x, enum import_filter *filter)
{
    struct str verdict = http_query(x, "verdict");
    if (!verdict.ptr || (import_filter_find(verdict, filter) && *filter != FILTER_ALL))
        return 0;
    return api_problem(x, scope_fail(api_scope(x), PROBLEM_BAD_REQUEST, STR("verdict")));
}

int import_rows_get(struct http_exchange *x)
{
    struct import_row_page page = {.filter = FILTER_ALL};
    const struct import_row *list;
    size_t count;
    int64_t total;
    struct str next;
    int status = api_page(x, &page.page);
    if (!status)
        status = api_query_i64(x, "offset", 0, &page.offset);
    if (!status)
        status = filter_read(x, &page.filter);
    if (status)
        return status;
    enum problem p = import_row_list(api_scope(x), api_app(x)->upload_folder, http_param_i64(x, 0),
                                     &page, &list, &count, &next, &total);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_i64(&j, "total", total);
    json_key(&j, "items");
    json_begin_array(&j);
    for (size_t i = 0; i < count; i++)
        row_write(&j, &list[i], api_english(x));
    return api_list_end(&j, next);
}

struct row_change {
    bool dropped;
    const json_t *cells;
};

enum {
    ROW_DROPPED,
    ROW_CELLS
};

static const struct api_field row_fields[] = {
    [ROW_DROPPED] = API_FIELD(struct row_change, dropped, API_BOOL),
    [ROW_CELLS] = API_FIELD(struct row_change, cells, API_ARRAY, .max = COLUMNS_MAX),
};

static const struct api_field cell_fields[] = {
    API_FIELD(struct import_cell_change, index, API_NUMBER, .required = true),
    API_FIELD(struct import_cell_change, value, API_TEXT, .required = true, .max = 2000),
};

static void cells_read(struct http_exchange *x, const json_t *array, struct import_row_change *out)
{
    size_t count = json_array_size(array);
    struct import_cell_change *cells = arena_array(&x->arena, count + 1, sizeof *cells);
    for (size_t i = 0; i < count; i++)
        api_object(x, json_array_get(array, i), cell_fields, COUNT_OF(cell_fields), &cells[i],
                   NULL);
    out->cells = cells;
    out->count = count;
}

int import_row_patch(struct http_exchange *x)
{
    struct row_change body = {0};
    struct import_row_change change = {0};
    struct import_row row;
    struct scope *s = api_scope(x);
    unsigned given = 0;
    int status = api_body(x, row_fields, COUNT_OF(row_fields), &body, &given);
    if (status)
        return status;
    change.dropped_given = given & 1u << ROW_DROPPED;
    change.dropped = body.dropped;
    if (body.cells)
        cells_read(x, body.cells, &change);
    if (!given)
        scope_field_error(s, "dropped", "required", "dropped나 cells 중 하나가 있어야 합니다.",
                          "Either dropped or cells is needed.");
    enum problem p = scope_invalid(s);
    if (!p)
        p = import_row_change(s, api_app(x)->upload_folder, http_param_i64(x, 0),
                              http_param_i64(x, 1), &change, &row);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    row_write(&j, &row, api_english(x));
    return 200;
}

struct rows_change {
    struct api_ids rows;
    struct str verdict;
    bool dropped;
};

enum {
    ROWS_ROWS,
    ROWS_VERDICT,
    ROWS_DROPPED
};

static const struct api_field rows_fields[] = {
    [ROWS_ROWS] = API_FIELD(struct rows_change, rows, API_IDS, .max = ROWS_LISTED_MAX),
    [ROWS_VERDICT] = API_FIELD(struct rows_change, verdict, API_TEXT),
    [ROWS_DROPPED] = API_FIELD(struct rows_change, dropped, API_BOOL, .required = true),
};

int import_rows_patch(struct http_exchange *x)
{
    struct rows_change body = {0};
    struct scope *s = api_scope(x);
    enum import_verdict verdict = VERDICT_OK;
    unsigned given = 0;
    int64_t id = http_param_i64(x, 0);
    int status = api_body(x, rows_fields, COUNT_OF(rows_fields), &body, &given);
    if (status)
        return status;
    bool listed = given & 1u << ROWS_ROWS;
    struct import_rows_change change = {.dropped = body.dropped};
    if (listed == (body.verdict.ptr != NULL))
        scope_field_error(s, "rows", "required", "rows나 verdict 중 하나만 있어야 합니다.",
                          "Give either rows or verdict.");
    else if (body.verdict.ptr && (!import_verdict_find(body.verdict, &verdict) ||
                                  !import_filter_find(body.verdict, &change.filter)))
        scope_field_error(s, "verdict", "unknown",
                          "ok, repaired, duplicate, error 중 하나여야 합니다.",
                          "This must be ok, repaired, duplicate or error.");
    static const int64_t none[1];
    if (listed) {
        change.rows = body.rows.count ? body.rows.list : none;
        change.count = body.rows.count;
    }
    enum problem p = scope_invalid(s);
    if (!p)
        p = import_rows_change(s, api_app(x)->upload_folder, id, &change);
    if (p)
        return api_problem(x, p);
    return import_get_one(x);
}

/* ---- out and in again ---- */

struct workbook {
    struct api_file file;
    struct http_exchange *x;
};

static bool workbook_header(void *ctx, const struct str *titles, size_t count)
{
    struct workbook *w = ctx;
    struct sheet_out_column *columns = arena_array(&w->x->arena, count + 1, sizeof *columns);
    for (size_t i = 0; i < count; i++)
        columns[i].title = titles[i];
    columns[0].type = SHEET_OUT_NUMBER;
    struct sheet_out_head head = {.sheet = STR_INIT("행"), .columns = columns, .count = count};
    api_file_sheet(&w->file, &head);
    return true;
}

static bool workbook_row(void *ctx, const struct str *cells, size_t count)
{
    struct workbook *w = ctx;
    bool stopping = w->x->stopping && atomic_load(w->x->stopping);
    return !stopping && sheet_out_row(w->file.out, cells, count);
}

int import_workbook_get(struct http_exchange *x)
{
    enum import_filter filter = FILTER_ERROR;
    struct workbook w = {.x = x};
    int status = filter_read(x, &filter);
    if (!status)
        status = api_file_begin(x, &w.file, SHEET_OUT_XLSX);
    if (status)
        return status;
    struct import_sheet_out out = {workbook_header, workbook_row, &w, api_english(x)};
    enum problem p = import_rows_write(api_scope(x), api_app(x)->upload_folder,
                                       http_param_i64(x, 0), filter, &out);
    return api_file_end(x, &w.file, p, "rows", filter == FILTER_ERROR ? STR("오류 행") : STR("행"));
}

int import_corrections_post(struct http_exchange *x)
{
    struct import_corrections c;
    struct import i;
    int64_t id = http_param_i64(x, 0);
    struct scope *s = api_scope(x);
    enum problem p =
        import_corrections_read(s, api_app(x)->upload_folder, id, x->request.file_path.ptr, &c);
    if (!p)
        p = import_get(s, id, &i);
    if (p)
        return api_problem(x, p);
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_i64(&j, "corrected", c.corrected);
    json_put_i64(&j, "unchanged", c.unchanged);
    json_put_i64(&j, "unknown", c.unknown);
    json_key(&j, "import");
    import_write(x, &j, &i);
    json_end_object(&j);
    return 200;
}

/* ---- confirming ---- */

struct confirm {
    struct api_ids group_ids;
    const json_t *new_group_names;
};

static const struct api_field confirm_fields[] = {
    API_FIELD(struct confirm, group_ids, API_IDS, .max = GROUPS_GIVEN_MAX),
    API_FIELD(struct confirm, new_group_names, API_ARRAY, .max = NAMES_GIVEN_MAX),
};

static const struct str *names_read(struct http_exchange *x, const json_t *array, size_t *count)
{
    *count = json_array_size(array);
    struct str *names = arena_array(&x->arena, *count + 1, sizeof *names);
    for (size_t i = 0; i < *count; i++) {
        const json_t *name = json_array_get(array, i);
        names[i] = json_is_string(name) ? str_n(json_string_value(name), json_string_length(name))
                                        : STR(""); /* which the domain refuses */
    }
    return names;
}

int import_confirm_post(struct http_exchange *x)
{
    struct confirm c = {0};
    int64_t id = http_param_i64(x, 0);
    int status = api_body(x, confirm_fields, COUNT_OF(confirm_fields), &c, NULL);
    if (status)
        return status;
    struct import_target target = {.groups = c.group_ids.list, .group_count = c.group_ids.count};
    target.names = names_read(x, c.new_group_names, &target.name_count);
    return answer_settled(x, import_confirm(api_scope(x), id, &target), id, 200, 202);
}

int import_cancel_post(struct http_exchange *x)
{
    int64_t id = http_param_i64(x, 0);
    return answer_settled(x, import_cancel(api_scope(x), id), id, 200, 202);
}
