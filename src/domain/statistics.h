/*
 * statistics.h - the numbers of the first page and the series by hour.
 *
 * Everything here is read from counters that are kept in the transactions of the rows they count
 * (hour_count, hour_click, company); no row of message or click is looked at, so an answer takes as
 * long with ten million messages as with ten. A message belongs to the hour of its call: a late
 * result or click is counted there. Called by api/statistics.
 *
 * Sent is what was handed to the gateway: sending, accepted, delivered, failed, expired, unknown.
 * What history proves absent (unsent) was not sent.
 */
#ifndef DOMAIN_STATISTICS_H
#define DOMAIN_STATISTICS_H

#include "domain/scope.h"

struct summary {
    int64_t contacts, groups, campaigns;
    int64_t sent, accepted, delivered, failed, unknown, expired; /* messages */
    int64_t tracked_delivered; /* delivered messages with a link of their own */
    int64_t clicked;           /* messages that a person clicked */
    double success_rate;       /* delivered / (delivered + failed); below 0: none yet */
    double
        click_rate; /* those clicked among tracked_delivered / tracked_delivered; below 0: none */
};

enum problem statistics_summary(struct scope *s, struct summary *out);

#define STATISTICS_HOURS_MAX (31 * 24 + 1) /* 31 days that begin within an hour */

struct hour_statistics {
    int64_t hour; /* its start */
    int64_t sent; /* calls in this hour; of these: */
    int64_t delivered, failed;
    int64_t pending; /* sending, accepted or unknown */
    int64_t clicked; /* by a person, whenever */
};

/* Every hour that has a part in [from, to), oldest first, zeros included; at most 31 days. A
 * negative `to` is now; a negative `from` gives the 24 hours up to `to`. */
enum problem statistics_hours(struct scope *s, int64_t from, int64_t to,
                              const struct hour_statistics **list, size_t *count);

#endif
