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

static int refuse(const char *path, enum sheet_error e, struct str why, FILE *err)
{
    struct str ko = sheet_error_text(e, false), en = sheet_error_text(e, true);
    fprintf(err, "%s: %.*s\n%.*s (%.*s)\n", path, STR_ARG(ko), STR_ARG(en), STR_ARG(why));
    return 1;
}

int sheet_dump(const char *path, const struct sheet_options *options, FILE *out, FILE *err)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct sheet *sheet;
    struct str why;
    enum sheet_error e = sheet_open(path, options, &arena, &sheet, &why);
    if (e != SHEET_OK)
        return refuse(path, e, why, err);
    struct sheet_row row;
    int got, result = 0;
    for (int64_t line = 1; (got = sheet_next(sheet, &row)) == 1; line++) {
        for (; line < row.number; line++)
            putc_unlocked('\n', out);
        put_row(out, &row);
    }
    if (got < 0) {
        e = sheet_failure(sheet, &why);
        result = refuse(path, e, why, err);
    }
    sheet_close(&sheet);
    if (fflush(out) != 0 && result == 0)
        result = refuse(path, SHEET_E_IO, STR("the output cannot be written"), err);
    return result;
}
