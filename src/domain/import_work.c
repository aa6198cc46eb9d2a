/*
 * import_work.c - see import_work.h.
 */
#include "domain/import_work.h"
#include "base/log.h"
#include "domain/import_merge.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CANDIDATES  16 /* imports looked at for one whose file is here */
#define SWEEP_AGE_S 60 /* a younger file may belong to a transaction under way */
#define BUSY_STATES "('checking', 'importing', 'cancelling')"

struct work {
    struct scope *s;
    const struct import_worker *w;
    struct import i;
};

/* ---- the lease ---- */

static bool take(struct work *k, int64_t company, int64_t id)
{
    struct scope *s = k->s;
    int64_t now = scope_now(s);
    TX(tx, s->db);
    int64_t taken = db_exec(
        s->db,
        "UPDATE import SET worker = $3, lease_until = $4 WHERE company_id = $1 AND id = $2"
        " AND lease_until < $5 AND state IN " BUSY_STATES,
        DB_ARGS(DB_N(company), DB_N(id), DB_S(k->w->name), DB_N(now + k->w->lease_ms), DB_N(now)));
    return tx_commit(&tx) && taken == 1;
}

static bool is_running(const struct work *k)
{
    return !k->w->go_on || k->w->go_on(k->w->ctx);
}

/* Inside a transaction: the import is still as it was and still ours; the lease is renewed. */
static bool hold(void *ctx)
{
    struct work *k = ctx;
    struct scope *s = k->s;
    return is_running(k) &&
           db_exec(s->db,
                   "UPDATE import SET lease_until = $4 WHERE company_id = $1 AND id = $2"
                   " AND worker = $3 AND state = $5 AND revision = $6",
                   DB_ARGS(DB_N(s->company), DB_N(k->i.id), DB_S(k->w->name),
                           DB_N(scope_now(s) + k->w->lease_ms), DB_S(k->i.state),
                           DB_N(k->i.revision))) == 1;
}

/* Between two transactions of a check: tells how far it is. */
static bool watch(void *ctx, int64_t done, int64_t total)
{
    struct work *k = ctx;
    struct scope *s = k->s;
    TX(tx, s->db);
    bool ours = hold(ctx);
    db_exec(s->db, "UPDATE import SET position = $3, total = $4 WHERE company_id = $1 AND id = $2",
            DB_ARGS(DB_N(s->company), DB_N(k->i.id), DB_N(done), DB_N(total)));
    return tx_commit(&tx) && ours;
}

/* So that whatever is left of it is taken up at once. */
static void give_back(struct work *k)
{
    struct scope *s = k->s;
    TX(tx, s->db);
    db_exec(s->db,
            "UPDATE import SET lease_until = 0 WHERE company_id = $1 AND id = $2 AND worker = $3",
            DB_ARGS(DB_N(s->company), DB_N(k->i.id), DB_S(k->w->name)));
    if (!tx_commit(&tx))
        log_warnx("an import is not given back; its lease will run out");
}

/* ---- the work ---- */

static enum problem work_do(struct work *k)
{
    struct scope *s = k->s;
    struct import_watch w = {watch, k};
    if (str_eq(k->i.state, STR("checking")))
        return import_check(s, k->w->folder, &k->i, &w);
    if (str_eq(k->i.state, STR("importing")))
        return import_merge(s, k->w->folder, &k->i, hold, k);
    enum problem p = import_undo(s, &k->i, hold, k);
    if (!p)
        import_files_remove(s, k->w->folder, &k->i);
    return p;
}

/* Files of an import that was discarded while it was being checked. */
static void leftovers_remove(struct work *k)
{
    struct import now;
    if (import_get(k->s, k->i.id, &now) == PROBLEM_NONE && now.file.len == 0)
        import_files_remove(k->s, k->w->folder, &k->i);
}

static bool file_is_here(struct scope *s, const char *folder, const struct import *i)
{
    return access(import_path(s, folder, i), R_OK) == 0 || str_eq(i->state, STR("cancelling"));
}

struct candidate {
    int64_t company, id;
};

static size_t candidates_find(struct scope *s, struct candidate list[CANDIDATES])
{
    size_t n = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT company_id, id FROM import WHERE state IN " BUSY_STATES
             " AND lease_until < $1 ORDER BY lease_until, created_at LIMIT $2",
             DB_ARGS(DB_N(scope_now(s)), DB_N(CANDIDATES)));
    while (n < CANDIDATES && db_next(&rows))
        list[n++] = (struct candidate){db_i64(&rows, 0), db_i64(&rows, 1)};
    return n;
}

static bool work_take(struct work *k)
{
    struct candidate list[CANDIDATES];
    size_t n = candidates_find(k->s, list);
    for (size_t c = 0; c < n && is_running(k); c++) {
        k->s->company = list[c].company;
        if (import_get(k->s, list[c].id, &k->i) == PROBLEM_NONE &&
            file_is_here(k->s, k->w->folder, &k->i) && take(k, list[c].company, list[c].id) &&
            import_get(k->s, list[c].id, &k->i) == PROBLEM_NONE)
            return true;
    }
    return false;
}

bool import_work_once(struct scope *s, const struct import_worker *w)
{
    struct work k = {.s = s, .w = w};
    if (!work_take(&k))
        return import_undo_forget(s);
    enum problem p = work_do(&k);
    if (p && p != PROBLEM_IMPORT_STATE)
        log_warnx("an import could not go on (%s); it is tried again", problem_code(p));
    leftovers_remove(&k);
    if (!p || p == PROBLEM_IMPORT_STATE)
        give_back(&k);
    return true;
}

void import_work_orphans(struct scope *s)
{
    TX(tx, s->db);
    db_exec(s->db, "UPDATE import SET lease_until = 0 WHERE lease_until > 0", DB_NO_ARGS);
    if (!tx_commit(&tx))
        log_warnx("imports of a former process wait for their leases to run out");
}

/* The next import, in the order of keys, that somebody holds; false at the end. */
static bool leased_next(struct scope *s, struct import *i)
{
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT company_id, id, path FROM import WHERE state IN " BUSY_STATES
             " AND lease_until > 0 AND (company_id > $1 OR (company_id = $1 AND id > $2))"
             " ORDER BY company_id, id LIMIT 1",
             DB_ARGS(DB_N(s->company), DB_N(i->id)));
    if (!db_next(&rows))
        return false;
    s->company = db_i64(&rows, 0);
    i->id = db_i64(&rows, 1);
    i->file = db_text(&rows, 2, s->arena);
    return true;
}

void import_work_reclaim(struct scope *s, const char *folder)
{
    struct import i = {0};
    TX(tx, s->db);
    for (s->company = 0; leased_next(s, &i);)
        if (access(import_path(s, folder, &i), R_OK) == 0)
            db_exec(s->db, "UPDATE import SET lease_until = 0 WHERE company_id = $1 AND id = $2",
                    DB_ARGS(DB_N(s->company), DB_N(i.id)));
    if (!tx_commit(&tx))
        log_warnx("imports of a former process wait for their leases to run out");
}

/* ---- files that nobody needs ---- */

/* The name without what was derived from it. */
static struct str upload_of(const char *name)
{
    struct str s = str_c(name);
    if (str_ends(s, STR(".index")))
        s.len -= STR(".index").len;
    else if (str_ends(s, STR(".rows")))
        s.len -= STR(".rows").len;
    return s;
}

static void sweep_one(struct scope *s, int folder, const char *name)
{
    struct stat st;
    bool old = fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
               time(NULL) - st.st_mtime > SWEEP_AGE_S;
    bool needed = db_get_i64(s->db, 0, "SELECT 1 FROM import WHERE path = $1 LIMIT 1",
                             DB_ARGS(DB_S(upload_of(name)))) != 0;
    if (old && !needed && !db_failed(s->db) && unlinkat(folder, name, 0) != 0)
        log_warn("remove an upload that nothing needs");
}

void import_work_sweep(struct scope *s, const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    for (struct dirent *e; (e = readdir(dir));)
        if (e->d_name[0] != '.')
            sweep_one(s, dirfd(dir), e->d_name);
    closedir(dir);
}
