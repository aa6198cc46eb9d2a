/*
 * dump.c - see dump.h.
 */
#include "sheet/dump.h"
#include "base/json.h"

#define LIST_MAX ((size_t)64 << 20) /* bytes of the list of sheets */

static void put(FILE *out, struct str s)
{
    fwrite_unlocked(s.ptr, 1, s.len, out);
}

static bool needs_quotes(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == ',' || s.ptr[i] == '"' || s.ptr[i] == '\n' || s.ptr[i] == '\r')
            return true;
    return false;
}

static void put_cell(FILE *out, struct str s)
{
    if (!needs_quotes(s)) {
        put(out, s);
        return;
    }
    putc_unlocked('"', out);
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            putc_unlocked('"', out);
        putc_unlocked(s.ptr[i], out);
    }
    putc_unlocked('"', out);
}

static void put_row(FILE *out, const struct sheet_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        if (i)
            putc_unlocked(',', out);
        put_cell(out, row->cells[i]);
    }
    putc_unlocked('\n', out);
}

/* The sentences, and for whoever wants to know more the class and the detail. */
static int refuse(const char *path, const struct sheet_refusal *r, FILE *err)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct str ko = sheet_refusal_text(r, false, &arena), en = sheet_refusal_text(r, true, &arena),
               code = sheet_error_code(r->error);
    fprintf(err, "%s: %.*s\n%.*s (%.*s: %.*s)\n", path, STR_ARG(ko), STR_ARG(en), STR_ARG(code),
            STR_ARG(r->detail));
    return 1;
}

static int refuse_output(const char *path, FILE *err)
{
    return refuse(
        path,
        &(struct sheet_refusal){.error = SHEET_E_IO, .detail = STR("the output cannot be written")},
        err);
}

int sheet_dump(const char *path, const struct sheet_options *options, FILE *out, FILE *err)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct sheet *sheet;
    struct sheet_refusal refusal;
    if (sheet_open(path, options, &arena, &sheet, &refusal) != SHEET_OK)
        return refuse(path, &refusal, err);
    struct sheet_row row;
    int got, result = 0;
    for (int64_t line = 1; (got = sheet_next(sheet, &row)) == 1; line++) {
        for (; line < row.number; line++)
            putc_unlocked('\n', out);
        put_row(out, &row);
    }
    if (got < 0) {
        refusal = sheet_failure(sheet);
        result = refuse(path, &refusal, err);
    }
    sheet_close(&sheet);
    return fflush(out) != 0 && result == 0 ? refuse_output(path, err) : result;
}

/* A name without what would break the line or steer a terminal. */
static void put_name(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        bool c1 = c == 0xC2 && i + 1 < name.len && (unsigned char)name.ptr[i + 1] < 0xA0;
        buf_char(out, c < 0x20 || c == 0x7F || c1 ? ' ' : name.ptr[i]);
        i += c1;
    }
}

static void list_text(const struct sheet *s, struct buf *out)
{
    const struct sheet_info *list;
    size_t chosen, count = sheet_list(s, &list, &chosen);
    struct str encoding = sheet_encoding(s);
    buf_str(out, sheet_kind_name(sheet_kind(s)));
    buf_char(out, '\t');
    buf_str(out, encoding.len ? encoding : STR("-"));
    buf_char(out, '\n');
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%zu\t", i + 1);
        put_name(out, list[i].name.len ? list[i].name : STR("-"));
        buf_printf(out, "\t%s\t%s\n", list[i].hidden ? "hidden" : "visible",
                   i == chosen ? "default" : "-");
    }
}

static void list_json(const struct sheet *s, struct buf *out)
{
    const struct sheet_info *list;
    size_t chosen, count = sheet_list(s, &list, &chosen);
    struct str encoding = sheet_encoding(s);
    struct json j;
    json_init(&j, out);
    json_begin_object(&j);
    json_put_str(&j, "kind", sheet_kind_name(sheet_kind(s)));
    json_put_str_or_null(&j, "encoding", encoding.len ? encoding : str_n(NULL, 0));
    json_key(&j, "sheets");
    json_begin_array(&j);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&j);
        json_put_i64(&j, "number", (int64_t)i + 1);
        json_put_str(&j, "name", list[i].name);
        json_put_bool(&j, "hidden", list[i].hidden);
        json_put_bool(&j, "default", i == chosen);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    buf_char(out, '\n');
}

int sheet_dump_list(const char *path, const struct sheet_options *options, bool json, FILE *out,
                    FILE *err)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    BUF(text, LIST_MAX);
    struct sheet *sheet;
    struct sheet_refusal refusal;
    if (sheet_open(path, options, &arena, &sheet, &refusal) != SHEET_OK)
        return refuse(path, &refusal, err);
    (json ? list_json : list_text)(sheet, &text);
    sheet_close(&sheet);
    put(out, buf_view(&text));
    return fflush(out) != 0 || text.failed ? refuse_output(path, err) : 0;
}
