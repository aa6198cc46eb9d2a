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
http_handler contact_list_get, contact_post, contact_get_one, contact_patch, contact_delete_one;
/* groups.c */
http_handler group_list_get, group_post, group_get_one, group_patch, group_delete_one;
http_handler group_members_post, group_member_delete;
/* statistics.c */
http_handler summary_get, hour_list_get;
/* links.c */
http_handler link_follow;

/* sessions.c: begins a session of the scope's user and answers 201 with it and its cookie. */
int session_begin(struct http_exchange *x);

#endif
