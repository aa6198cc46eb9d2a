/*
 * html_charset.c - see html_charset.h.
 */
#include "sheet/html_charset.h"

static ptrdiff_t find_nocase(struct str s, struct str needle)
{
    for (size_t at = 0; at + needle.len <= s.len; at++)
        if (str_eq_nocase(str_slice(s, at, at + needle.len), needle))
            return (ptrdiff_t)at;
    return -1;
}

static bool stands_in_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/* From behind the word `charset`: the name, with or without quotes around it. */
static struct str name_after(struct str rest)
{
    rest = str_trim(rest);
    if (!str_starts(rest, STR("=")))
        return STR("");
    rest = str_trim(str_slice(rest, 1, rest.len));
    if (str_starts(rest, STR("\"")) || str_starts(rest, STR("'")))
        rest = str_slice(rest, 1, rest.len);
    size_t n = 0;
    while (n < rest.len && stands_in_name(rest.ptr[n]))
        n++;
    return str_slice(rest, 0, n);
}

struct str html_charset(struct str head)
{
    for (ptrdiff_t at; (at = find_nocase(head, STR("<meta"))) >= 0;) {
        head = str_slice(head, (size_t)at + 5, head.len);
        ptrdiff_t end = str_find(head, STR(">"), 0);
        struct str tag = end < 0 ? head : str_slice(head, 0, (size_t)end);
        ptrdiff_t word = find_nocase(tag, STR("charset"));
        struct str name =
            word < 0 ? STR("") : name_after(str_slice(tag, (size_t)word + 7, tag.len));
        if (name.len > 0)
            return name;
    }
    return STR("");
}
