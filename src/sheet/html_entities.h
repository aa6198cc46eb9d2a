/*
 * html_entities.h - the named characters of HTML ("amp;", and "amp" where the semicolon may be
 * missing), sorted by name. The table is made by scripts/make-entities.py; read by html_scan.c.
 */
#ifndef SHEET_HTML_ENTITIES_H
#define SHEET_HTML_ENTITIES_H

#include <stddef.h>

#define HTML_ENTITY_NAME_MAX 32 /* bytes of the longest name */

struct html_entity {
    const char *name, *text; /* text: UTF-8 */
};

extern const struct html_entity html_entities[];
extern const size_t html_entity_count;

#endif
