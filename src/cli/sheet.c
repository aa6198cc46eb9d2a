/*
 * sheet.c - `sendingo sheet dump FILE [--sheet N]`: what SendinGo sees in a spreadsheet, as CSV.
 */
#include "cli/cli.h"
#include "sheet/dump.h"

struct options {
    const char *sheet, *encoding;
};

static const struct option_row rows[] = {
    {"sheet", "N|NAME", NULL, offsetof(struct options, sheet), "몇 번째 시트 또는 시트 이름",
     "number or name of the sheet"},
    {"encoding", "NAME", NULL, offsetof(struct options, encoding),
     "글자 파일의 인코딩: utf-8, cp949, utf-16le, utf-16be", "encoding of a text file"},
};

int sheet_command(int argc, char **argv)
{
    struct options o;
    const char *rest[2];
    size_t count;
    int status =
        options_read("sheet dump FILE", rows, COUNT_OF(rows), &o, argc, argv, rest, 2, &count);
    if (status >= 0)
        return status;
    if (count != 2 || strcmp(rest[0], "dump") != 0) {
        fputs("sendingo sheet dump FILE [--sheet N]\n", stderr);
        return 2;
    }
    struct sheet_options options = {.encoding = str_c(o.encoding)};
    int64_t number;
    if (o.sheet && str_i64(str_c(o.sheet), 1, SHEET_SHEETS_MAX, &number))
        options.sheet_number = (int)number;
    else
        options.sheet = str_c(o.sheet);
    return sheet_dump(rest[1], &options, stdout, stderr);
}
