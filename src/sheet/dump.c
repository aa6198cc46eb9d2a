/*
 * dump.c - see dump.h.
 */
#include "sheet/dump.h"

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
