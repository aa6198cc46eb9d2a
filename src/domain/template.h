/*
 * template.h - templates as the gateway has approved them, every version kept.
 *
 * A sync (template_sync.c) brings the gateway's list; a text, title or button that differs from the
 * newest version becomes a new one. Campaigns are bound to a version and are checked against the
 * current one. A template that the gateway does not list any more stays, marked as gone: what was
 * sent with it is told by its versions. Called by the API, campaigns and sender/account.
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
#define TEMPLATE_COMMENTS_MAX  20   /* remarks of inspectors that are kept: the newest */

/* A list older than this is fetched again (sync_due_at of a profile). */
#define TEMPLATE_SYNC_MS HOUR_MS

struct template
{
    int64_t id, profile, version, fetched_at;
    struct str code, name;
    struct str content, type, emphasis, title, subtitle, extra;
    struct str status, inspection; /* words of the API */
    struct button buttons[BUTTONS_MAX];
    size_t button_count;
    struct str image_url;
    struct str comments; /* of the inspection: JSON array of {text, author, at}, the newest last */
    struct str gateway_created_at, gateway_updated_at; /* as the gateway writes them */
    int64_t version_at;                                /* this version was first seen */
    bool present;                                      /* the gateway still lists it */
    bool secure;                                       /* shown on the main device only */
};

struct template_sync {
    int64_t added, changed, unchanged, removed, at;
};

/* Takes over the gateway's whole list of a profile, in one transaction: what is not in it any more
 * is marked as gone, and the profile's next sync is due in TEMPLATE_SYNC_MS. Of `list` the ids,
 * versions and instants are not read. */
enum problem template_sync(struct scope *s, int64_t profile, const struct template *list,
                           size_t count, struct template_sync *out);
/* The same for a list that was asked for at `asked_at`: it is dropped, all counts 0, when one that
 * was asked for later has been taken over meanwhile. */
enum problem template_sync_asked(struct scope *s, int64_t profile, int64_t asked_at,
                                 const struct template *list, size_t count,
                                 struct template_sync *out);

enum problem template_get(struct scope *s, int64_t id, struct template *out);
/* A given version: its texts and buttons; status and inspection are today's. */
enum problem template_get_version(struct scope *s, int64_t id, int64_t version,
                                  struct template *out);
/* The one a profile's gateway knows by `code`, also when it is gone. */
enum problem template_get_code(struct scope *s, int64_t profile, struct str code,
                               struct template *out);
/* The first TEMPLATES_MAX that are still at a gateway, by name. */
enum problem template_list(struct scope *s, const struct template **list, size_t *count);
/* A page of those still at a gateway, by name; `profile` 0: of all. *next has ptr NULL at the end.
 */
enum problem template_page(struct scope *s, int64_t profile, const struct page *page,
                           const struct template **list, size_t *count, struct str *next);
/* A page of a template's versions, the newest first. */
enum problem template_versions(struct scope *s, int64_t id, const struct page *page,
                               const struct template **list, size_t *count, struct str *next);

/* Why it cannot be sent: one of the PROBLEM_TEMPLATE_* rows of template_problem_word, or NONE. */
enum problem template_problem(const struct template *t);
/* The word of the API for such a problem: "stopped". */
struct str template_problem_word(enum problem p);
/* And back; NONE for no such word. */
enum problem template_problem_find(struct str word);
/* Approved, neither stopped nor asleep, and still listed. */
bool template_sendable(const struct template *t);
/* May be changed at the gateway, or given to inspection: registered or rejected. */
bool template_editable(const struct template *t);
/* May be deleted at the gateway: not approved, and not one that accounts share. */
bool template_deletable(const struct template *t);
/* Names of the variables that need values (body, title, links that are not tracked), in order. */
size_t template_variables(const struct template *t, struct arena *a,
                          struct str list[TEMPLATE_VARIABLES_MAX]);
/* Names of the variables that stand in tracked links only. */
size_t template_link_variables(const struct template *t, struct arena *a,
                               struct str list[TEMPLATE_VARIABLES_MAX]);

#endif
