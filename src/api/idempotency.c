/*
 * idempotency.c - a POST repeated with its Idempotency-Key is done once.
 *
 * The key is claimed in the database before the handler runs and gets the answer afterwards, so
 * that the claim holds between nodes. A claim whose process died can be taken over after ten
 * minutes; refusals of the server itself (5xx) are not kept. Called by the enter hook.
 */
#include "api/api.h"
#include "base/log.h"
#include "base/token.h"

#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <unistd.h>

#define KEY_MAX   255
#define KEEP_MS   DAY_MS
#define STALE_MS  (10 * MINUTE_MS)
#define CHUNK     ((size_t)64 << 10)
#define SALT_SIZE 32

/* Requests of nobody may hold a password: their digest is worth nothing outside this process. */
static struct str process_salt(void)
{
    static char salt[SALT_SIZE];
    static bool made;
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    if (!made)
        randombytes_buf(salt, sizeof salt);
    made = true;
    pthread_mutex_unlock(&lock);
    return str_n(salt, sizeof salt);
}

static void digest_file(struct digest *d, struct str path)
{
    static _Thread_local char chunk[CHUNK];
    int fd = open(path.ptr, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        log_warn("open an upload");
        return;
    }
    for (ssize_t n; (n = read(fd, chunk, sizeof chunk)) > 0;)
        digest_str(d, str_n(chunk, (size_t)n));
    close(fd);
}

static struct str request_digest(struct http_exchange *x)
{
    struct digest d;
    digest_init(&d);
    if (api_scope(x)->company == 0)
        digest_str(&d, process_salt());
    digest_str(&d, x->request.path);
    for (size_t i = 0; i < x->request.query_count; i++) {
        digest_str(&d, x->request.query[i].name);
        digest_str(&d, x->request.query[i].value);
    }
    digest_str(&d, x->request.body);
    if (x->request.file_path.ptr)
        digest_file(&d, x->request.file_path);
    return digest_end(&d, &x->arena);
}

enum claim {
    CLAIM_OURS,
    CLAIM_TAKEN,
    CLAIM_TROUBLE
};

struct kept {
    struct str request, answer;
    int64_t status; /* 0: the first one still runs */
};

static void kept_read(struct scope *s, struct str key, struct kept *out)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT request, status, answer FROM idempotency WHERE company_id = $1 AND key = $2",
             DB_ARGS(DB_N(s->company), DB_S(key)));
    if (db_next(&rows))
        *out = (struct kept){.request = db_text(&rows, 0, s->arena),
                             .status = db_i64(&rows, 1),
                             .answer = db_text(&rows, 2, s->arena)};
}

static enum claim claim(struct scope *s, struct str key, struct str request, struct kept *kept)
{
    int64_t now = scope_now(s);
    *kept = (struct kept){0};
    TX(tx, s->db);
    db_exec(s->db,
            "DELETE FROM idempotency WHERE company_id = $1"
            " AND (created_at < $2 OR (status = 0 AND created_at < $3))",
            DB_ARGS(DB_N(s->company), DB_N(now - KEEP_MS), DB_N(now - STALE_MS)));
    bool ours = db_exec(s->db,
                        "INSERT INTO idempotency (company_id, key, request, status, answer,"
                        " created_at) VALUES ($1, $2, $3, 0, '', $4) ON CONFLICT DO NOTHING",
                        DB_ARGS(DB_N(s->company), DB_S(key), DB_S(request), DB_N(now))) == 1;
    if (!ours)
        kept_read(s, key, kept);
    if (!tx_commit(&tx))
        return CLAIM_TROUBLE;
    return ours ? CLAIM_OURS : CLAIM_TAKEN;
}

static int replay(struct http_exchange *x, const struct kept *kept, struct str request)
{
    if (!str_eq(kept->request, request))
        return api_problem(x, PROBLEM_IDEMPOTENCY_MISMATCH);
    if (kept->status == 0)
        return api_problem(x, PROBLEM_IDEMPOTENCY_RUNNING);
    http_set_header(x, "Idempotency-Replayed", STR("true"));
    if (kept->status >= 400)
        x->response.content_type = "application/problem+json";
    buf_str(&x->response.body, kept->answer);
    return (int)kept->status;
}

/* Keeps the answer, or lets go of the key when the same request may well succeed later. */
static void settle(struct http_exchange *x, int64_t company, struct str key, int status)
{
    struct scope *s = api_scope(x);
    bool keep = status < 500 && status != 401 && status != 403 && status != 429;
    TX(tx, s->db);
    if (keep)
        db_exec(s->db,
                "UPDATE idempotency SET status = $3, answer = $4"
                " WHERE company_id = $1 AND key = $2",
                DB_ARGS(DB_N(company), DB_S(key), DB_N(status), DB_S(buf_view(&x->response.body))));
    else
        db_exec(s->db, "DELETE FROM idempotency WHERE company_id = $1 AND key = $2",
                DB_ARGS(DB_N(company), DB_S(key)));
    if (!tx_commit(&tx))
        log_warnx("%s: the answer for an Idempotency-Key could not be kept", x->route->path);
}

int api_idempotent(struct http_exchange *x, struct str key)
{
    struct scope *s = api_scope(x);
    if (key.len == 0 || key.len > KEY_MAX || !utf8_valid(key))
        return api_problem(x, scope_fail(s, PROBLEM_BAD_REQUEST, STR("Idempotency-Key")));
    int64_t company = s->company; /* signing up changes the scope's */
    struct str request = request_digest(x);
    struct kept kept;
    enum claim got = claim(s, key, request, &kept);
    if (got == CLAIM_TROUBLE)
        return api_problem(x, PROBLEM_STORE);
    if (got == CLAIM_TAKEN)
        return replay(x, &kept, request);
    int status = x->route->handler(x);
    settle(x, company, key, status);
    return status;
}
