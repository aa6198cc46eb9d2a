/*
 * practice_shelf.h - the templates that one profile has at the practice gateway.
 *
 * The built-in ones are every profile's; what an account makes, and what becomes of a built-in one,
 * is kept in the journal's file. An inspection that is due is decided when somebody looks:
 * approved, or rejected with a remark when a word of advertising stands in it. Used by the practice
 * gateway only, inside its transaction.
 */
#ifndef GATEWAY_PRACTICE_SHELF_H
#define GATEWAY_PRACTICE_SHELF_H

#include "gateway/practice_call.h"

#define PRACTICE_SHELF_MAX        300                /* templates of a profile */
#define PRACTICE_TEMPLATE_MAX     ((size_t)16 << 10) /* bytes of one as it is kept */
#define PRACTICE_REMARKS_MAX      20                 /* the last remarks of inspectors are kept */
#define PRACTICE_REMARK_BY_ITSELF STR("연습용 검수")

/* All templates of the profile, those built in first. */
size_t practice_shelf(struct practice_call *c, struct str sender_key,
                      const struct gateway_template **list);
/* The one with that code, copied; false when the profile has none. */
bool practice_shelf_find(struct practice_call *c, struct str sender_key, struct str code,
                         struct gateway_template *t);
/* Keeps it; its inspection is decided at `due_at` (0: only by order). False: it is too large. */
bool practice_shelf_put(struct practice_call *c, struct str sender_key,
                        const struct gateway_template *t, int64_t due_at) MUST_CHECK;
void practice_shelf_remove(struct practice_call *c, struct str sender_key, struct str code);

/* An inspector's word: approved, or rejected with the remark (which may be empty). */
void practice_shelf_approve(struct practice_call *c, struct gateway_template *t);
void practice_shelf_reject(struct practice_call *c, struct gateway_template *t, struct str remark,
                           struct str author);

#endif
