/*
 * handlers.h - every handler that routes.c names, by the file it lives in.
 */
#ifndef API_HANDLERS_H
#define API_HANDLERS_H

#include "api/api.h"

/* status.c */
http_handler status_get, openapi_get;
/* companies.c, sessions.c */
http_handler company_post;
http_handler session_post, session_get_current, session_delete_current;
/* contacts.c */
http_handler contact_list_get, contact_count_get, contact_post, contact_get_one, contact_patch,
    contact_delete_one;
/* contact_actions.c */
http_handler contact_action_post;
/* groups.c */
http_handler group_list_get, group_post, group_get_one, group_patch, group_delete_one;
http_handler group_members_post, group_member_delete;
/* profiles.c */
http_handler profile_list_get, profile_post, profile_get_one, profile_delete_one, balance_get;
http_handler profile_patch, profile_check_post;
/* channels.c */
http_handler channel_list_post, channel_auth_post, channel_category_list_post, channel_post;
/* templates.c */
http_handler template_list_get, template_get_one, template_sync_post;
http_handler template_post, template_put, template_delete_one, template_versions_get;
http_handler template_inspection_post, template_check_post;
/* campaigns.c */
http_handler campaign_list_get, campaign_post, campaign_get_one, campaign_patch,
    campaign_delete_one;
http_handler campaign_check_post, campaign_send_post, campaign_pause_post, campaign_resume_post,
    campaign_cancel_post, campaign_requeue_post, campaign_events_get;
/* recipients.c */
http_handler recipient_count_post;
/* suppressions.c */
http_handler suppression_list_get, suppression_post, suppression_file_post, suppression_delete_one;
/* messages.c */
http_handler message_list_get, message_get_one, contact_message_list_get;
/* imports.c */
http_handler import_post, import_list_get, import_get_one, import_delete, import_mapping_put;
http_handler import_rows_get, import_rows_patch, import_row_patch, import_confirm_post;
http_handler import_cancel_post, import_workbook_get, import_corrections_post;
/* previews.c */
http_handler preview_post;
/* exports.c */
http_handler contact_export_get, message_export_get, template_workbook_get;
/* statistics.c */
http_handler summary_get, hour_list_get;
/* links.c */
http_handler link_follow;

struct contact_filter;
/* contacts.c: reads ?q=, ?group_id= and ?sort=; 0, or 400 answered. */
int contact_filter_read(struct http_exchange *x, struct contact_filter *filter);
struct button;
struct campaign_value;
struct message_filter;
struct recipients;
struct recipients_choice;
/* messages.c: reads ?state=, ?clicked= and ?q=; false when a word is not known. */
bool message_filter_read(struct http_exchange *x, struct message_filter *f);
/* recipients.c: reads a RecipientChoice and notes what is wrong with its form; domain/recipients.h
 * judges the rest. */
void recipients_choice_read(struct http_exchange *x, const json_t *object,
                            struct recipients_choice *c);
/* campaigns.c: reads VariableValues (NULL: none) and notes what is wrong; *list is the request's.
 */
void campaign_values_take(struct http_exchange *x, json_t *values,
                          const struct campaign_value **list, size_t *count);
/* templates.c: writes a TemplateButton. */
void template_button_put(struct json *j, const struct button *b, int64_t ordinal, bool tracked);
/* recipients.c: writes the member "recipients". */
void recipients_put(struct json *j, const struct recipients *r);
/* profiles.c: the address of a gateway without slashes at its end, Aligo's own when it is empty;
 * notes what is no address as a wrong field `base_url`. */
struct str gateway_url_read(struct http_exchange *x, struct str url);
/* sessions.c: begins a session of the scope's user and answers 201 with it and its cookie. */
int session_begin(struct http_exchange *x);

#endif
