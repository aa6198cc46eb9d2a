/*
 * signup.c - see signup.h.
 */
#include "domain/signup.h"
#include "domain/group.h"
#include "domain/profile.h"
#include "domain/text.h"
#include "domain/user.h"

static enum problem sign_up_check(struct scope *s, struct signup *form)
{
    form->company_name = text_line(s->arena, form->company_name);
    if (form->company_name.len == 0)
        scope_field_error(s, "company_name", "required", "회사 이름을 넣어 주세요.",
                          "Please enter the company's name.");
    else if (utf8_count(form->company_name) > COMPANY_NAME_MAX)
        scope_field_error(s, "company_name", "too_long", "회사 이름은 100자까지 쓸 수 있습니다.",
                          "The company's name may have at most 100 characters.");
    user_check(s, &form->name, &form->email, form->password);
    return scope_invalid(s);
}

enum problem company_sign_up(struct scope *s, const struct signup *form)
{
    struct signup clean = *form;
    enum problem p = sign_up_check(s, &clean);
    if (p)
        return p;
    struct str hash = user_password_hash(s, clean.password); /* slow: before the transaction */
    TX(tx, s->db);
    if (user_email_taken(s, clean.email))
        return PROBLEM_EMAIL_TAKEN;
    s->company = db_next_id(s->db, 0, "company", 1);
    db_exec(s->db,
            "INSERT INTO company (id, name, created_at, contact_count, group_count)"
            " VALUES ($1, $2, $3, 0, 0)",
            DB_ARGS(DB_N(s->company), DB_S(clean.company_name), DB_N(scope_now(s))));
    s->user = user_insert(s, clean.name, clean.email, hash, ROLE_OWNER);
    s->role = ROLE_OWNER;
    group_insert_default(s);
    profile_insert_practice(s);
    if (tx_commit(&tx))
        return PROBLEM_NONE;
    s->company = s->user = 0, s->role = ROLE_NONE;
    /* Two at once with one address: the unique index let only one through. */
    return user_email_taken(s, clean.email) ? PROBLEM_EMAIL_TAKEN : PROBLEM_STORE;
}
