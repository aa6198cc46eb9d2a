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
    const struct gateway_template *templates;
    size_t template_count;
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
    struct str mid, page, limit, start_date, end_date, channel;
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
practice_action practice_template_list, practice_profile_list;

/* Starts the answer object with code and message; the caller goes on in c->json. */
void practice_begin(struct practice_call *c, int64_t code, struct str message);
/* The whole answer is a refusal. */
void practice_refuse(struct practice_call *c, int64_t code, struct str message);
/* Refuses with the sentence about a parameter that was not passed. */
void practice_refuse_missing(struct practice_call *c, const char *name);
/* True when the profile key is the account's own; refuses otherwise. */
bool practice_own_profile(struct practice_call *c);

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
    practice_admin_points, practice_admin_status;

#endif
