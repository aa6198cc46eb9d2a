/*
 * contact_history.c - see contact_history.h.
 */
#include "domain/contact_history.h"
#include "domain/cursor.h"

static void message_read(struct scope *s, const struct db_rows *rows, struct contact_message *out)
{
    *out = (struct contact_message){
        .campaign = db_i64(rows, 0),
        .campaign_name = db_text(rows, 1, s->arena),
        .template_name = db_text(rows, 2, s->arena),
        .message =
            {
                .ordinal = db_i64(rows, 3),
                .phone = db_text(rows, 4, s->arena),
                .state = (enum message_state)db_i64(rows, 5),
                .reason = db_text(rows, 6, s->arena),
                .sent_at = db_i64(rows, 7),
                .settled_at = db_i64(rows, 8),
                .first_click_at = db_i64(rows, 9),
                .click_count = db_i64(rows, 10),
            },
    };
}

enum problem contact_history(struct scope *s, int64_t contact, const struct page *page,
                             const struct contact_message **list, size_t *count, struct str *next)
{
    struct contact_message *all = arena_array(s->arena, (size_t)page->limit + 1, sizeof *all);
    int64_t before = cursor_i64(page->cursor);
    size_t n = 0;
    if (!db_get_i64(s->db, 0, "SELECT 1 FROM contact WHERE company_id = $1 AND id = $2",
                    DB_ARGS(DB_N(s->company), DB_N(contact))))
        return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_NOT_FOUND;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT k.id, k.name, t.name, m.ordinal, m.phone, m.state, m.reason, r.started_at,"
             " m.settled_at, m.first_click_at, m.click_count FROM campaign k CROSS JOIN"
             " (SELECT phone FROM contact WHERE company_id = $1 AND id = $2 UNION"
             " SELECT phone FROM contact_past_phone WHERE company_id = $1 AND contact_id = $2) n"
             " CROSS JOIN message m JOIN template t ON t.company_id = k.company_id AND t.id = "
             "k.template_id"
             " LEFT JOIN request r ON r.company_id = m.company_id AND r.id = m.request_id"
             " WHERE k.company_id = $1 AND k.id < $3 AND k.started_at IS NOT NULL"
             " AND m.company_id = $1 AND m.campaign_id = k.id AND m.phone = n.phone"
             " AND m.contact_id = $2"
             " ORDER BY k.id DESC LIMIT $4",
             DB_ARGS(DB_N(s->company), DB_N(contact), DB_N(before ? before : INT64_MAX),
                     DB_N(page->limit + 1)));
    while (db_next(&rows))
        message_read(s, &rows, &all[n++]);
    bool more = n > (size_t)page->limit;
    n -= more;
    *next = more ? cursor_from_i64(s->arena, all[n - 1].campaign) : (struct str){NULL, 0};
    *list = all;
    *count = n;
    return scope_store(s);
}
