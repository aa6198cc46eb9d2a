/*
 * html_rows.c - see html_rows.h.
 */
#include "sheet/html_rows.h"
#include "sheet/html_tables.h"
#include "sheet/notes.h"

#include <stdlib.h>

static int page_open(struct html_rows *r, struct source *page)
{
    r->decoder = decoder_open(r->fd, r->offset, r->encoding, r->trouble);
    if (!r->decoder)
        return -1;
    *page = decoder_source(r->decoder);
    return 0;
}

/* The tables as a list of sheets: named by their captions, or numbered. */
static int infos_make(struct html_rows *r)
{
    const struct html_table *tables = (const void *)r->tables.ptr;
    for (size_t i = 0; i < r->tables.len / sizeof *tables; i++) {
        struct str caption = str_n(tables[i].caption, tables[i].caption_length);
        struct sheet_info info = {.hidden = tables[i].hidden,
                                  .name = caption.len > 0 && utf8_valid(caption)
                                              ? str_dup(r->arena, caption)
                                              : str_printf(r->arena, "표 %zu", i + 1)};
        buf_append(&r->infos, &info, sizeof info);
    }
    return r->infos.failed ? trouble_set(r->trouble, SHEET_E_IO, "out of memory") : 0;
}

int html_rows_open(struct html_rows *r, int fd, size_t offset, enum encoding e, struct arena *a,
                   struct sheet_notes *notes, struct trouble *t)
{
    struct source page;
    *r = (struct html_rows){.fd = fd,
                            .offset = offset,
                            .encoding = e,
                            .arena = a,
                            .notes = notes,
                            .trouble = t,
                            .tables = BUF_INIT(SHEET_SHEETS_MAX * sizeof(struct html_table)),
                            .infos = BUF_INIT(SHEET_SHEETS_MAX * sizeof(struct sheet_info)),
                            .taken = calloc(SHEET_COLUMNS_MAX, sizeof *r->taken)};
    if (!r->taken)
        return trouble_set(t, SHEET_E_IO, "out of memory");
    if (row_build_init(&r->row, t) < 0 || page_open(r, &page) < 0 ||
        html_tables_find(page, &r->tables, t) < 0)
        return -1;
    decoder_close(&r->decoder);
    return infos_make(r);
}

void html_rows_close(struct html_rows *r)
{
    html_walk_close(&r->walk);
    decoder_close(&r->decoder);
    row_build_free(&r->row);
    buf_free(&r->tables);
    buf_free(&r->infos);
    free(r->taken);
    r->taken = NULL;
}

size_t html_rows_tables(const struct html_rows *r, const struct sheet_info **list, size_t *most)
{
    const struct html_table *tables = (const void *)r->tables.ptr;
    size_t count = r->tables.len / sizeof *tables;
    *list = (const void *)r->infos.ptr;
    *most = 0;
    for (size_t i = 1; i < count; i++) {
        const struct html_table *best = &tables[*most], *t = &tables[i];
        if (best->hidden != t->hidden ? best->hidden : t->cells > best->cells)
            *most = i;
    }
    return count;
}

int html_rows_choose(struct html_rows *r, size_t index)
{
    const struct html_table *tables = (const void *)r->tables.ptr;
    struct source page;
    r->ordinal = tables[index].ordinal;
    return page_open(r, &page) < 0 ? -1 : html_walk_open(&r->walk, page, r->trouble);
}

/* ---- cells ---- */

static int cell_begin(struct html_rows *r)
{
    r->cell_hidden = r->walk.scan.hidden;
    r->colspan = r->walk.scan.colspan;
    r->rowspan = r->walk.scan.rowspan;
    /* A hidden cell takes no place on the page, but programs that hide a column write it in every
     * row; where a merged cell stands already, it is that one's. */
    while (!r->cell_hidden && r->column < SHEET_COLUMNS_MAX && r->taken[r->column] >= r->number)
        r->column++;
    if (r->column >= SHEET_COLUMNS_MAX)
        return trouble_set_row(r->trouble, SHEET_E_COLUMNS, r->number, "too many columns");
    char *room = row_build_room(&r->row, r->trouble);
    if (!room) {
        r->trouble->row = r->number;
        return -1;
    }
    r->text = html_text_begin(room, SHEET_CELL_MAX);
    r->in_cell = true;
    return 0;
}

static int too_long(struct html_rows *r)
{
    return trouble_set_row(r->trouble, SHEET_E_CELL, r->number, "a cell that is too long");
}

/* What a merged cell covers: its own row at once, those below by `taken`. */
static void cell_cover(struct html_rows *r)
{
    size_t end = r->column + r->colspan;
    int64_t last_row = r->number + (int64_t)r->rowspan - 1;
    if (end > SHEET_COLUMNS_MAX)
        end = SHEET_COLUMNS_MAX;
    if (last_row > SHEET_ROWS_MAX)
        last_row = SHEET_ROWS_MAX;
    for (size_t i = r->column; last_row > r->number && i < end; i++)
        if (r->taken[i] < (uint32_t)last_row)
            r->taken[i] = (uint32_t)last_row;
    for (size_t i = r->column; i < end; i++)
        (r->cell_hidden ? r->unshown : r->shown)[i / 64] |= UINT64_C(1) << i % 64;
    if (!r->cell_hidden)
        notes_merge(r->notes, &(struct sheet_range){r->number, last_row, r->column, end - 1});
    r->column = end;
}

static int cell_end(struct html_rows *r)
{
    struct str text = html_text_view(&r->text);
    bool covered = r->taken[r->column] >= r->number;
    r->in_cell = false;
    if (text.len > SHEET_CHARS_MAX && utf8_count(text) > SHEET_CHARS_MAX)
        return too_long(r);
    if (!covered) {
        row_build_take(&r->row, text.len);
        row_build_put(&r->row, r->column, text);
    }
    cell_cover(r);
    return 0;
}

/* ---- rows ---- */

static int row_begin(struct html_rows *r)
{
    row_build_begin(&r->row);
    r->column = 0;
    r->row_hidden = r->walk.hidden;
    return ++r->number > SHEET_ROWS_MAX
               ? trouble_set_row(r->trouble, SHEET_E_ROWS, r->number, "too many rows")
               : 0;
}

/* <col>: columns that are hidden without a word in their cells. */
static void columns_note(struct html_rows *r)
{
    size_t first = r->columns_told;
    r->columns_told += r->walk.scan.span;
    if (r->columns_told > SHEET_COLUMNS_MAX)
        r->columns_told = SHEET_COLUMNS_MAX;
    if (r->walk.scan.hidden && first < r->columns_told)
        notes_hide_columns(r->notes, first, r->columns_told - 1);
}

/* A step inside the open cell, of the cell itself or of a table in it. */
static int content_take(struct html_rows *r, enum html_step step)
{
    if (!r->in_cell)
        return 0;
    if (step == STEP_TEXT || step == STEP_CELL || step == STEP_CELL_END) {
        struct str piece = step == STEP_TEXT ? r->walk.scan.text : STR(" ");
        return html_text_append(&r->text, piece) ? 0 : too_long(r);
    }
    if (step == STEP_BREAK)
        html_text_break(&r->text);
    else
        html_text_block(&r->text);
    return 0;
}

/* A step of the chosen table: 1 a row is complete, 0 go on, -1 trouble. */
static int step_take(struct html_rows *r, enum html_step step)
{
    switch (step) {
    case STEP_ROW:
        return row_begin(r);
    case STEP_ROW_END:
        return r->row.count > 0;
    case STEP_CELL:
        return cell_begin(r);
    case STEP_CELL_END:
        return cell_end(r);
    case STEP_COLUMN:
        columns_note(r);
        return 0;
    case STEP_TEXT:
    case STEP_BREAK:
    case STEP_BLOCK:
        return content_take(r, step);
    case STEP_TROUBLE:
    case STEP_END:
    case STEP_TABLE:
    case STEP_TABLE_END:
    case STEP_CAPTION:
    case STEP_CAPTION_END:
        break;
    }
    return 0;
}

/* The chosen table is over: what only its end can tell. */
static void table_end(struct html_rows *r)
{
    r->ended = true;
    r->notes->cut = r->walk.cut;
    for (size_t column = 0; column < SHEET_COLUMNS_MAX; column++)
        if ((r->unshown[column / 64] & ~r->shown[column / 64]) >> column % 64 & 1)
            notes_hide_columns(r->notes, column, column);
}

int html_rows_next(struct html_rows *r, struct sheet_row *row)
{
    while (!r->ended) {
        enum html_step step = html_walk_next(&r->walk);
        if (step == STEP_TROUBLE)
            return -1;
        if (r->depth == 0) {
            if (step == STEP_END)
                r->ended = true;
            if (step == STEP_TABLE && r->walk.ordinal == r->ordinal)
                r->depth = r->walk.depth;
            continue;
        }
        if (step == STEP_TABLE_END && r->walk.depth < r->depth) {
            table_end(r);
            break;
        }
        bool inside = r->walk.depth > r->depth || step == STEP_TABLE_END;
        int got = inside ? content_take(r, step) : step_take(r, step);
        if (got < 0)
            return -1;
        if (got == 1) {
            *row = (struct sheet_row){r->number, r->row.cells, r->row.count, r->row_hidden};
            return 1;
        }
    }
    return 0;
}
