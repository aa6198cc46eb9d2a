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

#endif
