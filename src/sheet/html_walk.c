/*
 * html_walk.c - see html_walk.h. A tag is kept pending while it has steps to give: `<tr>` inside a
 * cell first ends the cell, then the row, then begins one. What gives none more is STEP_END here.
 */
#include "sheet/html_walk.h"

static struct html_frame *innermost(struct html_walk *w)
{
    return &w->frames[w->depth - 1];
}

/* The next step on the way out of the cell, the row, the table. */

static enum html_step leave_cell(struct html_walk *w)
{
    if (w->depth == 0 || !innermost(w)->in_cell)
        return STEP_END;
    innermost(w)->in_cell = false;
    return STEP_CELL_END;
}

static enum html_step leave_row(struct html_walk *w)
{
    enum html_step step = leave_cell(w);
    if (step != STEP_END || w->depth == 0 || !innermost(w)->in_row)
        return step;
    innermost(w)->in_row = false;
    return STEP_ROW_END;
}

static enum html_step leave_table(struct html_walk *w)
{
    enum html_step step = leave_row(w);
    if (step != STEP_END || w->depth == 0)
        return step;
    w->depth--;
    return STEP_TABLE_END;
}

static enum html_step enter_table(struct html_walk *w, bool implied)
{
    w->frames[w->depth++] = (struct html_frame){.implied = implied};
    w->ordinal++;
    return STEP_TABLE;
}

static enum html_step enter_row(struct html_walk *w, bool hidden)
{
    innermost(w)->in_row = true;
    w->hidden = hidden || innermost(w)->group_hidden;
    return STEP_ROW;
}

/* The last step of the pending tag. */
static enum html_step last(struct html_walk *w, enum html_step step)
{
    w->pending = HTML_TEXT;
    return step;
}

static enum html_step open_table(struct html_walk *w)
{
    if (w->depth > 0 && !innermost(w)->in_cell)
        return leave_table(w); /* a table can only stand in a cell of another */
    if (w->depth < HTML_DEPTH_MAX)
        return last(w, enter_table(w, false));
    w->beyond++;
    return last(w, STEP_BLOCK);
}

static enum html_step open_row(struct html_walk *w)
{
    if (w->depth == 0)
        return enter_table(w, true);
    enum html_step step = leave_row(w);
    return step != STEP_END ? step : last(w, enter_row(w, w->scan.hidden));
}

static enum html_step open_cell(struct html_walk *w)
{
    if (w->depth == 0)
        return enter_table(w, true);
    enum html_step step = leave_cell(w);
    if (step != STEP_END)
        return step;
    if (!innermost(w)->in_row)
        return enter_row(w, false);
    innermost(w)->in_cell = true;
    return last(w, STEP_CELL);
}

/* What stands between rows: groups, columns, the caption. */
static enum html_step open_part(struct html_walk *w)
{
    enum html_step step = leave_row(w);
    if (step != STEP_END || w->depth == 0)
        return step != STEP_END ? step : last(w, STEP_BLOCK);
    if (w->scan.tag == TAG_GROUP)
        innermost(w)->group_hidden = w->scan.hidden;
    return last(w, w->scan.tag == TAG_COL       ? STEP_COLUMN
                   : w->scan.tag == TAG_CAPTION ? STEP_CAPTION
                                                : STEP_BLOCK);
}

static enum html_step close_table(struct html_walk *w)
{
    enum html_step step = leave_table(w);
    return step == STEP_TABLE_END || step == STEP_END ? last(w, step) : step;
}

static enum html_step close_group(struct html_walk *w)
{
    enum html_step step = leave_row(w);
    if (step == STEP_END && w->depth > 0)
        innermost(w)->group_hidden = false;
    return step;
}

/* The next step of an opening or closing tag of a table; STEP_END: it has no more. */
static enum html_step tag_step(struct html_walk *w)
{
    bool opens = w->pending == HTML_OPEN;
    switch (w->scan.tag) {
    case TAG_TABLE:
        return opens ? open_table(w) : close_table(w);
    case TAG_TR:
        return opens ? open_row(w) : leave_row(w);
    case TAG_CELL:
        return opens ? open_cell(w) : leave_cell(w);
    case TAG_GROUP:
        return opens ? open_part(w) : close_group(w);
    case TAG_CAPTION:
        return opens ? open_part(w) : last(w, STEP_CAPTION_END);
    case TAG_COL:
    case TAG_COLGROUP:
        return opens ? open_part(w) : STEP_END;
    case TAG_BR:
        return last(w, STEP_BREAK);
    case TAG_BLOCK:
        return last(w, STEP_BLOCK);
    case TAG_PAGE:
        w->page_ended |= !opens;
        return STEP_END;
    case TAG_OTHER:
    case TAG_RAW:
        break;
    }
    return STEP_END;
}

/* The same below the deepest table that counts: only tables are counted, all else is text. */
static enum html_step beyond_step(struct html_walk *w)
{
    if (w->scan.tag == TAG_TABLE && w->pending == HTML_OPEN)
        w->beyond++;
    else if (w->scan.tag == TAG_TABLE)
        w->beyond--;
    return last(w, w->scan.tag == TAG_BR      ? STEP_BREAK
                   : w->scan.tag == TAG_OTHER ? STEP_END
                                              : STEP_BLOCK);
}

static enum html_step end_step(struct html_walk *w)
{
    if (!w->ended)
        w->cut = w->depth > 0 && !w->frames[0].implied && !w->page_ended;
    w->ended = true;
    return leave_table(w);
}

enum html_step html_walk_next(struct html_walk *w)
{
    for (;;) {
        if (w->ended)
            return end_step(w);
        enum html_step step = STEP_END;
        if (w->pending != HTML_TEXT)
            step = w->beyond > 0 ? beyond_step(w) : tag_step(w);
        if (step != STEP_END)
            return step;
        w->pending = HTML_TEXT;
        enum html_event e = html_scan_next(&w->scan);
        if (e == HTML_TROUBLE)
            return STEP_TROUBLE;
        if (e == HTML_TEXT)
            return STEP_TEXT;
        if (e == HTML_END)
            return end_step(w);
        w->pending = e;
    }
}

int html_walk_open(struct html_walk *w, struct source source, struct trouble *t)
{
    *w = (struct html_walk){.pending = HTML_TEXT};
    return html_scan_open(&w->scan, source, t);
}

void html_walk_close(struct html_walk *w)
{
    html_scan_close(&w->scan);
}
