/*
 * column_header.c - see column_header.h. Every row gets a score by the words in it that we know;
 * the first with the highest is the header. Where no row has any, the row above the first number
 * is.
 */
#include "domain/column_header.h"
#include "domain/column_content.h"
#include "domain/column_words.h"

#define HEADER_BYTES  200 /* longer cells are sentences */
#define DATA_ROWS     3   /* so many rows with a number below each other are the list itself */
#define SCORE_ENOUGH  2
#define DIGITS_HEADER 4 /* the lower line of a header has no longer numbers */

static struct str cell_at(const struct peek_row *row, size_t column)
{
    return column < row->cell_count ? row->cells[column] : STR("");
}

static bool filled_at(const struct peek_row *row, size_t column)
{
    return !cell_is_blank(cell_at(row, column));
}

static size_t filled_of(const struct peek_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < row->cell_count; i++)
        n += filled_at(row, i);
    return n;
}

static bool follow(const struct peek_row *upper, const struct peek_row *lower)
{
    return upper->number + 1 == lower->number;
}

/* ---- words ---- */

static bool is_wished(const struct column_wishes *wishes, struct str key)
{
    for (size_t i = 0; i < wishes->count && key.len; i++)
        if (str_eq(wishes->keys[i], key))
            return true;
    return false;
}

/* What a cell says for (or, below zero, against) its row being the header. */
static int cell_score(struct arena *a, const struct column_wishes *wishes, struct str cell)
{
    static const int worth[COLUMN_ROLES] = {[COLUMN_IGNORE] = 1,
                                            [COLUMN_NAME] = 2,
                                            [COLUMN_PHONE] = 3,
                                            [COLUMN_EMAIL] = 2,
                                            [COLUMN_ATTRIBUTE] = 1};
    struct column_meaning m;
    if (cell.len > HEADER_BYTES || cell_is_blank(cell))
        return 0;
    struct str key = column_key(a, cell);
    if (column_key_meaning(key, &m))
        return worth[m.role];
    if (is_wished(wishes, key))
        return 1;
    return cell_is_value(str_trim(cell)) ? -1 : 0;
}

/* Score of a row, with what it leaves blank taken from `upper` (NULL: from nowhere). A cell that
 * stands alone is rather a title. */
static int row_score(const struct column_wishes *wishes, const struct peek_row *row,
                     const struct peek_row *upper)
{
    ARENA(scratch, ARENA_MAX_DEFAULT);
    int score = 0;
    size_t filled = 0;
    size_t width =
        upper && upper->cell_count > row->cell_count ? upper->cell_count : row->cell_count;
    for (size_t i = 0; i < width; i++) {
        struct str cell = cell_at(row, i);
        int worth = cell_score(&scratch, wishes, cell);
        if (worth <= 0 && cell_calls(cell))
            return 0;
        filled += !cell_is_blank(cell);
        if (upper && cell_is_blank(cell))
            worth = cell_score(&scratch, wishes, cell_at(upper, i));
        score += worth;
    }
    return filled == 1 && score > SCORE_ENOUGH && !upper ? SCORE_ENOUGH : score;
}

static bool has_phone(const struct peek_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (cell_is_phone(row->cells[i]))
            return true;
    return false;
}

/* Merged cells beside divided ones: the two lines say more than the lower one alone and more than
 * the upper one alone. */
static bool has_upper(const struct column_wishes *wishes, const struct peek_row *rows,
                      ptrdiff_t line, int single, int *both)
{
    if (line < 1 || single < 1 || !follow(&rows[line - 1], &rows[line]))
        return false;
    int alone = row_score(wishes, &rows[line - 1], NULL); /* 0 when somebody's number is in it */
    *both = row_score(wishes, &rows[line], &rows[line - 1]);
    return alone > 0 && *both > single && *both > alone;
}

static void find_by_words(const struct peek_row *rows, size_t count,
                          const struct column_wishes *wishes, struct column_header *out)
{
    int best = SCORE_ENOUGH - 1;
    size_t data = 0, data_before = 0; /* rows with a number, in all and above the best so far */
    for (size_t r = 0; r < count && data < DATA_ROWS; r++) {
        int score = row_score(wishes, &rows[r], NULL), both = 0;
        bool upper = has_upper(wishes, rows, (ptrdiff_t)r, score, &both);
        score = upper ? both : score;
        /* Of equals the one next to the list, as long as nobody stands between. */
        if (score > best || (score == best && out->line >= 0 && data == data_before)) {
            best = score;
            data_before = data;
            *out = (struct column_header){rows[r].number, (ptrdiff_t)r,
                                          upper ? (ptrdiff_t)r - 1 : -1, -1};
        }
        data += has_phone(&rows[r]);
    }
}

/* ---- a second line in words that we do not know ---- */

static bool is_divided(const struct peek_row *header, size_t column)
{
    return !filled_at(header, column) ||
           (column + 1 < header->cell_count && !filled_at(header, column + 1));
}

static bool reads_as_header(struct str cell)
{
    size_t digits = 0;
    for (size_t i = 0; i < cell.len; i++)
        digits += cell.ptr[i] >= '0' && cell.ptr[i] <= '9';
    return cell.len <= HEADER_BYTES && digits < DIGITS_HEADER && !cell_is_value(str_trim(cell));
}

/* The row below the header, when it only divides what the header leaves blank. */
static bool is_second_line(struct arena *a, const struct peek_row *header,
                           const struct peek_row *below)
{
    bool divides = false;
    struct column_meaning m;
    if (!follow(header, below))
        return false;
    for (size_t i = 0; i < below->cell_count; i++) {
        if (!filled_at(below, i))
            continue;
        if (!is_divided(header, i) || !reads_as_header(below->cells[i]))
            return false;
        /* What stands under a phone or a name is somebody's. */
        if (column_key_meaning(column_key(a, cell_at(header, i)), &m) &&
            (m.role == COLUMN_PHONE || (m.role == COLUMN_NAME && m.who == WHO_ANYBODY)))
            return false;
        divides |= i < header->cell_count && !filled_at(header, i);
    }
    return divides;
}

static void second_line_add(struct arena *a, const struct peek_row *rows, size_t count,
                            struct column_header *h)
{
    if (h->line < 0 || h->upper >= 0 || (size_t)h->line + 1 >= count ||
        !is_second_line(a, &rows[h->line], &rows[h->line + 1]))
        return;
    h->upper = h->line++;
    h->row = rows[h->line].number;
}

/* ---- by content ---- */

static bool reads_as_data(struct arena *a, const struct peek_row *row, size_t phone)
{
    if (!reads_as_header(row->cells[phone]) || cell_says_none(a, row->cells[phone]))
        return true;
    for (size_t i = 0; i < row->cell_count; i++) {
        struct str cell = str_trim(row->cells[i]);
        if (i != phone && cell.len && (cell_is_name(cell) || cell_is_value(cell)))
            return true;
    }
    return false;
}

/* Without a word that we know: the row above the first number, when it says something there. */
static void find_by_content(struct arena *a, const struct peek_row *rows, size_t count,
                            struct column_header *out)
{
    for (size_t r = 0; r < count; r++) {
        for (size_t c = 0; c < rows[r].cell_count; c++) {
            if (!cell_is_phone(rows[r].cells[c]))
                continue;
            if (r > 0 && filled_at(&rows[r - 1], c) && !reads_as_data(a, &rows[r - 1], c))
                *out = (struct column_header){rows[r - 1].number, (ptrdiff_t)r - 1, -1, -1};
            return;
        }
    }
}

/* ---- all of it ---- */

static bool holds_values(const struct peek_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (cell_calls(row->cells[i]) || cell_is_value(str_trim(row->cells[i])))
            return true;
    return false;
}

/* The line above, when it names groups: fewer cells than columns, none of them a value ("담당자 |
 * 김과장 | 연락처 | 02-…" is a note). */
static ptrdiff_t group_find(const struct peek_row *rows, const struct column_header *h)
{
    ptrdiff_t at = h->line - 1;
    if (h->line < 1 || !follow(&rows[at], &rows[h->line]) || holds_values(&rows[at]))
        return -1;
    size_t filled = filled_of(&rows[at]);
    bool is_title = filled == 1 && filled_at(&rows[at], 0);
    return filled > 0 && filled < filled_of(&rows[h->line]) && !is_title ? at : -1;
}

static ptrdiff_t line_of(const struct peek_row *rows, size_t count, int64_t number)
{
    for (size_t r = 0; r < count && number > 0; r++)
        if (rows[r].number == number)
            return (ptrdiff_t)r;
    return -1;
}

void column_header_find(struct arena *a, const struct peek_row *rows, size_t count,
                        const struct column_wishes *wishes, int64_t known_row,
                        struct column_header *out)
{
    *out = (struct column_header){0, -1, -1, -1};
    if (known_row >= 0) {
        int both;
        out->row = known_row;
        out->line = line_of(rows, count, out->row);
        int single = out->line < 0 ? 0 : row_score(wishes, &rows[out->line], NULL);
        if (has_upper(wishes, rows, out->line, single, &both))
            out->upper = out->line - 1;
    } else {
        find_by_words(rows, count, wishes, out);
        if (out->line < 0)
            find_by_content(a, rows, count, out);
        second_line_add(a, rows, count, out);
    }
    if (out->line >= 0)
        out->group = group_find(rows, out);
}

struct str column_header_cell(const struct column_header *h, const struct peek_row *rows,
                              size_t column)
{
    if (h->line < 0)
        return STR("");
    struct str cell = cell_at(&rows[h->line], column);
    return h->upper >= 0 && cell_is_blank(cell) ? cell_at(&rows[h->upper], column) : cell;
}

struct str column_header_group(const struct column_header *h, const struct peek_row *rows,
                               size_t column)
{
    if (h->group < 0 || !filled_at(&rows[h->line], column))
        return STR("");
    for (size_t i = column + 1; i-- > 0;)
        if (filled_at(&rows[h->group], i))
            return cell_at(&rows[h->group], i);
    return STR("");
}
