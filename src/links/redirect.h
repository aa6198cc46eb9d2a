/*
 * redirect.h - from a token to the address behind the button, with the hit kept before the answer.
 *
 * Called by api/links for every hit. A target is answered only when its click is in the journal;
 * only http and https addresses are targets. Tokens of campaigns that have started never change, so
 * what was looked up once is remembered in tables of a fixed size and the database is asked again
 * only for what has been pushed out.
 */
#ifndef LINKS_REDIRECT_H
#define LINKS_REDIRECT_H

#include "links/journal.h"
#include "store/store.h"

struct links;

/* Both must outlive it. */
struct links *links_open(struct store *store, struct click_journal *journal);
void links_close(struct links **l);

/* What a request tells of itself. */
struct link_visit {
    struct str token;      /* as it stands in the address */
    struct str user_agent; /* empty or ptr NULL: none */
    bool head;             /* HEAD instead of GET */
    int64_t at;            /* now, ms */
};

enum link_answer {
    LINK_FOUND,       /* the click is durable; *url is where to */
    LINK_PREVIEWED,   /* links_resolve: the campaign has not started, so nobody's click counts */
    LINK_UNKNOWN,     /* no such link, or nothing that one may be sent to */
    LINK_UNAVAILABLE, /* the store or the journal cannot do it now; nothing was kept */
};

/* Looks the link up, keeps the click (unless the campaign has not started), and gives the target,
 * fit for a Location header, owned by the arena. Any thread. */
enum link_answer links_follow(struct links *l, const struct link_visit *visit, struct arena *a,
                              struct str *url) MUST_CHECK;

/* The same without a click, for tests and for looking. */
enum link_answer links_resolve(struct links *l, struct str token, struct arena *a, struct click *of,
                               struct str *url) MUST_CHECK;

/* An address that may stand in a Location header: http or https with a host, bytes outside ASCII
 * written as %XX. ptr NULL when it is none: blanks, control characters, other schemes. */
struct str link_target(struct str url, struct arena *a);

#endif
