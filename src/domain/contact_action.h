/*
 * contact_action.h - one change to many contacts: into a group, from one to another, out of one,
 * gone.
 *
 * Whoever does something to contacts in groups comes through here, with one contact or with a
 * million: all of it happens or nothing does, the counters move with it, and 미지정 holds exactly
 * those that are in no other group afterwards. Called by the API (contact-actions, members of a
 * group) and by contact_delete.
 */
#ifndef DOMAIN_CONTACT_ACTION_H
#define DOMAIN_CONTACT_ACTION_H

#include "domain/contact.h"

#define CONTACT_ACTION_IDS_MAX 10000 /* contacts that may be named */

enum contact_action_kind {
    CONTACT_ADD,    /* into `group`; they stay in all others */
    CONTACT_MOVE,   /* those that are in `from`, out of it and into `group` */
    CONTACT_REMOVE, /* out of `from` */
    CONTACT_DELETE, /* the contacts themselves; messages they got stay */
};

/* Which contacts: those named, or with `filter` all that match it. */
struct contact_selection {
    const int64_t *ids; /* in any order; one named twice is one */
    size_t count;
    const struct contact_filter *filter; /* NULL: `ids` */
};

#define CONTACT_COUNT_ANY (-1)

struct contact_action {
    enum contact_action_kind kind;
    struct contact_selection selection;
    int64_t group;          /* of ADD and MOVE; never 미지정 */
    int64_t from;           /* of MOVE and REMOVE; 미지정 only of MOVE */
    int64_t expected_count; /* what the user was shown, or CONTACT_COUNT_ANY */
};

struct contact_action_result {
    int64_t selected; /* contacts that the selection held */
    int64_t changed;  /* not in the group before; that were in it; deleted */
};

/* Does it in one transaction. NOT_FOUND when a group or a contact that is named does not exist,
 * GROUP_DEFAULT as above, COUNT_CHANGED with how many the selection holds now when that is not
 * expected_count; INVALID with field errors when what the kind needs is not there. Nothing is
 * changed then. Memory does not grow with the selection. */
enum problem contact_act(struct scope *s, const struct contact_action *a,
                         struct contact_action_result *result);

#endif
