/*
 * html_charset.h - the encoding that a web page names in its <meta>, before anything is decoded.
 *
 * Called by sheet.c; encoding.c decides how far to believe it.
 */
#ifndef SHEET_HTML_CHARSET_H
#define SHEET_HTML_CHARSET_H

#include "base/str.h"

/* The name in the first `<meta … charset=NAME …>` of a page's head, a part of it; empty: none. */
struct str html_charset(struct str head);

#endif
