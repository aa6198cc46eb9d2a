/*
 * recipients_list.h - what recipients.c and recipients_count.c share; nobody else includes it.
 */
#ifndef DOMAIN_RECIPIENTS_LIST_H
#define DOMAIN_RECIPIENTS_LIST_H

#include "base/buf.h"
#include "domain/recipients.h"

/* Bytes of both sides of a choice as one text. */
#define RECIPIENTS_LIST_MAX ((size_t)RECIPIENTS_GROUPS_MAX * 2 * 22)

/* Groups as a parameter for LIKE, ",2,17,"; empty when there is none. */
struct str recipients_list_text(struct buf *out, const int64_t *ids, size_t count);

/* Ids merged at a time. */
#define RECIPIENTS_IDS_MAX 4096

/* The next at most `max` (up to RECIPIENTS_IDS_MAX) ids of recipients above `after`, in order;
 * fewer than `max` are the last. */
size_t recipients_ids(struct scope *s, const struct recipients_choice *c, int64_t after, size_t max,
                      int64_t *ids);

#endif
