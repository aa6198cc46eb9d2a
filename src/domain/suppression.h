/*
 * suppression.h - 수신거부: numbers that nothing is sent to.
 *
 * A number comes onto the list by hand, from a file, or because a delivery result said that its
 * owner has blocked the channel; it stays when its contact is deleted, and leaves only when a
 * person takes it off. The promise is kept in three places: a check leaves suppressed people out, a
 * checked campaign in which somebody has been suppressed since cannot be started, and the claim of
 * a request takes none of them (suppression_skip), whatever came in between. Adding moves what
 * waits in campaigns under way at once, so that the numbers shown are right. Called by the API,
 * campaign.c, campaign_check.c, message.c and request.c.
 *
 * Locks are taken in the order campaigns, list; whoever holds a lock on the list never waits for a
 * campaign.
 */
#ifndef DOMAIN_SUPPRESSION_H
#define DOMAIN_SUPPRESSION_H

#include "domain/message.h"
#include "domain/phone_set.h"
#include "domain/scope.h"

#define SUPPRESSION_NOTE_MAX    200                /* characters */
#define SUPPRESSION_LIST_MAX    10000              /* numbers given by hand at a time */
#define SUPPRESSION_ROWS_MAX    100000             /* rows of a file */
#define SUPPRESSION_FILE_MAX    ((size_t)20 << 20) /* bytes of it */
#define SUPPRESSION_REFUSED_MAX 100                /* of which is told why */

struct suppression {
    int64_t id, created_at;
    struct str phone, reason, note; /* reason: "manual", "file", "blocked" */
    int64_t contact, campaign;      /* 0: none */
    struct str contact_name, campaign_name;
};

struct suppression_filter {
    struct str query;  /* part of the number, the contact's name or the remark; empty: any */
    struct str reason; /* empty: any */
};

/* True for a reason of the list. */
bool suppression_reason_known(struct str reason);
/* One page, the newest first; *next as in message_list. */
enum problem suppression_list(struct scope *s, const struct suppression_filter *filter,
                              const struct page *page, const struct suppression **list,
                              size_t *count, struct str *next);

/* ---- adding ---- */

/* A text that is no number to send to. */
struct suppression_refused {
    int64_t row;             /* place in the list, or row of the file */
    struct str text, reason; /* reason: word of phone_reason_text */
};

/* What became of the numbers. */
struct suppression_added {
    int64_t added, already, refused_count, stopped;
    struct suppression_refused refused[SUPPRESSION_REFUSED_MAX]; /* the first of them */
};

/* Judges one text: into `phones`, or counted in *out as one that is there twice or is refused. Kept
 * texts are copied into the arena. */
void suppression_take(int64_t row, struct str text, struct arena *a, struct phone_set *phones,
                      struct suppression_added *out);
/* Reads the numbers of a file (any that sheet.h reads), likewise. SHEET_REFUSED, PHONES_NOT_FOUND
 * when there is no column of mobile numbers, ROWS_MANY. */
enum problem suppression_file_read(struct scope *s, const char *path, struct phone_set *phones,
                                   struct suppression_added *out);
/* Puts the numbers on the list and stops what waits for them in campaigns that are sending or
 * paused, in one transaction; counts into *out. */
enum problem suppression_add(struct scope *s, const struct phone_set *phones, struct str reason,
                             struct str note, struct suppression_added *out);
/* Messages can be sent to the number again; what was stopped stays stopped. */
enum problem suppression_delete(struct scope *s, int64_t id);

/* ---- for campaigns ---- */

/* Adds the whole list to a set. */
void suppression_load(struct scope *s, struct phone_set *phones);
/* True when the number is on the list: for a single one. */
bool suppression_has(struct scope *s, struct str phone);
/* True when a message of the campaign waits for a suppressed number. */
bool suppression_waits(struct scope *s, int64_t campaign);
/* Skips the waiting messages with ordinals from `first` to `last` that are for suppressed numbers,
 * inside the caller's transaction, which has locked the campaign. Returns how many. */
int64_t suppression_skip(struct scope *s, int64_t campaign, int64_t first, int64_t last);
/* Suppresses the numbers of accepted messages of a request whose result, noted just now, says
 * blocked; inside the caller's transaction. */
void suppression_add_blocked(struct scope *s, const struct message_selection *request);

#endif
