/*
 * import_known.c - see import_known.h.
 */
#include "domain/import_known.h"
#include "base/log.h"

#include <stdlib.h>

#define KNOWN_CHUNK 10000 /* numbers looked up at a time */

static bool any_in_range(struct scope *s, const struct db_bulk_row *rows, size_t count)
{
    return db_get_i64(s->db, 0,
                      "SELECT 1 FROM contact WHERE company_id = $1 AND phone >= $2"
                      " AND phone <= $3 LIMIT 1",
                      DB_ARGS(DB_N(s->company), DB_S(rows[0].t[0]), DB_S(rows[count - 1].t[0]))) !=
           0;
}

/* Marks entries of the numbers in `rows` (n1: where they begin in the order). */
static void found_mark(struct scope *s, struct import_rows *r, const uint64_t *order, size_t total)
{
    DB_ROWS(found);
    db_query(s->db, &found,
             "SELECT b.n1 FROM bulk b CROSS JOIN contact c"
             " WHERE c.company_id = $1 AND c.phone = b.t1",
             DB_ARGS(DB_N(s->company)));
    while (db_next(&found)) {
        size_t at = (size_t)db_i64(&found, 0);
        for (uint64_t key = order[at] >> 32; at < total && order[at] >> 32 == key; at++)
            r->list[(uint32_t)order[at]].flags |= ENTRY_KNOWN;
    }
}

static void known_mark(struct scope *s, struct import_rows *r, const uint64_t *order, size_t total,
                       const struct db_bulk_row *rows, size_t count)
{
    TX(tx, s->db);
    if (any_in_range(s, rows, count)) {
        db_bulk(s->db, rows, count);
        found_mark(s, r, order, total);
    }
    tx_end(&tx); /* it was for `bulk` alone: nothing is written */
}

static void recognise_all(struct scope *s, struct import_rows *r)
{
    size_t total, n = 0;
    for (size_t i = 0; i < r->count; i++)
        if (r->list[i].flags & ENTRY_KNOWN)
            r->list[i].flags &= (uint8_t)~ENTRY_KNOWN;
    if (db_get_i64(s->db, 0, "SELECT contact_count FROM company WHERE id = $1",
                   DB_ARGS(DB_N(s->company))) == 0)
        return;
    uint64_t *order = import_rows_order(r, &total);
    struct db_bulk_row *rows = calloc(KNOWN_CHUNK, sizeof *rows);
    char(*phones)[PHONE_DIGITS + 1] = calloc(KNOWN_CHUNK, sizeof *phones);
    if (!rows || !phones)
        fatal("numbers of an import");
    for (size_t at = 0; at < total; at++) {
        uint32_t key = (uint32_t)(order[at] >> 32);
        if (at && order[at - 1] >> 32 == key)
            continue;
        import_phone_of(key, phones[n]);
        rows[n] = (struct db_bulk_row){.n = {(int64_t)at}, .t = {str_n(phones[n], PHONE_DIGITS)}};
        if (++n == KNOWN_CHUNK) {
            known_mark(s, r, order, total, rows, n);
            n = 0;
        }
    }
    if (n)
        known_mark(s, r, order, total, rows, n);
    free(phones);
    free(rows);
    free(order);
}

static void recognise_one(struct scope *s, struct import_entry *e)
{
    char phone[PHONE_DIGITS + 1];
    e->flags &= (uint8_t)~ENTRY_KNOWN;
    if (!e->phone)
        return;
    import_phone_of(e->phone, phone);
    if (db_get_i64(s->db, 0, "SELECT 1 FROM contact WHERE company_id = $1 AND phone = $2",
                   DB_ARGS(DB_N(s->company), DB_S(str_c(phone)))))
        e->flags |= ENTRY_KNOWN;
}

void import_rows_recognise(struct scope *s, struct import_rows *r, const size_t *rows, size_t count)
{
    if (count == 0)
        recognise_all(s, r);
    for (size_t i = 0; i < count; i++)
        recognise_one(s, &r->list[rows[i]]);
}
