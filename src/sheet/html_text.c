/*
 * html_text.c - see html_text.h.
 */
#include "sheet/html_text.h"

#define NBSP        "\xC2\xA0"
#define NBSP_LENGTH (sizeof NBSP - 1)

/* A character that is shown begins at p: none of blank, tab, line end, form feed. */
static bool is_shown(char c)
{
    return c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f';
}

static bool is_nbsp(const char *p, const char *end)
{
    return (size_t)(end - p) >= NBSP_LENGTH && memcmp(p, NBSP, NBSP_LENGTH) == 0;
}

static bool put_shown(struct html_text *t, const char *p, size_t n)
{
    size_t lines = t->len > 0 ? t->lines : 0;
    size_t blanks = t->len > 0 && lines == 0 ? t->blanks : 0; /* a line does not begin with any */
    size_t room = t->size - t->len;
    if (n > room || lines > room - n || blanks > room - n - lines)
        return false;
    memset(t->room + t->len, '\n', lines);
    memset(t->room + t->len + lines, ' ', blanks);
    t->len += lines + blanks;
    memcpy(t->room + t->len, p, n);
    t->len += n;
    t->lines = t->blanks = 0;
    t->collapses = false;
    return true;
}

bool html_text_append(struct html_text *t, struct str piece)
{
    const char *p = piece.ptr, *end = p + piece.len;
    while (p < end) {
        const char *start = p;
        while (p < end && is_shown(*p) && !(*p == NBSP[0] && is_nbsp(p, end)))
            p++;
        if (p > start && !put_shown(t, start, (size_t)(p - start)))
            return false;
        if (p < end && is_shown(*p)) {
            t->blanks++;
            t->collapses = false;
            p += NBSP_LENGTH;
        } else if (p < end) {
            t->blanks += !t->collapses;
            t->collapses = true;
            p++;
        }
    }
    return true;
}

void html_text_break(struct html_text *t)
{
    t->lines++;
    t->blanks = 0;
    t->collapses = false;
}

void html_text_block(struct html_text *t)
{
    if (t->lines == 0)
        html_text_break(t);
}
