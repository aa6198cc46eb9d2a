/*
 * company.c - see company.h.
 */
#include "domain/company.h"

void company_lock(struct scope *s)
{
    db_get_i64(s->db, 0, "SELECT id FROM company WHERE id = $1 /*pg FOR UPDATE */",
               DB_ARGS(DB_N(s->company)));
}

void company_counts_add(struct scope *s, int64_t contacts, int64_t groups)
{
    db_exec(s->db,
            "UPDATE company SET contact_count = contact_count + $2, group_count = group_count + $3"
            " WHERE id = $1",
            DB_ARGS(DB_N(s->company), DB_N(contacts), DB_N(groups)));
}

void company_campaigns_add(struct scope *s, int64_t n)
{
    db_exec(s->db, "UPDATE company SET campaign_count = campaign_count + $2 WHERE id = $1",
            DB_ARGS(DB_N(s->company), DB_N(n)));
}
