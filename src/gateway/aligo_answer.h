/*
 * aligo_answer.h - what Aligo's answers say, as pure functions over their text.
 *
 * No socket, no state: the driver hands over the HTTP status and body, a test hands over a literal.
 * Aligo spells the same field as number here and as string there, changes member names between page
 * and live answers, and leaves newer fields out; everything documented is taken. What is missing or
 * no JSON at all is GATEWAY_UNKNOWN, never a guess.
 * Facts: smartsms.aligo.in/alimapi.html and operators' notes.
 */
#ifndef GATEWAY_ALIGO_ANSWER_H
#define GATEWAY_ALIGO_ANSWER_H

#include "gateway/gateway.h"

/* Rows of one page (or template list) that are believed; more is no answer of Aligo's. */
#define ALIGO_ROWS_MAX 5000

/* What is kept of a template's inspection remarks: the last so many, and bytes of each. */
#define ALIGO_COMMENTS_MAX       20
#define ALIGO_COMMENT_MAX        4000
#define ALIGO_COMMENT_AUTHOR_MAX 100
#define ALIGO_CODE_MAX           100 /* bytes of a template code */

/* One HTTP answer: complete, whatever its status. */
struct aligo_reply {
    long status;
    struct str body;
};

/* What a refusal with this code and Korean text means; see the table in the source. A text nobody
 * has seen is GATEWAY_CLASS_SETUP: stop and show it to a person, rather than fail a million rows.
 */
enum gateway_class aligo_classify(int64_t code, struct str text);

/* Each reads one answer; all texts come from the arena. */
enum gateway_answer aligo_read_send(const struct aligo_reply *reply, struct arena *a,
                                    struct gateway_receipt *receipt, struct gateway_fault *fault);
enum gateway_answer aligo_read_history(const struct aligo_reply *reply, struct arena *a,
                                       const struct gateway_history **list, size_t *count,
                                       int64_t *pages, struct gateway_fault *fault);
enum gateway_answer aligo_read_detail(const struct aligo_reply *reply, struct arena *a,
                                      const struct gateway_detail **list, size_t *count,
                                      int64_t *pages, struct gateway_fault *fault);
enum gateway_answer aligo_read_templates(const struct aligo_reply *reply, struct arena *a,
                                         const struct gateway_template **list, size_t *count,
                                         struct gateway_fault *fault);
enum gateway_answer aligo_read_balance(const struct aligo_reply *reply, struct arena *a,
                                       struct gateway_balance *balance,
                                       struct gateway_fault *fault);
enum gateway_answer aligo_read_profiles(const struct aligo_reply *reply, struct arena *a,
                                        const struct gateway_profile **list, size_t *count,
                                        struct gateway_fault *fault);
/* A line of business per row, of all levels, those above first. */
enum gateway_answer aligo_read_categories(const struct aligo_reply *reply, struct arena *a,
                                          const struct gateway_category **list, size_t *count,
                                          struct gateway_fault *fault);
/* What became of template/add (`own` empty) or template/modify of the code `own`. */
enum gateway_answer aligo_read_saved(const struct aligo_reply *reply, struct str own,
                                     struct arena *a, struct str *code,
                                     struct gateway_fault *fault);
enum gateway_answer aligo_read_added(const struct aligo_reply *reply, struct arena *a,
                                     struct gateway_profile *added, struct gateway_fault *fault);
/* An answer of which only its code counts; 0 is success. */
enum gateway_answer aligo_read_done(const struct aligo_reply *reply, struct arena *a,
                                    struct gateway_fault *fault);

#endif
