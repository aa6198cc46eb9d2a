/*
 * session.c - see session.h.
 */
#include "domain/session.h"

#include <sodium.h>

#define TOKEN_BYTES 32
#define EXTEND_MS   DAY_MS /* writing once a day is enough */

static struct str token_hash(struct scope *s, struct str token)
{
    unsigned char digest[32];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)token.ptr, token.len, NULL, 0);
    char hex[2 * sizeof digest + 1];
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return str_dup(s->arena, str_c(hex));
}

enum problem session_create(struct scope *s, struct str *token)
{
    unsigned char random[TOKEN_BYTES];
    char text[SESSION_TOKEN_LENGTH + 1];
    randombytes_buf(random, sizeof random);
    sodium_bin2base64(text, sizeof text, random, sizeof random,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    *token = str_dup(s->arena, str_c(text));
    int64_t now = scope_now(s);
    TX(tx, s->db);
    db_exec(s->db,
            "DELETE FROM session WHERE company_id = $1 AND user_id = $2 AND expires_at <= $3",
            DB_ARGS(DB_N(s->company), DB_N(s->user), DB_N(now)));
    db_exec(s->db,
            "INSERT INTO session (token_hash, company_id, user_id, created_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            DB_ARGS(DB_S(token_hash(s, *token)), DB_N(s->company), DB_N(s->user), DB_N(now),
                    DB_N(now + SESSION_MS)));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

static bool session_read(struct scope *s, struct str hash, struct session *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT s.company_id, s.user_id, s.expires_at, u.role, u.name, u.email, c.name"
             " FROM session s"
             " JOIN user_account u ON u.company_id = s.company_id AND u.id = s.user_id"
             " JOIN company c ON c.id = s.company_id"
             " WHERE s.token_hash = $1 AND s.expires_at > $2",
             DB_ARGS(DB_S(hash), DB_N(scope_now(s))));
    if (!db_next(&rows))
        return false;
    *out = (struct session){
        .company = db_i64(&rows, 0),
        .expires_at = db_i64(&rows, 2),
        .company_name = db_text(&rows, 6, s->arena),
        .user = {.id = db_i64(&rows, 1),
                 .role = (enum role)db_i64(&rows, 3),
                 .name = db_text(&rows, 4, s->arena),
                 .email = db_text(&rows, 5, s->arena)},
    };
    return true;
}

/* Best effort: a session that could not be extended is still good. */
static void session_extend(struct scope *s, struct str hash, struct session *session)
{
    int64_t until = scope_now(s) + SESSION_MS;
    if (until - session->expires_at < EXTEND_MS)
        return;
    TX(tx, s->db);
    db_exec(s->db, "UPDATE session SET expires_at = $2 WHERE token_hash = $1",
            DB_ARGS(DB_S(hash), DB_N(until)));
    session->extended = tx_commit(&tx);
    if (session->extended)
        session->expires_at = until;
}

enum problem session_find(struct scope *s, struct str token, struct session *out)
{
    if (token.len != SESSION_TOKEN_LENGTH)
        return PROBLEM_LOGIN_REQUIRED;
    struct str hash = token_hash(s, token);
    if (!session_read(s, hash, out))
        return db_failed(s->db) ? PROBLEM_STORE : PROBLEM_LOGIN_REQUIRED;
    session_extend(s, hash, out);
    s->company = out->company;
    s->user = out->user.id;
    s->role = out->user.role;
    return PROBLEM_NONE;
}

enum problem session_delete(struct scope *s, struct str token)
{
    TX(tx, s->db);
    db_exec(s->db, "DELETE FROM session WHERE token_hash = $1",
            DB_ARGS(DB_S(token_hash(s, token))));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}
