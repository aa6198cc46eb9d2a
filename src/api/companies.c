/*
 * companies.c - signing up: a company, its owner and a session in one request.
 */
#include "api/handlers.h"
#include "domain/signup.h"

static const struct api_field fields[] = {
    API_FIELD(struct signup, company_name, API_TEXT, .required = true),
    API_FIELD(struct signup, name, API_TEXT, .required = true),
    API_FIELD(struct signup, email, API_TEXT, .required = true),
    API_FIELD(struct signup, password, API_TEXT, .required = true),
};

int company_post(struct http_exchange *x)
{
    struct signup form = {0};
    int status = api_body(x, fields, COUNT_OF(fields), &form, NULL);
    if (status)
        return status;
    enum problem p = company_sign_up(api_scope(x), &form);
    return p ? api_problem(x, p) : session_begin(x);
}
