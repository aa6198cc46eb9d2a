/*
 * columns_rows.c - rows and cells that are nobody's: blanks, totals, remarks, the header again.
 * Asked about rows without a number to send to, so that a remark is no error; what may be a
 * person's stays one.
 */
#include "domain/column_content.h"
#include "domain/column_words.h"
#include "domain/columns.h"
#include "domain/text.h"

#define TOTAL_MAX      64 /* bytes of a cell that may be a total */
#define REMARK_SCRATCH ((size_t)4 << 20)
#define REMARK_MAX     4096 /* bytes of a cell that may be one */

/* ---- cells ---- */

struct str cell_value(struct str cell)
{
    if (cell.len >= 3 && cell.ptr[0] == '=' && cell.ptr[1] == '"' && cell.ptr[cell.len - 1] == '"')
        return str_slice(cell, 2, cell.len - 1);
    return cell;
}

bool cell_is_blank(struct str cell)
{
    if (cell.len && cell.ptr[0] > ' ' && cell.ptr[0] < 0x7F)
        return false; /* nearly always */
    if (!utf8_valid(cell))
        return false;
    for (size_t at = 0; at < cell.len;) {
        uint32_t c = utf8_next(cell, &at);
        if (!text_is_blank(c) && !text_is_mark(c))
            return false;
    }
    return true;
}

bool cell_is_total(struct arena *a, struct str cell)
{
    return cell.len > 0 && cell.len <= TOTAL_MAX && column_key_is_total(column_key(a, cell));
}

/* ---- rows without a number to send to ---- */

bool columns_header_repeats(const struct columns *c, const struct str *cells, size_t count)
{
    size_t same = 0, headers = 0;
    if (c->header_row == 0)
        return false;
    ARENA(scratch, REMARK_SCRATCH);
    for (size_t i = 0; i < c->count || i < count; i++) {
        struct str header = i < c->count ? c->list[i].header : STR("");
        struct str cell = i < count ? cells[i] : STR("");
        headers += header.len > 0;
        if (cell_is_blank(cell))
            continue;
        if (header.len == 0 || cell.len > TOTAL_MAX + header.len * 2 ||
            !str_eq(column_key(&scratch, cell), column_key(&scratch, header)))
            return false; /* nearly always at the first cell */
        same++;
    }
    return same > 0 && same * 2 >= headers;
}

static bool is_form_word(struct str key)
{
    static const struct str words[] = {
        STR_INIT("필수"),     STR_INIT("선택"),     STR_INIT("필수입력"), STR_INIT("선택입력"),
        STR_INIT("필수항목"), STR_INIT("선택항목"), STR_INIT("required"), STR_INIT("optional"),
    };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(key, words[i]))
            return true;
    return false;
}

/* Words that end a list; the first may be a name as well. */
static bool is_closing(struct str key, bool may_be_name)
{
    static const struct str words[] = {
        STR_INIT("이상"),      STR_INIT("끝"),       STR_INIT("이하여백"), STR_INIT("이하빈칸"),
        STR_INIT("이하공란"),  STR_INIT("이하생략"), STR_INIT("이상끝"),   STR_INIT("end"),
        STR_INIT("endoflist"), STR_INIT("eof"),
    };
    for (size_t i = may_be_name ? 1 : 0; i < COUNT_OF(words); i++)
        if (str_eq(key, words[i]))
            return true;
    return false;
}

/* "1/3", "- 2 -", "Page 2 of 3" */
static bool is_page(struct str line)
{
    size_t digits = 0, others = 0, slashes = 0;
    bool named = line.len >= 4 && str_eq_nocase(str_slice(line, 0, 4), STR("page"));
    struct str rest = named ? str_slice(line, 4, line.len) : line;
    for (size_t i = 0; i < rest.len; i++) {
        digits += rest.ptr[i] >= '0' && rest.ptr[i] <= '9';
        slashes += rest.ptr[i] == '/';
        others += !strchr("0123456789/- .", rest.ptr[i]);
    }
    if (digits == 0 || digits > 8)
        return false;
    if (named)
        return others == 0 || str_find(rest, STR(" of "), 0) >= 0;
    bool framed = str_starts(line, STR("-")) && str_ends(line, STR("-"));
    return others == 0 && digits <= 6 && (framed || (slashes == 1 && line.ptr[0] != '/'));
}

static bool is_remark(struct arena *a, struct str cell, bool name_column)
{
    static const struct str starts[] = {STR_INIT("※"), STR_INIT("▶"),  STR_INIT("☞"),
                                        STR_INIT("◈"), STR_INIT("* "), STR_INIT("** ")};
    struct str line = text_line(a, cell);
    struct str key = column_key(a, line);
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (str_starts(line, starts[i]) && key.len > 0)
            return true;
    return is_closing(key, name_column && str_eq(key, line)) || is_page(line);
}

bool columns_row_remarks(const struct columns *c, const struct str *cells, size_t count)
{
    size_t filled = 0, last = 0;
    bool form = true;
    ARENA(scratch, REMARK_SCRATCH);
    if (count > COLUMNS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (cell_is_blank(cells[i]))
            continue;
        if (!utf8_valid(cells[i]) || cells[i].len > REMARK_MAX)
            return false;
        filled++;
        last = i;
        form = form && cells[i].len <= TOTAL_MAX && is_form_word(column_key(&scratch, cells[i]));
        if (filled > 1 && !form)
            return false;
    }
    if (filled == 0)
        return false;
    bool name_column = (int64_t)last == columns_find(c, COLUMN_NAME);
    return (form && filled > 1) || (filled == 1 && !cell_calls(cells[last]) &&
                                    is_remark(&scratch, cells[last], name_column));
}
