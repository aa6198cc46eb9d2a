/*
 * campaign_row.h - what campaign.c and campaign_check.c share; nobody else includes it.
 */
#ifndef DOMAIN_CAMPAIGN_ROW_H
#define DOMAIN_CAMPAIGN_ROW_H

#include "domain/campaign.h"

/* Locks the row and tells its state; empty when there is none. Inside a transaction. */
struct str campaign_state_lock(struct scope *s, int64_t id);
/* Writes a state and forgets why it was paused. Inside a transaction. */
void campaign_state_set(struct scope *s, int64_t id, struct str state);
/* The refusal that fits a state that does not allow something. */
enum problem campaign_wrong_state(struct scope *s, struct str state);
/* Draft or checked: nothing has left yet. */
bool campaign_editable(struct str state);
/* Takes back a check: messages, texts, links, counters. Inside a transaction. */
void campaign_messages_clear(struct scope *s, int64_t id);
/* Reads the column field_values. */
size_t campaign_values_read(struct arena *a, struct str text,
                            struct campaign_value list[TEMPLATE_VARIABLES_MAX]);

#endif
