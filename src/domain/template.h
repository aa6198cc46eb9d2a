/*
 * template.h - templates as the gateway has approved them, every version kept.
 *
 * A sync brings the gateway's list; a text, title or button that differs from the newest version
 * becomes a new one. Campaigns are bound to a version and are checked against the current one.
 */
#ifndef DOMAIN_TEMPLATE_H
#define DOMAIN_TEMPLATE_H

#include "domain/button.h"
#include "domain/pattern.h"
#include "domain/scope.h"

#define TEMPLATE_VARIABLES_MAX 40
#define TEMPLATES_MAX          2000 /* of one profile */
#define TEMPLATE_BODY_MAX      1000 /* characters after rendering, with the extra text */
#define TEMPLATE_TITLE_MAX     50   /* characters after rendering */

struct template
{
    int64_t id, profile, version, fetched_at;
    struct str code, name;
    struct str content, type, emphasis, title, subtitle, extra;
    struct str status, inspection; /* words of the API */
    struct button buttons[BUTTONS_MAX];
    size_t button_count;
    bool present; /* the gateway still lists it */
};

struct template_sync {
    int64_t added, changed, unchanged, removed, at;
};

/* Takes over the gateway's whole list of a profile, in one transaction: what is not in it any more
 * is marked as gone. Only the texts of `list` are read. */
enum problem template_sync(struct scope *s, int64_t profile, const struct template *list,
                           size_t count, struct template_sync *out);

enum problem template_get(struct scope *s, int64_t id, struct template *out);
/* A given version: its texts and buttons; status and inspection are today's. */
enum problem template_get_version(struct scope *s, int64_t id, int64_t version,
                                  struct template *out);
/* All that are still at a gateway, by name. */
enum problem template_list(struct scope *s, const struct template **list, size_t *count);

/* Approved, not stopped, and still listed. */
bool template_sendable(const struct template *t);
/* Names of the variables that need values (body, title, links that are not tracked), in order. */
size_t template_variables(const struct template *t, struct arena *a,
                          struct str list[TEMPLATE_VARIABLES_MAX]);
/* Names of the variables that stand in tracked links only. */
size_t template_link_variables(const struct template *t, struct arena *a,
                               struct str list[TEMPLATE_VARIABLES_MAX]);

#endif
