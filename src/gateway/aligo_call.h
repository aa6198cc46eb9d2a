/*
 * aligo_call.h - what the two halves of the Aligo driver share; nobody else includes it.
 *
 * aligo.c has the call itself, sends, results and balance, aligo_desk.c has templates and channels.
 */
#ifndef GATEWAY_ALIGO_CALL_H
#define GATEWAY_ALIGO_CALL_H

#include "gateway/aligo_answer.h"
#include "gateway/driver.h"

struct aligo_call {
    const char *path;
    bool once; /* it changes something: a connection of its own, and never twice */
    const struct wire_part *parts; /* instead of the form, when a file goes with it */
    size_t part_count;
};

/* Starts the form with what every call carries. */
struct buf *aligo_begin(struct gateway *g);

/* Posts the form or the parts. GATEWAY_OK: *reply is a complete HTTP answer, whatever it says. A
 * form that outgrew its maximum is GATEWAY_REFUSED and not sent. */
enum gateway_answer aligo_post(struct gateway *g, const struct aligo_call *call, struct arena *a,
                               struct aligo_reply *reply, struct gateway_fault *fault);
enum gateway_answer aligo_post_form(struct gateway *g, const char *path, bool once, struct arena *a,
                                    struct aligo_reply *reply, struct gateway_fault *fault);

/* The members of struct gateway_driver that aligo_desk.c has. */
enum gateway_answer aligo_templates(struct gateway *g, struct arena *a,
                                    const struct gateway_template **list, size_t *count,
                                    struct gateway_fault *fault);
enum gateway_answer aligo_template_save(struct gateway *g, const struct gateway_template_form *form,
                                        struct arena *a, struct str *code,
                                        struct gateway_fault *fault);
enum gateway_answer aligo_template_delete(struct gateway *g, struct str code, struct arena *a,
                                          struct gateway_fault *fault);
enum gateway_answer aligo_template_request(struct gateway *g, struct str code, struct arena *a,
                                           struct gateway_fault *fault);
enum gateway_answer aligo_profiles(struct gateway *g, struct arena *a,
                                   const struct gateway_profile **list, size_t *count,
                                   struct gateway_fault *fault);
enum gateway_answer aligo_channel_auth(struct gateway *g, struct str channel, struct str phone,
                                       struct arena *a, struct gateway_fault *fault);
enum gateway_answer aligo_categories(struct gateway *g, struct arena *a,
                                     const struct gateway_category **list, size_t *count,
                                     struct gateway_fault *fault);
enum gateway_answer aligo_channel_add(struct gateway *g, const struct gateway_channel_form *form,
                                      struct arena *a, struct gateway_profile *added,
                                      struct gateway_fault *fault);

#endif
