/*
 * group.h - groups of contacts, and the one rule about 미지정.
 *
 * Every company has one default group, 미지정, that cannot be changed or deleted and holds exactly
 * the contacts that are in no other group. Whoever changes memberships calls group_settle_* in the
 * same transaction. member_count and company.group_count always equal the rows. Called by the API,
 * contacts, imports and sign-up. Putting contacts in and taking them out by hand is
 * contact_action.h.
 */
#ifndef DOMAIN_GROUP_H
#define DOMAIN_GROUP_H

#include "domain/scope.h"

#define GROUP_NAME_MAX        100 /* characters */
#define GROUP_DESCRIPTION_MAX 500

struct group {
    int64_t id, member_count, created_at;
    struct str name, description;
    bool is_default;
};

/* Makes a group; a name that is taken becomes `name(1)`, `name(2)` … */
enum problem group_create(struct scope *s, struct str name, struct str description, int64_t *id);
enum problem group_get(struct scope *s, int64_t id, struct group *out);

enum group_sort {
    GROUP_BY_CREATED, /* as made, 미지정 first */
    GROUP_BY_NAME,
    GROUP_BY_MEMBERS, /* the largest first */
    GROUP_BY_NEWEST,
};

struct group_filter {
    struct str query; /* part of the name, of any case; empty: any */
    enum group_sort sort;
};

/* One page. *next as in message_list: a group whose place in the order does not change while the
 * pages are read is told once. BAD_REQUEST for a cursor of another order. */
enum problem group_list(struct scope *s, const struct group_filter *filter, const struct page *page,
                        const struct group **list, size_t *count, struct str *next);
/* Changes what is not ptr NULL; GROUP_DEFAULT for 미지정. */
enum problem group_update(struct scope *s, int64_t id, struct str name, struct str description);
/* Its contacts stay; those that were in no other group are in 미지정 now. */
enum problem group_delete(struct scope *s, int64_t id);

/* ---- inside the caller's transaction, after company_lock() ---- */

/* Id of 미지정. */
int64_t group_default_id(struct scope *s);
/* Makes the default group of a new company. */
void group_insert_default(struct scope *s);
/* Makes a group with a checked name, made free. */
int64_t group_insert(struct scope *s, struct str name, struct str description);
/* Checks and cleans a name; notes a field error under `field` and returns false. */
bool group_name_check(struct scope *s, const char *field, struct str *name);
/* Puts one contact into the groups of `ids`, takes it out of all others, and settles it. Ids of
 * groups that do not exist must have been refused before (group_ids_check). */
void group_contact_set(struct scope *s, int64_t contact, const int64_t *ids, size_t count);
/* Notes a field error "group_ids" when one of the groups does not exist. */
void group_ids_check(struct scope *s, const int64_t *ids, size_t count);
/* 미지정 holds the contact when and only when no other group does. */
void group_settle_contact(struct scope *s, int64_t contact);

/* ---- many at once: the contacts are n1 of `bulk`, n2 is 0 for those made just now ---- */

/* Puts them, or only the new ones, into a group; says how many were not in it before. Whoever is
 * in another group than 미지정 now has to leave that (group_leave_home_bulk). */
int64_t group_join_bulk(struct scope *s, int64_t id, bool everybody);
/* Notes who of the others will join the group by it, so that it can be undone. */
void group_note_joining(struct scope *s, int64_t import, int64_t id);
/* Takes the others out of 미지정: they have joined another group. */
void group_leave_home_bulk(struct scope *s);
/* Takes the others out of a group, and says how many were in it; whoever is in no other one now
 * is in 미지정. Not for 미지정 itself. */
int64_t group_leave_bulk(struct scope *s, int64_t id);
/* Moves those of the others that are in `from` to `to`, and says how many; `to` is not 미지정. */
int64_t group_move_bulk(struct scope *s, int64_t from, int64_t to);
/* Takes all of them out of every group: they will be deleted. */
void group_forget_bulk(struct scope *s);
/* Undoes what group_note_joining has noted of contacts up to `last`. */
void group_undo_joining(struct scope *s, int64_t import, int64_t last);
/* Takes the contacts with ids from `first` to `last` out of every group: they will be deleted. */
void group_forget_range(struct scope *s, int64_t first, int64_t last);

/* Moves the counter of a group. */
void group_count_add(struct scope *s, int64_t id, int64_t delta);

#endif
