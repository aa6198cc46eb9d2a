/*
 * gateway.h - the seam between SendinGo and whoever carries its messages.
 *
 * A gateway is a small struct of functions over real HTTP. The sender calls them with batches that
 * are already in the ledger and gets back one of a few clear answers; "we do not know" is one of
 * them. Each call is exactly one request on the wire. Drivers know no domain and no store.
 * Facts about Aligo: its API page smartsms.aligo.in/alimapi.html.
 */
#ifndef GATEWAY_GATEWAY_H
#define GATEWAY_GATEWAY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#define GATEWAY_BATCH_MAX   500 /* receivers in one request; Aligo's limit */
#define GATEWAY_BUTTONS_MAX 5
#define GATEWAY_IMAGE_MAX   ((size_t)500 << 10) /* bytes of a template's image */

/* One sender profile's way to its gateway. Secrets: never log. */
struct gateway_account {
    struct str base_url;   /* "https://kakaoapi.aligo.in", no slash at the end */
    struct str user_id;    /* Aligo userid */
    struct str api_key;    /* Aligo apikey */
    struct str sender_key; /* sending profile key */
    struct str sender;     /* registered caller number, digits */
};

enum gateway_answer {
    GATEWAY_OK,        /* taken; for reads: the answer is there */
    GATEWAY_REFUSED,   /* a clear no: nothing of this request was sent; see gateway_fault.class */
    GATEWAY_UNREACHED, /* no byte of the request left (refused connection, no address): safe to
                          repeat */
    GATEWAY_UNKNOWN, /* time-out, cut, 5xx, HTML, half an answer: it may or may not have happened */
};

/* What a refusal means for the campaign. */
enum gateway_class {
    GATEWAY_CLASS_NONE,
    GATEWAY_CLASS_SETUP, /* key, server address, profile, template code, and every refusal in words
                            that nobody has seen: pause and tell the operator */
    GATEWAY_CLASS_MONEY, /* balance: pause until topped up */
    GATEWAY_CLASS_PACE,  /* too fast: queue again and slow down */
    GATEWAY_CLASS_REJECTED, /* this content is not accepted: these messages fail */
};

struct gateway_fault {
    enum gateway_class class;
    int64_t code;       /* gateway's own code, 0 when there was none */
    struct str message; /* gateway's own words or what happened on the wire; arena. Never quotes an
                           answer that was not understood, so it may be logged and stored. */
};

struct gateway_button {
    struct str name, type, type_name; /* linkType WL AL DS BK MD AC, and its Korean name */
    struct str mobile, pc, ios, android;
};

struct gateway_message {
    struct str phone;   /* national digits: 01012345678 */
    struct str name;    /* receiver; left out when empty */
    struct str subject; /* shown in the gateway's own lists; never empty */
    struct str body;    /* fully rendered */
    struct str title;   /* rendered emphasis title; empty when the template has none */
    const struct gateway_button *buttons;
    size_t button_count;
};

struct gateway_batch {
    struct str template_code;
    const struct gateway_message *messages;
    size_t count; /* 1..GATEWAY_BATCH_MAX, phones unique */
};

struct gateway_receipt {
    struct str mid;             /* id of the request at the gateway */
    int64_t taken, refused;     /* receivers */
    double unit_price, balance; /* won; -1 when not told */
};

struct gateway_balance {
    int64_t messages; /* AlimTalk messages the balance would buy; -1 unknown */
};

/* One request as the gateway's history shows it. */
struct gateway_history {
    struct str mid, sender, body, template_code; /* body: the first receiver's, may be empty */
    int64_t count;
    int64_t registered_at; /* ms */
};

enum gateway_result {
    GATEWAY_RESULT_PENDING,
    GATEWAY_RESULT_DELIVERED,
    GATEWAY_RESULT_FAILED,
};

/* What became of one receiver. */
struct gateway_detail {
    struct str message_id, phone, body, buttons,
        template_code; /* buttons: JSON as the gateway gives it */
    enum gateway_result result;
    struct str code, text;      /* raw result letter and words */
    int64_t sent_at, result_at; /* ms, 0 when not told */
};

/* A remark of an inspector. */
struct gateway_comment {
    struct str text, author, at; /* at: as the gateway writes it; empty when not told */
};

struct gateway_template {
    struct str code, name, content; /* content exactly as approved, line breaks included */
    struct str type;                /* BA EX AD MI */
    struct str emphasis;            /* NONE TEXT IMAGE ITEM_LIST */
    struct str title, subtitle, extra;
    struct str status;     /* S A R */
    struct str inspection; /* REG REQ APR REJ */
    struct str image_url;
    struct str created_at, updated_at; /* as the gateway writes them; empty when not told */
    struct gateway_button buttons[GATEWAY_BUTTONS_MAX];
    size_t button_count;
    const struct gateway_comment *comments;
    size_t comment_count;
    bool secure;
    bool dormant; /* asleep: nobody used it for a year */
};

/* A template to be registered, or changed when it has a code. */
struct gateway_template_form {
    struct str code, name, content;
    struct str type, emphasis; /* as in gateway_template */
    struct str title, subtitle, extra, advert;
    const struct gateway_button *buttons;
    size_t button_count;
    bool secure;
    struct str image; /* a JPEG or PNG file of at most GATEWAY_IMAGE_MAX bytes; empty: none */
};

struct gateway_profile {
    struct str sender_key, channel, name, status,
        state; /* status A S D; state (profileStat) A C B E D */
};

/* A line of business, level 1 to 3; only those of level 3 can be chosen. */
struct gateway_category {
    struct str code, parent, name; /* parent: code of the level above, empty at level 1 */
    int level;
};

/* A channel (발신프로필) to be registered, with the number its administrator got. */
struct gateway_channel_form {
    struct str channel, phone, auth_number, category; /* channel with its @ */
};

struct gateway; /* one thread's connection state to one account */

struct gateway_driver {
    const char *name;
    /* One POST on a fresh connection, never repeated by the library. */
    enum gateway_answer (*send)(struct gateway *g, const struct gateway_batch *batch,
                                struct arena *a, struct gateway_receipt *receipt,
                                struct gateway_fault *fault);
    /* Page `page` (from 1) of requests of the Seoul days from..to ("YYYYMMDD"); *pages is the
     * total. */
    enum gateway_answer (*history)(struct gateway *g, struct str from, struct str to, int64_t page,
                                   struct arena *a, const struct gateway_history **list,
                                   size_t *count, int64_t *pages, struct gateway_fault *fault);
    /* Page `page` (from 1) of the receivers of request `mid`. */
    enum gateway_answer (*detail)(struct gateway *g, struct str mid, int64_t page, struct arena *a,
                                  const struct gateway_detail **list, size_t *count, int64_t *pages,
                                  struct gateway_fault *fault);
    enum gateway_answer (*templates)(struct gateway *g, struct arena *a,
                                     const struct gateway_template **list, size_t *count,
                                     struct gateway_fault *fault);
    enum gateway_answer (*balance)(struct gateway *g, struct arena *a,
                                   struct gateway_balance *balance, struct gateway_fault *fault);
    enum gateway_answer (*profiles)(struct gateway *g, struct arena *a,
                                    const struct gateway_profile **list, size_t *count,
                                    struct gateway_fault *fault);
    /* What changes something at the gateway, as a send, is on the wire at most once. */

    /* Registers a template, or changes the one with form->code; *code is its code then. */
    enum gateway_answer (*template_save)(struct gateway *g,
                                         const struct gateway_template_form *form, struct arena *a,
                                         struct str *code, struct gateway_fault *fault);
    enum gateway_answer (*template_delete)(struct gateway *g, struct str code, struct arena *a,
                                           struct gateway_fault *fault);
    /* Asks for the inspection of a registered template. */
    enum gateway_answer (*template_request)(struct gateway *g, struct str code, struct arena *a,
                                            struct gateway_fault *fault);
    /* Has a number sent to the administrator (mobile `phone`) of a channel, by KakaoTalk. */
    enum gateway_answer (*channel_auth)(struct gateway *g, struct str channel, struct str phone,
                                        struct arena *a, struct gateway_fault *fault);
    enum gateway_answer (*categories)(struct gateway *g, struct arena *a,
                                      const struct gateway_category **list, size_t *count,
                                      struct gateway_fault *fault);
    enum gateway_answer (*channel_add)(struct gateway *g, const struct gateway_channel_form *form,
                                       struct arena *a, struct gateway_profile *added,
                                       struct gateway_fault *fault);
};

/* Drivers by name ("aligo"); NULL when unknown. The practice gateway speaks Aligo. */
const struct gateway_driver *gateway_driver_find(struct str name);

/* State for calls of one thread; `account` is copied. Never NULL. The first one sets the process to
 * ignore SIGPIPE. Proxies named by the environment are not used. */
struct gateway *gateway_open(const struct gateway_driver *driver,
                             const struct gateway_account *account) MUST_CHECK;
const struct gateway_driver *gateway_driver(const struct gateway *g);
void gateway_close(struct gateway **g);

/* Times after which a call is given up. Tests shorten them before threads start. */
struct gateway_timeouts {
    long connect_ms; /* 10,000 */
    long send_ms;    /* 30,000 */
    long read_ms;    /* 15,000 */
};
void gateway_timeouts_set(const struct gateway_timeouts *t);
/* Those in force. */
struct gateway_timeouts gateway_timeouts_get(void);

#endif
