/*
 * recipients.h - whom a campaign goes to: everybody in one of some groups, minus everybody in one
 * of some others, each person once.
 *
 * A choice is what the user said; it is stored with the campaign and answered anew from the groups
 * as they are whenever it is asked. People are walked in the order of their contact ids, a page at
 * a time, in work that grows with the members of the chosen groups, never with the company's
 * contacts. Whom nothing may be sent to all the same (suppressed, lately sent to) is told by
 * domain/suppression.h and domain/recent.h: they are recipients who are left out with a reason.
 * Called by campaigns, the preview and the API. Refuses groups that do not exist.
 */
#ifndef DOMAIN_RECIPIENTS_H
#define DOMAIN_RECIPIENTS_H

#include "domain/scope.h"

#define RECIPIENTS_GROUPS_MAX 100 /* on either side */
#define RECIPIENTS_DAYS_MAX   365
#define RECIPIENTS_PAGE_MAX   500

struct recipients_choice {
    int64_t groups[RECIPIENTS_GROUPS_MAX], except[RECIPIENTS_GROUPS_MAX]; /* each id once */
    size_t group_count, except_count;
    int64_t except_days; /* not those who got the template within; 0: everybody */
};

/* A chosen group as it is called now. */
struct recipients_group {
    int64_t id;
    struct str name;
};

/* A choice for people to read; groups that were deleted are left out. */
struct recipients {
    const struct recipients_group *groups, *except;
    size_t group_count, except_count;
    int64_t except_days; /* 0: everybody */
};

/* Adds a group to one side of a choice, once; false when there are RECIPIENTS_GROUPS_MAX. */
bool recipients_choice_add(struct recipients_choice *c, bool except, int64_t group);
/* What a stored choice comes to now: the groups that are left. */
struct recipients_choice recipients_choice_of(const struct recipients *r);

/* Notes field errors: no group, one that does not exist, days out of range. */
void recipients_check(struct scope *s, const struct recipients_choice *c);
/* Stores the choice of a campaign in place of the one before, inside the caller's transaction; its
 * except_days stand in the campaign's own row. */
void recipients_write(struct scope *s, int64_t campaign, const struct recipients_choice *c);
/* Takes the choice of a deleted campaign away, likewise. */
void recipients_forget(struct scope *s, int64_t campaign);
/* Reads the groups of a campaign into *out, memory of the scope; except_days is left alone. */
void recipients_read(struct scope *s, int64_t campaign, struct recipients *out);

/* One of them, and whoever else gets a message. */
struct person {
    int64_t contact;
    struct str name, phone, email; /* ptr NULL: none */
    struct str attributes;         /* JSON as stored */
};

/* How many people are in the groups, each once, and in *excepted how many of them an exception
 * takes out. Instant for one group without exceptions; otherwise as much work as the groups but the
 * largest, and the smaller of both sides, have members. */
int64_t recipients_count(struct scope *s, const struct recipients_choice *c, int64_t *excepted);
/* What becomes of them: suppressed of those not excepted, recent of those not suppressed. */
struct recipients_tally {
    int64_t selected, excepted, suppressed, recent;
};

/* Counts all that, exactly; `template` 0: nobody is recent. INVALID as recipients_check notes it,
 * or for a template that is not there. */
enum problem recipients_tally(struct scope *s, const struct recipients_choice *c, int64_t template,
                              struct recipients_tally *out);
/* The next at most `max` (up to RECIPIENTS_PAGE_MAX) people with ids above `after`, by id, texts in
 * the arena: fewer when their attributes are very long, none at the end. */
size_t recipients_page(struct scope *s, const struct recipients_choice *c, int64_t after,
                       size_t max, struct person *list, struct arena *a);
/* The person at `position` from 1, by id; false when there are not so many. */
bool recipients_at(struct scope *s, const struct recipients_choice *c, int64_t position,
                   struct person *out, struct arena *a);
/* The last person with an id below `contact`; false when there is none. */
bool recipients_before(struct scope *s, const struct recipients_choice *c, int64_t contact,
                       struct person *out, struct arena *a);

#endif
