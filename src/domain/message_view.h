/*
 * message_view.h - messages as people look at them: lists with filters, and one with all that is
 * known of it. Reads only; called by the API.
 */
#ifndef DOMAIN_MESSAGE_VIEW_H
#define DOMAIN_MESSAGE_VIEW_H

#include "domain/request.h"

struct message {
    int64_t ordinal, contact, request, click_count;
    int64_t sent_at, accepted_at, settled_at, first_click_at; /* 0: not yet */
    struct str name, phone, reason;
    enum message_state state;
};

struct message_filter {
    enum message_state state; /* 0: any */
    bool clicked;             /* only those a person clicked */
    struct str query;         /* part of the name or of the number; empty: any */
};

/* One page by ordinal. *next is the cursor of the next page or has ptr NULL. */
enum problem message_list(struct scope *s, int64_t campaign, const struct message_filter *filter,
                          const struct page *page, const struct message **list, size_t *count,
                          struct str *next);

/* One message of a walk, with the attributes its contact has now (ptr NULL: there is none any
 * more). What is in them and in the arena lives until the function returns; false ends the walk. */
typedef bool message_visit(void *ctx, struct arena *a, const struct message *m,
                           struct str attributes);
/* Walks over all that match by ordinal, in memory that does not grow and in steps as contact_each.
 */
enum problem message_each(struct scope *s, int64_t campaign, const struct message_filter *filter,
                          message_visit *visit, void *ctx);

struct message_click {
    int64_t at, button;
    struct str kind;
};

struct message_detail {
    struct message message;
    struct str title, body,
        buttons; /* buttons: JSON array as sent, each with "target" when tracked */
    struct str result_code, result_text;
    const struct request_event *timeline;
    size_t event_count;
    const struct message_click *clicks;
    size_t click_count;
    int64_t previous, next; /* ordinals of the neighbours, 0: none */
};

enum problem message_get(struct scope *s, int64_t campaign, int64_t ordinal,
                         struct message_detail *out);

#endif
