/*
 * user.c - see user.h.
 */
#include "domain/user.h"
#include "base/log.h"
#include "domain/text.h"

#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>

#define HASH_OPS     2
#define HASH_MEMORY  ((size_t)19 << 20)
#define HASH_AT_ONCE 2

#define LOCK_FIRST_MS (30 * SECOND_MS)
#define LOCK_MAX_MS   HOUR_MS

static sem_t hashing;
static char nobody_hash[crypto_pwhash_STRBYTES]; /* of a password that nobody knows */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void hash_make(char out[static crypto_pwhash_STRBYTES], struct str password)
{
    if (crypto_pwhash_str(out, password.ptr, password.len, HASH_OPS, HASH_MEMORY) != 0)
        fatalx("argon2id: out of memory");
}

static void prepare(void)
{
    if (sodium_init() < 0)
        fatalx("libsodium cannot be used");
    sem_init(&hashing, 0, HASH_AT_ONCE);
    unsigned char secret[32];
    randombytes_buf(secret, sizeof secret);
    hash_make(nobody_hash, str_n((const char *)secret, sizeof secret));
}

struct str user_password_hash(struct scope *s, struct str password)
{
    pthread_once(&once, prepare);
    char out[crypto_pwhash_STRBYTES];
    sem_wait(&hashing);
    hash_make(out, password);
    sem_post(&hashing);
    return str_dup(s->arena, str_c(out));
}

static bool password_fits(const char *hash, struct str password)
{
    pthread_once(&once, prepare);
    sem_wait(&hashing);
    bool fits = crypto_pwhash_str_verify(hash, password.ptr, password.len) == 0;
    sem_post(&hashing);
    return fits;
}

/* ---- rules ---- */

struct str role_word(enum role role)
{
    static const struct str words[] = {STR_INIT("none"), STR_INIT("viewer"), STR_INIT("sender"),
                                       STR_INIT("admin"), STR_INIT("owner")};
    return words[role];
}

static bool one_character_only(struct str s)
{
    for (size_t i = 1; i < s.len; i++)
        if (s.ptr[i] != s.ptr[0])
            return false;
    return true;
}

static void password_check(struct scope *s, struct str email, struct str password)
{
    if (utf8_count(password) < USER_PASSWORD_MIN)
        scope_field_error(s, "password", "too_short", "비밀번호는 8자 이상이어야 합니다.",
                          "The password must have at least 8 characters.");
    else if (password.len > USER_PASSWORD_MAX)
        scope_field_error(s, "password", "too_long", "비밀번호가 너무 깁니다.",
                          "The password is too long.");
    else if (str_eq_nocase(password, email) || one_character_only(password))
        scope_field_error(s, "password", "too_weak",
                          "너무 쉬운 비밀번호입니다. 다른 것을 골라 주세요.",
                          "This password is too easy to guess. Please choose another.");
}

void user_check(struct scope *s, struct str *name, struct str *email, struct str password)
{
    *name = text_line(s->arena, *name);
    *email = text_email(s->arena, *email);
    if (name->len == 0)
        scope_field_error(s, "name", "required", "이름을 넣어 주세요.", "Please enter your name.");
    else if (utf8_count(*name) > USER_NAME_MAX)
        scope_field_error(s, "name", "too_long", "이름은 50자까지 쓸 수 있습니다.",
                          "The name may have at most 50 characters.");
    if (!text_email_ok(*email))
        scope_field_error(s, "email", "invalid", "이메일 주소가 올바르지 않습니다.",
                          "The e-mail address is not valid.");
    password_check(s, *email, password);
}

bool user_email_taken(struct scope *s, struct str email)
{
    return db_get_i64(s->db, 0, "SELECT 1 FROM user_account WHERE email = $1",
                      DB_ARGS(DB_S(email))) != 0;
}

int64_t user_insert(struct scope *s, struct str name, struct str email, struct str hash,
                    enum role role)
{
    int64_t id = db_next_id(s->db, s->company, "user_account", 1);
    db_exec(s->db,
            "INSERT INTO user_account (company_id, id, email, name, role, password_hash,"
            " failed_logins, locked_until, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)",
            DB_ARGS(DB_N(s->company), DB_N(id), DB_S(email), DB_S(name), DB_N(role), DB_S(hash),
                    DB_N(scope_now(s))));
    return id;
}

/* ---- login ---- */

struct account {
    int64_t company, id, role, failures, locked_until;
    struct str hash;
};

static bool account_find(struct scope *s, struct str email, struct account *a)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT company_id, id, role, failed_logins, locked_until, password_hash"
             " FROM user_account WHERE email = $1",
             DB_ARGS(DB_S(email)));
    if (!db_next(&rows))
        return false;
    *a = (struct account){db_i64(&rows, 0), db_i64(&rows, 1), db_i64(&rows, 2),
                          db_i64(&rows, 3), db_i64(&rows, 4), db_text(&rows, 5, s->arena)};
    return true;
}

static int64_t lock_length(int64_t failures)
{
    if (failures < USER_FAILURES_MAX)
        return 0;
    int64_t doublings = failures - USER_FAILURES_MAX;
    return doublings > 6 ? LOCK_MAX_MS : LOCK_FIRST_MS << doublings;
}

static enum problem locked(struct scope *s, int64_t until)
{
    int64_t seconds = (until - scope_now(s) + SECOND_MS - 1) / SECOND_MS;
    return scope_fail(s, PROBLEM_LOGIN_LOCKED, str_printf(s->arena, "%lld", (long long)seconds));
}

/* Counts in the database, so that many tries at once count as many. */
static enum problem failure_note(struct scope *s, const struct account *a)
{
    TX(tx, s->db);
    int64_t failures = db_get_i64(s->db, 0,
                                  "UPDATE user_account SET failed_logins = failed_logins + 1"
                                  " WHERE company_id = $1 AND id = $2 RETURNING failed_logins",
                                  DB_ARGS(DB_N(a->company), DB_N(a->id)));
    int64_t until = lock_length(failures) ? scope_now(s) + lock_length(failures) : 0;
    db_exec(s->db, "UPDATE user_account SET locked_until = $3 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(a->company), DB_N(a->id), DB_N(until)));
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    return until ? locked(s, until) : PROBLEM_LOGIN_WRONG;
}

static enum problem success_note(struct scope *s, const struct account *a, struct str password)
{
    struct str hash = a->hash;
    if (crypto_pwhash_str_needs_rehash(hash.ptr, HASH_OPS, HASH_MEMORY) != 0)
        hash = user_password_hash(s, password);
    else if (a->failures == 0)
        return PROBLEM_NONE;
    TX(tx, s->db);
    db_exec(s->db,
            "UPDATE user_account SET failed_logins = 0, locked_until = 0, password_hash = $3"
            " WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(a->company), DB_N(a->id), DB_S(hash)));
    return tx_commit(&tx) ? PROBLEM_NONE : PROBLEM_STORE;
}

enum problem user_login(struct scope *s, struct str email, struct str password)
{
    struct account a;
    bool known = account_find(s, text_email(s->arena, email), &a);
    if (db_failed(s->db))
        return PROBLEM_STORE;
    if (known && a.locked_until > scope_now(s))
        return locked(s, a.locked_until);
    pthread_once(&once, prepare);
    bool fits = password_fits(known ? a.hash.ptr : nobody_hash, password);
    if (!known)
        return PROBLEM_LOGIN_WRONG;
    if (!fits)
        return failure_note(s, &a);
    enum problem p = success_note(s, &a, password);
    if (!p)
        s->company = a.company, s->user = a.id, s->role = (enum role)a.role;
    return p;
}
