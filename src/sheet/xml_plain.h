/*
 * xml_plain.h - expat between a document and the fast reader.
 *
 * Some documents are right but not as Excel writes them: UTF-16, ISO-8859-1, elements with a
 * prefix (`<x:row>`). expat reads these strictly and this file writes them down again as plain
 * UTF-8: the elements of the root's namespace without prefix, all others with `x:`. So nothing
 * above has to know. Refuses a DTD at its first byte, unknown encodings, and anything that is not
 * well-formed. Called by xml_scan.c.
 */
#ifndef SHEET_XML_PLAIN_H
#define SHEET_XML_PLAIN_H

#include "sheet/source.h"
#include "sheet/trouble.h"

struct xml_plain;

/* Whether the document that begins with `head` is not of the plain kind. */
bool xml_plain_needed(struct str head);

/* Begins with a copy of `head`, which was already read from `rest`. NULL: trouble. */
struct xml_plain *xml_plain_new(struct str head, struct source rest, struct trouble *t) MUST_CHECK;
void xml_plain_free(struct xml_plain **p);
struct source xml_plain_source(struct xml_plain *p);

#endif
