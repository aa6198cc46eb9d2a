/*
 * contact_history.h - what one contact was sent, over all campaigns.
 *
 * Messages are found by the number they were for: the contact's and those it had before
 * (contact_past_phone), each looked for in each campaign that was started. So the work grows with
 * campaigns, never with messages, and needs no index of its own. Called by the API.
 */
#ifndef DOMAIN_CONTACT_HISTORY_H
#define DOMAIN_CONTACT_HISTORY_H

#include "domain/message_view.h"

struct contact_message {
    int64_t campaign;
    struct str campaign_name, template_name;
    struct message message;
};

/* One page, the newest campaign first; *next as in message_list. NOT_FOUND when there is no such
 * contact. */
enum problem contact_history(struct scope *s, int64_t contact, const struct page *page,
                             const struct contact_message **list, size_t *count, struct str *next);

#endif
