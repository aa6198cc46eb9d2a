/*
 * contact.h - contacts (고객): a person with a mobile number, once per company.
 *
 * The number is stored in its normal form (domain/phone.h) and is unique; everything else about a
 * person is free attributes. company.contact_count always equals the rows. Called by the API, and
 * by imports for the attributes.
 */
#ifndef DOMAIN_CONTACT_H
#define DOMAIN_CONTACT_H

#include "base/json.h"
#include "domain/scope.h"

#define CONTACT_NAME_MAX            100 /* characters */
#define CONTACT_ATTRIBUTES_MAX      200
#define CONTACT_ATTRIBUTE_NAME_MAX  100 /* characters */
#define CONTACT_ATTRIBUTE_VALUE_MAX 2000
#define CONTACT_ATTRIBUTES_TEXT_MAX ((size_t)2 << 20) /* bytes of the JSON */

struct contact_group {
    int64_t id;
    struct str name;
};

struct contact {
    int64_t id, created_at, updated_at;
    struct str name, phone;
    struct str email;      /* ptr NULL: none */
    struct str attributes; /* JSON object of texts */
    struct contact_group *groups;
    size_t group_count;
    bool suppressed; /* nothing is sent to the number (domain/suppression.h) */
};

/* What somebody wants a contact to be. When changing, ptr NULL and `false` leave as it is. */
struct contact_form {
    struct str name, phone;
    struct str email; /* empty or ptr NULL with email_given: none */
    bool email_given;
    const json_t *attributes; /* object of texts, or NULL */
    const int64_t *group_ids;
    size_t group_count;
    bool groups_given;
};

enum contact_sort {
    CONTACT_SORT_NEWEST,
    CONTACT_SORT_OLDEST,
    CONTACT_SORT_NAME,
    CONTACT_SORT_NAME_DESC,
    CONTACT_SORT_PHONE,
    CONTACT_SORT_PHONE_DESC,
};

/* The order of that name in the API; false when there is none. */
bool contact_sort_find(struct str word, enum contact_sort *out);

struct contact_filter {
    struct str query;       /* words, as in domain/search.h; empty: any */
    int64_t group;          /* 0: any */
    enum contact_sort sort; /* of contact_list alone */
};

/* INVALID with field errors, PHONE_TAKEN naming who has the number. */
enum problem contact_create(struct scope *s, const struct contact_form *form, int64_t *id);
enum problem contact_get(struct scope *s, int64_t id, struct contact *out);
/* One page in the order of the filter; it has fewer when their attributes are very long. *next as
 * in message_list. */
enum problem contact_list(struct scope *s, const struct contact_filter *filter,
                          const struct page *page, const struct contact **list, size_t *count,
                          struct str *next);
/* Exactly how many match: at once without words, else each is looked at. */
enum problem contact_count(struct scope *s, const struct contact_filter *filter, int64_t *count);
/* Ids of those that match, ascending, beyond `after`, at most `max`. */
enum problem contact_ids(struct scope *s, const struct contact_filter *filter, int64_t after,
                         int64_t *ids, size_t max, size_t *count);
/* One contact of a walk. What is in it and in the arena lives until the function returns; false
 * ends the walk. */
typedef bool contact_visit(void *ctx, struct arena *a, const struct contact *c);
/* Walks over all that match, the oldest first, in memory that does not grow. It reads in steps of
 * its own, so that nobody waits for it: what changes meanwhile is met or missed. */
enum problem contact_each(struct scope *s, const struct contact_filter *filter,
                          contact_visit *visit, void *ctx);
/* The same where only their attributes are of interest; all else is empty. */
enum problem contact_each_attributes(struct scope *s, const struct contact_filter *filter,
                                     contact_visit *visit, void *ctx);
/* Ids of those that match, ascending, beyond `after`, at most `max`. */
enum problem contact_ids(struct scope *s, const struct contact_filter *filter, int64_t after,
                         int64_t *ids, size_t max, size_t *count);
enum problem contact_update(struct scope *s, int64_t id, const struct contact_form *form);
/* Takes it out of its groups, too; messages it got stay. */
enum problem contact_delete(struct scope *s, int64_t id);

/* The attributes `old` with those of `more` (JSON objects of texts): a key that both have gets the
 * new value when `over`, new keys come in as long as there are fewer than CONTACT_ATTRIBUTES_MAX.
 */
struct str contact_attributes_merge(struct arena *a, struct str old, struct str more, bool over);

#endif
