/*
 * practice_call.h - one call to the practice gateway, between its files.
 *
 * practice.c reads the form, holds the lock and the transaction, and calls one of the functions
 * below; each writes a whole JSON answer. Nobody else includes this.
 */
#ifndef GATEWAY_PRACTICE_CALL_H
#define GATEWAY_PRACTICE_CALL_H

#include "base/json.h"
#include "gateway/gateway.h"
#include "gateway/practice.h"
#include "gateway/practice_journal.h"

#include <pthread.h>

#define PRACTICE_ANSWER_MAX ((size_t)24 << 20)

struct practice {
    struct practice_options options; /* texts live in `arena` */
    struct arena arena;
    pthread_mutex_t lock;
    struct journal *journal;
    const struct gateway_template *templates; /* those built in */
    size_t template_count;
    struct str url;        /* its own address; owned by `arena` */
    int64_t turn;          /* calls so far */
    int64_t second, sends; /* the present second, and the sends in it */
};

/* What a receiver's fields say; ptr NULL: the field was not sent. */
struct practice_receiver {
    struct str phone, name, subject, body, title, buttons, fallback_subject, fallback_body;
};

/* Every field of every call. */
struct practice_form {
    struct str api_key, user_id, sender_key, template_code, sender, send_date, failover, test_mode;
    struct str mid, page, limit, start_date, end_date;
    struct str name, content, buttons, secure, type, emphasis, title, subtitle, extra, advert;
    struct str image; /* bytes of a file */
    struct str channel, phone, auth_number, category;
    struct practice_receiver *receivers; /* GATEWAY_BATCH_MAX of them, or NULL */
    int64_t last;                        /* the highest N of any receiver field */
    bool broken;                         /* a NUL byte or invalid UTF-8 in a value */
};

struct practice_call {
    struct practice *p;
    struct arena *a;
    struct practice_form form;
    struct journal_account account;
    int64_t now;
    int64_t turn; /* differs from call to call; answers change their spelling with it */
    struct buf out;
    struct json json;
    int64_t code; /* of the answer */
    int64_t mid;  /* of an accepted send */
};

typedef void practice_action(struct practice_call *c);

practice_action practice_send, practice_cancel;
practice_action practice_list, practice_detail, practice_balance;
practice_action practice_template_list, practice_template_add, practice_template_modify;
practice_action practice_template_delete, practice_template_request;
practice_action practice_profile_list, practice_channel_auth, practice_channel_add;
practice_action practice_category_list;

/* Writes one template as Aligo lists it. */
void practice_put_template(struct practice_call *c, struct str sender_key,
                           const struct gateway_template *t);
/* "1" instead of 1. */
void practice_put_text_number(struct practice_call *c, const char *key, int64_t n);
/* Whether an added channel of the account has that profile key. */
bool practice_channel_owns(struct practice_call *c, struct str sender_key);
/* The media type of a JPEG or PNG file by its first bytes; NULL for anything else. */
const char *practice_image_type(struct str image);

/* Starts the answer object with code and message; the caller goes on in c->json. */
void practice_begin(struct practice_call *c, int64_t code, struct str message);
/* The whole answer is a refusal. */
void practice_refuse(struct practice_call *c, int64_t code, struct str message);
/* Refuses with the sentence about a parameter that was not passed. */
void practice_refuse_missing(struct practice_call *c, const char *name);
/* True when the profile key is that of one of the account's channels; refuses otherwise. */
bool practice_own_profile(struct practice_call *c);
/* True when none of the values is empty; refuses otherwise, naming the first that is. */
struct practice_need {
    const char *name;
    struct str value;
};
bool practice_needs(struct practice_call *c, const struct practice_need *needs, size_t count);

/* A number that depends on the seed and the text only. */
uint64_t practice_hash(uint64_t seed, struct str text);
/* The same for [0, 1). */
double practice_draw(uint64_t seed, struct str text);

/* Result letters beside Kakao's: never a result, never in the detail. */
#define PRACTICE_NEVER  '?'
#define PRACTICE_ABSENT '!'
/* The words of a result letter; empty for success. */
struct str practice_result_text(char letter);
/* What becomes of a receiver whose message is right. */
char practice_result(const struct practice *p, struct str phone);

/* Admin calls under /practice/; they write the whole body and return the HTTP status. */
typedef int practice_admin(struct practice_call *c, struct str body);
practice_admin practice_admin_journal, practice_admin_calls, practice_admin_faults,
    practice_admin_points, practice_admin_status, practice_admin_templates;
/* Body of an admin call that was not understood, and its status. */
int practice_admin_misunderstood(struct practice_call *c, const char *what);

/* The image of the template and profile that the query names; without one, that of those built in.
 */
void practice_answer_image(struct practice_call *c, struct str query,
                           struct practice_answer *answer);

#endif
