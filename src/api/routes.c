/*
 * routes.c - every address of the API in one table: method, path, who may, who answers, the name in
 * openapi.json, and what body it takes. A test compares it with that file.
 */
#include "api/handlers.h"
#include "domain/import.h"
#include "domain/suppression.h"

#define V1      "/api/v1"
#define NONE    .body = HTTP_BODY_NONE
#define UPLOAD  .body = HTTP_BODY_FILE, .body_max = IMPORT_FILE_MAX
#define NUMBERS .body = HTTP_BODY_FILE, .body_max = SUPPRESSION_FILE_MAX
#define JSON    .body = HTTP_BODY_JSON, .body_max = HTTP_JSON_MAX

const struct http_route api_routes[] = {
    /* clang-format off */
    {HTTP_GET,    V1 "/status",       API_NO_STORE, status_get,  "getStatus", NONE},
    {HTTP_GET,    V1 "/openapi.json", API_NO_STORE, openapi_get, "getOpenapi", NONE},

    {HTTP_POST,   V1 "/companies",        ROLE_NONE,   company_post,           "signUp", JSON},
    {HTTP_POST,   V1 "/sessions",         ROLE_NONE,   session_post,           "login", JSON},
    {HTTP_GET,    V1 "/sessions/current", ROLE_VIEWER, session_get_current,    "getSession", NONE},
    {HTTP_DELETE, V1 "/sessions/current", ROLE_VIEWER, session_delete_current, "logout", NONE},

    {HTTP_GET,    V1 "/contacts",      ROLE_VIEWER, contact_list_get,   "listContacts", NONE},
    {HTTP_POST,   V1 "/contacts",      ROLE_SENDER, contact_post,       "createContact", JSON},
    {HTTP_GET,    V1 "/contacts/count", ROLE_VIEWER, contact_count_get, "countContacts", NONE},
    {HTTP_GET,    V1 "/contacts/export", ROLE_VIEWER, contact_export_get, "exportContacts", NONE},
    {HTTP_GET,    V1 "/contacts/{id}", ROLE_VIEWER, contact_get_one,    "getContact", NONE},
    {HTTP_PATCH,  V1 "/contacts/{id}", ROLE_SENDER, contact_patch,      "updateContact", JSON},
    {HTTP_DELETE, V1 "/contacts/{id}", ROLE_SENDER, contact_delete_one, "deleteContact", NONE},
    {HTTP_POST,   V1 "/contact-actions", ROLE_SENDER, contact_action_post, "actOnContacts", JSON},

    {HTTP_GET,    V1 "/contacts/{id}/messages", ROLE_VIEWER, contact_message_list_get,
                  "listContactMessages", NONE},

    {HTTP_GET,    V1 "/suppressions",      ROLE_VIEWER, suppression_list_get,   "listSuppressions", NONE},
    {HTTP_POST,   V1 "/suppressions",      ROLE_SENDER, suppression_post,       "addSuppressions", JSON},
    {HTTP_POST,   V1 "/suppressions/file", ROLE_SENDER, suppression_file_post,  "importSuppressions", NUMBERS},
    {HTTP_DELETE, V1 "/suppressions/{id}", ROLE_SENDER, suppression_delete_one, "deleteSuppression", NONE},

    {HTTP_GET,    V1 "/groups",      ROLE_VIEWER, group_list_get,   "listGroups", NONE},
    {HTTP_POST,   V1 "/groups",      ROLE_SENDER, group_post,       "createGroup", JSON},
    {HTTP_GET,    V1 "/groups/{id}", ROLE_VIEWER, group_get_one,    "getGroup", NONE},
    {HTTP_PATCH,  V1 "/groups/{id}", ROLE_SENDER, group_patch,      "updateGroup", JSON},
    {HTTP_DELETE, V1 "/groups/{id}", ROLE_SENDER, group_delete_one, "deleteGroup", NONE},
    {HTTP_POST,   V1 "/groups/{id}/members", ROLE_SENDER, group_members_post, "addGroupMembers", JSON},
    {HTTP_DELETE, V1 "/groups/{id}/members/{contact_id}", ROLE_SENDER, group_member_delete,
                  "removeGroupMember", NONE},

    {HTTP_GET,    V1 "/sender-profiles",      ROLE_VIEWER, profile_list_get,   "listSenderProfiles", NONE},
    {HTTP_POST,   V1 "/sender-profiles",      ROLE_OWNER,  profile_post,       "createSenderProfile", JSON},
    {HTTP_GET,    V1 "/sender-profiles/{id}", ROLE_VIEWER, profile_get_one,    "getSenderProfile", NONE},
    {HTTP_DELETE, V1 "/sender-profiles/{id}", ROLE_OWNER,  profile_delete_one, "deleteSenderProfile", NONE},
    {HTTP_PATCH,  V1 "/sender-profiles/{id}", ROLE_OWNER,  profile_patch,      "updateSenderProfile", JSON},
    {HTTP_GET,    V1 "/sender-profiles/{id}/balance", ROLE_VIEWER, balance_get, "getBalance", NONE},
    {HTTP_POST,   V1 "/sender-profiles/{id}/check", ROLE_SENDER, profile_check_post, "checkSenderProfile", NONE},
    {HTTP_POST,   V1 "/channel-lists",      ROLE_OWNER, channel_list_post, "listChannels", JSON},
    {HTTP_POST,   V1 "/channel-auths",      ROLE_OWNER, channel_auth_post, "requestChannelAuth", JSON},
    {HTTP_POST,   V1 "/channel-categories", ROLE_OWNER, channel_category_list_post,
                  "listChannelCategories", JSON},
    {HTTP_POST,   V1 "/channels",           ROLE_OWNER, channel_post,      "registerChannel", JSON},

    {HTTP_GET,    V1 "/templates",      ROLE_VIEWER, template_list_get,  "listTemplates", NONE},
    {HTTP_POST,   V1 "/templates",      ROLE_SENDER, template_post,      "createTemplate", JSON},
    {HTTP_GET,    V1 "/templates/{id}", ROLE_VIEWER, template_get_one,   "getTemplate", NONE},
    {HTTP_PUT,    V1 "/templates/{id}", ROLE_SENDER, template_put,       "changeTemplate", JSON},
    {HTTP_DELETE, V1 "/templates/{id}", ROLE_SENDER, template_delete_one, "deleteTemplate", NONE},
    {HTTP_GET,    V1 "/templates/{id}/versions", ROLE_VIEWER, template_versions_get,
                  "listTemplateVersions", NONE},
    {HTTP_POST,   V1 "/templates/{id}/inspection", ROLE_SENDER, template_inspection_post,
                  "requestInspection", NONE},
    {HTTP_GET,    V1 "/templates/{id}/workbook", ROLE_VIEWER, template_workbook_get,
                  "downloadTemplateWorkbook", NONE},
    {HTTP_POST,   V1 "/template-syncs", ROLE_SENDER, template_sync_post, "syncTemplates", JSON},
    {HTTP_POST,   V1 "/template-checks", ROLE_VIEWER, template_check_post, "checkTemplate", JSON},

    {HTTP_POST,   V1 "/recipient-counts", ROLE_VIEWER, recipient_count_post, "countRecipients", JSON},
    {HTTP_POST,   V1 "/previews",         ROLE_VIEWER, preview_post,         "previewMessage", JSON},
    {HTTP_GET,    V1 "/campaigns",             ROLE_VIEWER, campaign_list_get,    "listCampaigns", NONE},
    {HTTP_POST,   V1 "/campaigns",             ROLE_SENDER, campaign_post,        "createCampaign", JSON},
    {HTTP_GET,    V1 "/campaigns/{id}",        ROLE_VIEWER, campaign_get_one,     "getCampaign", NONE},
    {HTTP_PATCH,  V1 "/campaigns/{id}",        ROLE_SENDER, campaign_patch,       "updateCampaign", JSON},
    {HTTP_DELETE, V1 "/campaigns/{id}",        ROLE_SENDER, campaign_delete_one,  "deleteCampaign", NONE},
    {HTTP_POST,   V1 "/campaigns/{id}/check",  ROLE_SENDER, campaign_check_post,  "checkCampaign", NONE},
    {HTTP_POST,   V1 "/campaigns/{id}/send",   ROLE_SENDER, campaign_send_post,   "sendCampaign", JSON},
    {HTTP_POST,   V1 "/campaigns/{id}/pause",  ROLE_SENDER, campaign_pause_post,  "pauseCampaign", NONE},
    {HTTP_POST,   V1 "/campaigns/{id}/resume", ROLE_SENDER, campaign_resume_post, "resumeCampaign", NONE},
    {HTTP_POST,   V1 "/campaigns/{id}/cancel", ROLE_SENDER, campaign_cancel_post, "cancelCampaign", NONE},
    {HTTP_POST,   V1 "/campaigns/{id}/requeue-unsent", ROLE_SENDER, campaign_requeue_post,
                  "requeueUnsent", JSON},
    {HTTP_GET,    V1 "/campaigns/{id}/events",   ROLE_VIEWER, campaign_events_get, "streamCampaign", NONE},
    {HTTP_GET,    V1 "/campaigns/{id}/messages", ROLE_VIEWER, message_list_get,    "listMessages", NONE},
    {HTTP_GET,    V1 "/campaigns/{id}/messages/export", ROLE_VIEWER, message_export_get,
                  "exportMessages", NONE},
    {HTTP_GET,    V1 "/campaigns/{id}/messages/{ordinal}", ROLE_VIEWER, message_get_one, "getMessage", NONE},

    {HTTP_GET,    V1 "/imports",      ROLE_VIEWER, import_list_get, "listImports", NONE},
    {HTTP_POST,   V1 "/imports",      ROLE_SENDER, import_post,     "createImport", UPLOAD},
    {HTTP_GET,    V1 "/imports/{id}", ROLE_VIEWER, import_get_one,  "getImport", NONE},
    {HTTP_DELETE, V1 "/imports/{id}", ROLE_SENDER, import_delete,   "deleteImport", NONE},
    {HTTP_PUT,    V1 "/imports/{id}/mapping",    ROLE_SENDER, import_mapping_put,  "setImportMapping", JSON},
    {HTTP_GET,    V1 "/imports/{id}/rows",       ROLE_VIEWER, import_rows_get,     "listImportRows", NONE},
    {HTTP_PATCH,  V1 "/imports/{id}/rows",       ROLE_SENDER, import_rows_patch,   "updateImportRows", JSON},
    {HTTP_PATCH,  V1 "/imports/{id}/rows/{row}", ROLE_SENDER, import_row_patch,    "updateImportRow", JSON},
    {HTTP_GET,    V1 "/imports/{id}/workbook",   ROLE_VIEWER, import_workbook_get, "downloadImportRows", NONE},
    {HTTP_POST,   V1 "/imports/{id}/corrections", ROLE_SENDER, import_corrections_post,
                  "correctImportRows", UPLOAD},
    {HTTP_POST,   V1 "/imports/{id}/confirm",    ROLE_SENDER, import_confirm_post, "confirmImport", JSON},
    {HTTP_POST,   V1 "/imports/{id}/cancel",     ROLE_SENDER, import_cancel_post,  "cancelImport", NONE},

    {HTTP_GET, V1 "/statistics/summary", ROLE_VIEWER, summary_get,   "getSummary", NONE},
    {HTTP_GET, V1 "/statistics/hours",   ROLE_VIEWER, hour_list_get, "listHours", NONE},

    {HTTP_GET, "/r/{token*}", API_NO_STORE, link_follow, "followLink", NONE},
    /* clang-format on */
};

const size_t api_route_count = COUNT_OF(api_routes);
