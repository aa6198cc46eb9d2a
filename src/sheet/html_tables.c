/*
 * html_tables.c - see html_tables.h.
 */
#include "sheet/html_tables.h"
#include "sheet/html_text.h"

#define CELLS_MIN 2 /* of a list */

/* A table that is open. */
struct open_table {
    struct html_table table;
    int64_t largest; /* cells of the largest table inside */
    size_t before;   /* lists found before it began */
};

struct look {
    struct html_walk walk;
    struct buf *tables;
    struct trouble *trouble;
    struct open_table open[HTML_DEPTH_MAX];
    size_t captioned; /* depth of the table whose caption is being read, 0: none */
    struct html_text caption;
};

static size_t table_count(const struct buf *tables)
{
    return tables->len / sizeof(struct html_table);
}

static void table_begin(struct look *l)
{
    l->open[l->walk.depth - 1] =
        (struct open_table){.table = {.ordinal = l->walk.ordinal, .hidden = l->walk.scan.hidden},
                            .before = table_count(l->tables)};
}

/* The table at depth + 1 is complete: a list, the text of a cell, or nothing but layout. */
static int table_end(struct look *l)
{
    struct open_table *o = &l->open[l->walk.depth];
    int64_t largest = o->largest;
    if (o->table.cells >= CELLS_MIN && o->table.cells > o->largest) {
        l->tables->len = o->before * sizeof o->table; /* those inside are text */
        largest = o->table.cells;
        if (table_count(l->tables) >= SHEET_SHEETS_MAX)
            return trouble_set(l->trouble, SHEET_E_TOO_LARGE, "html: more than %d tables",
                               SHEET_SHEETS_MAX);
        buf_append(l->tables, &o->table, sizeof o->table);
        if (l->tables->failed)
            return trouble_set(l->trouble, SHEET_E_IO, "out of memory");
    }
    if (l->walk.depth > 0 && l->open[l->walk.depth - 1].largest < largest)
        l->open[l->walk.depth - 1].largest = largest;
    return 0;
}

static void caption_end(struct look *l)
{
    if (l->captioned > 0)
        l->open[l->captioned - 1].table.caption_length = l->caption.len;
    l->captioned = 0;
}

static bool caption_take(struct look *l, enum html_step step)
{
    return html_text_append(&l->caption, step == STEP_TEXT ? l->walk.scan.text : STR(" "));
}

static int step_take(struct look *l, enum html_step step)
{
    if (l->captioned > 0 && !caption_take(l, step))
        l->caption = html_text_begin(l->caption.room, 0); /* too long for a name */
    if (step != STEP_TEXT && step != STEP_BREAK && step != STEP_BLOCK)
        caption_end(l);
    switch (step) {
    case STEP_TABLE:
        table_begin(l);
        return 0;
    case STEP_TABLE_END:
        return table_end(l);
    case STEP_CELL:
        l->open[l->walk.depth - 1].table.cells++;
        return 0;
    case STEP_CAPTION:
        l->captioned = l->walk.depth;
        l->caption = html_text_begin(l->open[l->captioned - 1].table.caption, HTML_CAPTION_SIZE);
        return 0;
    case STEP_TROUBLE:
    case STEP_END:
    case STEP_ROW:
    case STEP_ROW_END:
    case STEP_CELL_END:
    case STEP_COLUMN:
    case STEP_CAPTION_END:
    case STEP_TEXT:
    case STEP_BREAK:
    case STEP_BLOCK:
        break;
    }
    return 0;
}

static int page_look(struct look *l, struct source page)
{
    if (html_walk_open(&l->walk, page, l->trouble) < 0)
        return -1;
    enum html_step step;
    while ((step = html_walk_next(&l->walk)) != STEP_END)
        if (step == STEP_TROUBLE || step_take(l, step) < 0)
            return -1;
    return table_count(l->tables) > 0
               ? 0
               : trouble_set(l->trouble, SHEET_E_HTML, "html: no table with two cells");
}

int html_tables_find(struct source page, struct buf *tables, struct trouble *t)
{
    struct look l = {.tables = tables, .trouble = t};
    int result = page_look(&l, page);
    html_walk_close(&l.walk);
    return result;
}
