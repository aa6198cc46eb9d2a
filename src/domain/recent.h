/*
 * recent.h - who got a template lately: people an exception of N days leaves out of a campaign.
 *
 * Those are the numbers of messages of campaigns with the same template, any version of it, that
 * were started since then and have left or may have left us (sending, accepted, delivered, unknown,
 * expired). Numbers are compared, not contacts, since it is the phone that rings. Called by
 * campaign_check.c and recipients_count.c.
 */
#ifndef DOMAIN_RECENT_H
#define DOMAIN_RECENT_H

#include "domain/phone_set.h"
#include "domain/scope.h"

struct recent {
    const int64_t *campaigns; /* NULL: nobody asks */
    size_t campaign_count;
    int64_t messages; /* of all of them, about */
    bool loaded;      /* all numbers are in `phones`; otherwise each is looked for */
    struct phone_set phones;
};

#define RECENT(name) struct recent name CLEANUP(recent_free) = {0}

/* Gets ready to be asked for about `people` numbers, in whichever way is less work: reading all
 * those messages once, or looking for each number in each campaign. `days` 0: nobody is recent. */
void recent_open(struct scope *s, int64_t template, int64_t days, int64_t people,
                 struct recent *out);
bool recent_has(struct scope *s, const struct recent *r, struct str phone);
void recent_free(struct recent *r);

#endif
