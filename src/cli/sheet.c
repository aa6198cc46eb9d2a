/*
 * sheet.c - `sendingo sheet list FILE` and `sendingo sheet dump FILE`: which sheets a spreadsheet
 * has, and what SendinGo sees in one of them, as CSV.
 */
#include "cli/cli.h"
#include "sheet/dump.h"

struct options {
    const char *sheet, *encoding;
    bool json;
};

#define ENCODING_ROW                                                                               \
    {                                                                                              \
        "encoding", "NAME", NULL, offsetof(struct options, encoding),                              \
            "글자·웹페이지 파일의 인코딩: utf-8, cp949, utf-16le, utf-16be",                       \
            "encoding of a text file or web page"                                                  \
    }

static const struct option_row list_rows[] = {
    {"json", NULL, NULL, offsetof(struct options, json), "JSON으로 출력", "as JSON"},
    ENCODING_ROW,
};

static const struct option_row dump_rows[] = {
    {"sheet", "N|NAME", NULL, offsetof(struct options, sheet),
     "시트 번호(1부터) 또는 이름; 그런 번호가 없으면 이름으로 찾습니다",
     "number (from 1) or name of the sheet; a number that there is not is a name"},
    ENCODING_ROW,
};

static int list(const char *path, const struct options *o)
{
    struct sheet_options options = {.encoding = str_c(o->encoding)};
    return sheet_dump_list(path, &options, o->json, stdout, stderr);
}

static int dump(const char *path, const struct options *o)
{
    struct sheet_options options = {.sheet = str_c(o->sheet), .encoding = str_c(o->encoding)};
    int64_t number;
    if (str_i64(options.sheet, 1, SHEET_SHEETS_MAX, &number))
        options.sheet_number = (int)number;
    return sheet_dump(path, &options, stdout, stderr);
}

static const struct {
    const char *name, *usage;
    const struct option_row *rows;
    size_t row_count;
    int (*run)(const char *path, const struct options *o);
} commands[] = {
    {"list", "sheet list FILE", list_rows, COUNT_OF(list_rows), list},
    {"dump", "sheet dump FILE", dump_rows, COUNT_OF(dump_rows), dump},
};

static int usage(FILE *out)
{
    fputs("sendingo sheet list FILE [--json] [--encoding NAME]\n"
          "    파일의 종류와 시트 목록 / kind of the file and its sheets\n"
          "sendingo sheet dump FILE [--sheet N|NAME] [--encoding NAME]\n"
          "    시트 하나를 CSV로 / one sheet as CSV\n",
          out);
    return out == stderr ? 2 : 0;
}

int sheet_command(int argc, char **argv)
{
    struct options o = {0};
    const char *rest[2];
    size_t count;
    const char *word = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(word, commands[i].name) != 0)
            continue;
        int status = options_read(commands[i].usage, commands[i].rows, commands[i].row_count, &o,
                                  argc, argv, rest, COUNT_OF(rest), &count);
        if (status >= 0)
            return status;
        return count == 2 ? commands[i].run(rest[1], &o) : usage(stderr);
    }
    return usage(strcmp(word, "--help") == 0 ? stdout : stderr);
}
