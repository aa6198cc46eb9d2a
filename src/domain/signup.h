/*
 * signup.h - a new company: itself, its owner, its 미지정 group and its practice channel, in one
 * transaction, so that there is no half of a company. Called by the API.
 */
#ifndef DOMAIN_SIGNUP_H
#define DOMAIN_SIGNUP_H

#include "domain/scope.h"

#define COMPANY_NAME_MAX 100 /* characters */

struct signup {
    struct str company_name, name, email, password;
};

/* Makes the company and turns the scope into its owner's. INVALID with field errors, EMAIL_TAKEN.
 */
enum problem company_sign_up(struct scope *s, const struct signup *form);

#endif
