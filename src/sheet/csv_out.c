/*
 * csv_out.c - see csv_out.h.
 */
#include "sheet/csv_out.h"

void csv_out_begin(struct sink *s)
{
    sink_append(s, "\xEF\xBB\xBF", 3);
}

/* A number such as -5 and a phone such as +82 10 … are among them: Excel would add and subtract. */
static bool begins_like_a_formula(struct str text)
{
    static const struct str starts[] = {
        STR_INIT("="),  STR_INIT("+"),  STR_INIT("-"),  STR_INIT("@"),
        STR_INIT("\t"), STR_INIT("\r"), STR_INIT("\n"), STR_INIT("＝"),
        STR_INIT("＋"), STR_INIT("－"), STR_INIT("＠"),
    };
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (str_starts(text, starts[i]))
            return true;
    return false;
}

static bool needs_quotes(struct str text)
{
    if (text.len == 0)
        return false;
    if (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ')
        return true;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '"' || text.ptr[i] == ',' || text.ptr[i] == '\r' || text.ptr[i] == '\n')
            return true;
    return false;
}

static void quoted_append(struct sink *s, struct str text)
{
    const char *end = text.ptr + text.len, *quote;
    for (const char *p = text.ptr; p < end; p = quote + 1) {
        quote = memchr(p, '"', (size_t)(end - p));
        if (!quote) {
            sink_append(s, p, (size_t)(end - p));
            return;
        }
        sink_append(s, p, (size_t)(quote + 1 - p));
        sink_char(s, '"');
    }
}

void csv_out_cell(struct sink *s, size_t index, struct str text)
{
    bool quotes = needs_quotes(text);
    if (index > 0)
        sink_char(s, ',');
    if (quotes)
        sink_char(s, '"');
    if (begins_like_a_formula(text))
        sink_char(s, '\'');
    if (quotes) {
        quoted_append(s, text);
        sink_char(s, '"');
    } else {
        sink_append(s, text.ptr, text.len);
    }
}

void csv_out_row_end(struct sink *s)
{
    sink_append(s, "\r\n", 2);
}
