/*
 * exports.c - what a company has, to take away: contacts, results, and the example for a template.
 */
#include "api/file.h"
#include "api/handlers.h"
#include "domain/campaign.h"
#include "domain/export.h"

/* A link in a page cannot send a header: ?lang= comes before Accept-Language. */
static int lang_read(struct http_exchange *x, bool *english)
{
    struct str lang = http_query(x, "lang");
    *english = lang.ptr ? str_eq(lang, STR("en")) : api_english(x);
    if (!lang.ptr || *english || str_eq(lang, STR("ko")))
        return 0;
    return api_problem(x, scope_fail(api_scope(x), PROBLEM_BAD_REQUEST, STR("lang")));
}

/* Reads how it shall be and makes the file; 0, or the status of a refusal. */
static int begin(struct http_exchange *x, struct api_file *f, struct export_file *to)
{
    enum sheet_out_kind kind;
    bool english;
    int status = api_file_kind(x, &kind);
    if (!status)
        status = lang_read(x, &english);
    if (!status)
        status = api_file_begin(x, f, kind);
    if (!status)
        *to = (struct export_file){
            .fd = f->fd, .kind = kind, .english = english, .stop = x->stopping};
    return status;
}

int contact_export_get(struct http_exchange *x)
{
    struct contact_filter filter;
    struct export_file to;
    struct api_file f;
    int status = contact_filter_read(x, &filter);
    if (!status)
        status = begin(x, &f, &to);
    if (status)
        return status;
    return api_file_end(x, &f, export_contacts(api_scope(x), &filter, &to), "contacts",
                        to.english ? STR("contacts") : STR("고객"));
}

int message_export_get(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    struct message_filter filter;
    struct campaign c;
    struct export_file to;
    struct api_file f;
    int64_t id = http_param_i64(x, 0);
    if (!message_filter_read(x, &filter))
        return api_problem(x, scope_fail(s, PROBLEM_BAD_REQUEST, STR("state")));
    enum problem p = campaign_get(s, id, &c);
    if (p)
        return api_problem(x, p);
    int status = begin(x, &f, &to);
    if (status)
        return status;
    return api_file_end(x, &f, export_messages(s, id, &filter, &to), "results", c.name);
}

int template_workbook_get(struct http_exchange *x)
{
    struct scope *s = api_scope(x);
    struct template t;
    struct api_file f;
    enum problem p = template_get(s, http_param_i64(x, 0), &t);
    if (p)
        return api_problem(x, p);
    int status = api_file_begin(x, &f, SHEET_OUT_XLSX);
    if (status)
        return status;
    const struct export_file to = {.fd = f.fd, .kind = f.kind};
    return api_file_end(x, &f, export_example(s, &t, &to), "example",
                        str_printf(&x->arena, "%.*s_예제", STR_ARG(t.name)));
}
