/*
 * contact_row.h - reading a handful of contacts by their ids, in one statement.
 *
 * For domain/contact_list and domain/contact_find alone.
 */
#ifndef DOMAIN_CONTACT_ROW_H
#define DOMAIN_CONTACT_ROW_H

#include "domain/contact.h"

#define CONTACT_IDS      64 /* contacts of one statement */
#define CONTACT_IDS_ARGS (CONTACT_IDS + 2)

/* The list of IN, after $1 and $2. */
/* clang-format off */
#define CONTACT_IDS_SQL \
    "$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18," \
    "$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34," \
    "$35,$36,$37,$38,$39,$40,$41,$42,$43,$44,$45,$46,$47,$48,$49,$50," \
    "$51,$52,$53,$54,$55,$56,$57,$58,$59,$60,$61,$62,$63,$64,$65,$66"
/* clang-format on */

/* Parameters: the company, `second`, and the ids; places that are not needed repeat the first. */
static inline void contact_ids_bind(const struct scope *s, int64_t second, const int64_t *ids,
                                    size_t count, struct db_value args[CONTACT_IDS_ARGS])
{
    args[0] = DB_N(s->company);
    args[1] = DB_N(second);
    for (size_t i = 0; i < CONTACT_IDS; i++)
        args[i + 2] = DB_N(ids[i < count ? i : 0]);
}

#endif
