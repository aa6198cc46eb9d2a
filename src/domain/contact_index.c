/*
 * contact_index.c - see contact_index.h.
 *
 * A step takes one block of one company: it reads the noted contacts of the block, makes pairs of
 * gram and contact, sorts them and adds them to the sets that are there, some hundreds in a
 * transaction. Adding is harmless when it is done twice, so a step that dies halfway is simply done
 * again: the notes go last.
 */
#include "domain/contact_index.h"
#include "base/log.h"
#include "domain/company.h"
#include "domain/id_set.h"
#include "domain/search.h"

#include <assert.h>
#include <stdlib.h>

_Static_assert(CONTACT_BLOCK == ID_SET_SIZE, "a set holds one block");

#define OFFSET_BITS 15 /* of a contact within its block */
#define GRAM_BITS   48 /* of a gram (domain/search.c) */
#define DIGIT_BITS  16 /* of a digit while sorting */
#define DIGITS      ((size_t)1 << DIGIT_BITS)
#define PAIRS_MAX   ((size_t)1 << 22) /* held at a time: a block of usual contacts */
#define READ_ROWS   1500              /* and names of one transaction: nobody waits long for it */
#define WRITE_ROWS  2000              /* grams of one transaction, likewise */
#define MANY_GRAMS  200               /* beyond, what lies between them is read as a whole */
#define NOTES_MAX   2000
#define GROWN_FROM  2000 /* contacts of a step that make a difference */

/* ---- notes ---- */

void contact_index_note(struct scope *s, int64_t first, int64_t last)
{
    int64_t number = db_next_id(s->db, s->company, "contact_unindexed", 1);
    db_exec(s->db,
            "INSERT INTO contact_unindexed (company_id, number, first_id, last_id)"
            " VALUES ($1, $2, $3, $4)",
            DB_ARGS(DB_N(s->company), DB_N(number), DB_N(first), DB_N(last)));
}

void contact_index_note_bulk(struct scope *s, int64_t first, size_t count)
{
    int64_t number = db_next_id(s->db, s->company, "contact_unindexed", (int64_t)count) - first;
    db_exec(s->db,
            "INSERT INTO contact_unindexed (company_id, number, first_id, last_id)"
            " SELECT CAST($1 AS bigint), CAST($2 AS bigint) + n3, n1, n1 FROM bulk WHERE n2 = 1",
            DB_ARGS(DB_N(s->company), DB_N(number)));
}

void contact_index_name(struct scope *s, int64_t id, struct str name)
{
    db_exec(s->db,
            "INSERT INTO contact_by_name (company_id, name, contact_id) VALUES ($1, $2, $3)"
            " ON CONFLICT DO NOTHING",
            DB_ARGS(DB_N(s->company), DB_S(name), DB_N(id)));
}

void contact_index_forget(struct scope *s, int64_t first, int64_t last)
{
    db_exec(s->db,
            "DELETE FROM contact_by_name WHERE (company_id, name, contact_id) IN"
            " (SELECT company_id, name, id FROM contact WHERE company_id = $1 AND id >= $2"
            " AND id <= $3 /*pg OFFSET 0 */)",
            DB_ARGS(DB_N(s->company), DB_N(first), DB_N(last)));
}

void contact_index_forget_bulk(struct scope *s)
{
    db_exec(s->db,
            "DELETE FROM contact_by_name WHERE (company_id, name, contact_id) IN"
            " (SELECT c.company_id, c.name, c.id FROM bulk b CROSS JOIN contact c"
            " WHERE c.company_id = $1 AND c.id = b.n1 /*pg OFFSET 0 */)",
            DB_ARGS(DB_N(s->company)));
}

/* ---- one block ---- */

struct note {
    int64_t number, first, last;
};

struct named {
    struct str name; /* in the step's arena */
    int64_t id;
};

struct indexing {
    struct scope *s;
    int64_t block, first, last; /* ids of the block */
    struct note *notes;         /* those that reach into the block */
    size_t note_count;
    struct id_set noted;
    uint64_t *pairs, *spare; /* PAIRS_MAX of each */
    size_t pair_count;
    size_t *places;           /* DIGITS */
    struct db_bulk_row *rows; /* WRITE_ROWS */
    uint64_t contact;         /* offset of the one that is read */
    struct named *names;      /* of the contacts that were read: CONTACT_BLOCK at most */
    size_t name_count;
};

/* A company with something to do whose contacts no import is changing right now: it would be
 * indexed twice, and the import is waited for. 0: none. */
static int64_t company_find(struct scope *s)
{
    return db_get_i64(s->db, 0,
                      "SELECT u.company_id FROM contact_unindexed u WHERE NOT EXISTS (SELECT 1"
                      " FROM import i WHERE i.company_id = u.company_id AND i.lease_until > $1"
                      " AND i.state IN ('importing', 'cancelling')) LIMIT 1",
                      DB_ARGS(DB_N(scope_now(s))));
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The notes of the lowest block there is one for. */
static void notes_read(struct indexing *x)
{
    struct scope *s = x->s;
    x->notes = arena_array(s->arena, NOTES_MAX, sizeof *x->notes);
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT number, first_id, last_id FROM contact_unindexed WHERE company_id = $1"
             " ORDER BY first_id LIMIT $2",
             DB_ARGS(DB_N(s->company), DB_N(NOTES_MAX)));
    while (db_next(&rows)) {
        struct note n = {db_i64(&rows, 0), db_i64(&rows, 1), db_i64(&rows, 2)};
        if (x->note_count == 0) {
            x->block = n.first / CONTACT_BLOCK;
            x->first = x->block * CONTACT_BLOCK;
            x->last = x->first + CONTACT_BLOCK - 1;
        }
        if (n.first > x->last)
            break;
        x->notes[x->note_count++] = n;
        id_set_add_range(&x->noted, (size_t)(n.first - x->first),
                         (size_t)(earlier(n.last, x->last) - x->first));
    }
}

/* ---- writing sets ---- */

/* Puts the pairs in the order of their grams: by radix, the lowest digit first. Contacts come in
 * order and stay so. */
static void pairs_sort(struct indexing *x)
{
    for (int shift = OFFSET_BITS; shift < OFFSET_BITS + GRAM_BITS; shift += DIGIT_BITS) {
        size_t *places = x->places, next = 0;
        memset(places, 0, DIGITS * sizeof *places);
        for (size_t i = 0; i < x->pair_count; i++)
            places[x->pairs[i] >> shift & (DIGITS - 1)]++;
        for (size_t d = 0; d < DIGITS; d++) {
            size_t many = places[d];
            places[d] = next;
            next += many;
        }
        for (size_t i = 0; i < x->pair_count; i++)
            x->spare[places[x->pairs[i] >> shift & (DIGITS - 1)]++] = x->pairs[i];
        uint64_t *sorted = x->spare;
        x->spare = x->pairs;
        x->pairs = sorted;
    }
}

static int64_t pair_gram(uint64_t pair)
{
    return (int64_t)(pair >> OFFSET_BITS);
}

/* What is stored of the grams that are written: all between the first and the last of them when
 * they are many, as those of an import are; one by one else. */
struct stored {
    struct db_rows rows; /* in the order of grams, as long as `more` */
    bool more;
    int64_t gram;
};

static void stored_next(struct stored *st)
{
    st->more = db_next(&st->rows);
    st->gram = st->more ? db_i64(&st->rows, 0) : 0;
}

static void stored_query(struct indexing *x, struct stored *st, int64_t first, int64_t last)
{
    struct scope *s = x->s;
    db_query(s->db, &st->rows,
             "SELECT gram, ids FROM contact_gram WHERE company_id = $1 AND block = $2"
             " AND gram >= $3 AND gram <= $4 ORDER BY gram",
             DB_ARGS(DB_N(s->company), DB_N(x->block), DB_N(first), DB_N(last)));
    stored_next(st);
}

static void stored_close(struct stored *st)
{
    db_close(&st->rows);
}

/* Adds the stored set of a gram; grams come in order. */
static void stored_add(struct indexing *x, struct stored *st, bool many, int64_t gram,
                       struct arena *a, struct id_set *set)
{
    if (!many) {
        stored_close(st);
        stored_query(x, st, gram, gram);
    }
    while (st->more && st->gram < gram)
        stored_next(st);
    if (st->more && st->gram == gram)
        id_set_read(set, db_text(&st->rows, 1, a));
}

/* Where the pairs of the next at most WRITE_ROWS grams end, and how many grams that are. */
static size_t part_end(const struct indexing *x, size_t from, size_t *grams)
{
    size_t at = from;
    *grams = 0;
    for (; at < x->pair_count; at++) {
        bool begins = at == from || pair_gram(x->pairs[at]) != pair_gram(x->pairs[at - 1]);
        if (begins && *grams == WRITE_ROWS)
            break;
        *grams += begins;
    }
    return at;
}

/* Makes the rows of the grams whose pairs lie between the two: what is stored, and these. */
static size_t rows_make(struct indexing *x, size_t from, size_t end, bool many, struct arena *a)
{
    struct stored st CLEANUP(stored_close) = {0};
    size_t n = 0;
    if (many)
        stored_query(x, &st, pair_gram(x->pairs[from]), pair_gram(x->pairs[end - 1]));
    for (size_t at = from; at < end; n++) {
        BUF(text, ID_SET_TEXT + 1);
        struct id_set set = {0};
        int64_t gram = pair_gram(x->pairs[at]);
        for (; at < end && pair_gram(x->pairs[at]) == gram; at++)
            id_set_add(&set, x->pairs[at] & (CONTACT_BLOCK - 1));
        stored_add(x, &st, many, gram, a, &set);
        id_set_write(&set, &text);
        assert(!text.failed);
        x->rows[n] = (struct db_bulk_row){.n = {gram}, .t = {str_dup(a, buf_view(&text))}};
    }
    return n;
}

/* Nobody else reads and writes sets of the company meanwhile, not even a process that believes the
 * chore to be its own: a set that is overwritten would hide somebody for good. */
static bool part_write(struct indexing *x, size_t from, size_t end, bool many)
{
    struct scope *s = x->s;
    ARENA(a, ARENA_MAX_DEFAULT);
    TX(tx, s->db);
    company_lock(s);
    size_t n = rows_make(x, from, end, many, &a);
    db_bulk(s->db, x->rows, n);
    db_exec(s->db,
            "INSERT INTO contact_gram (company_id, block, gram, ids)"
            " SELECT CAST($1 AS bigint), CAST($2 AS bigint), n1, t1 FROM bulk WHERE n1 >= 0"
            " ON CONFLICT (company_id, block, gram) DO UPDATE SET ids = excluded.ids",
            DB_ARGS(DB_N(s->company), DB_N(x->block)));
    return tx_commit(&tx);
}

/* Writes all pairs that are held and lets go of them. */
static bool pairs_write(struct indexing *x)
{
    bool ok = true;
    pairs_sort(x);
    for (size_t at = 0, grams; ok && at < x->pair_count;) {
        size_t end = part_end(x, at, &grams);
        ok = part_write(x, at, end, grams > MANY_GRAMS);
        at = end;
    }
    x->pair_count = 0;
    return ok;
}

/* ---- reading contacts ---- */

static void pair_put(void *ctx, int64_t gram)
{
    struct indexing *x = ctx;
    if (x->pair_count < PAIRS_MAX)
        x->pairs[x->pair_count++] = (uint64_t)gram << OFFSET_BITS | x->contact;
}

static int named_compare(const void *a, const void *b)
{
    return str_cmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

/* Writes the places of some contacts, which are neighbours by name. */
static bool names_part(struct indexing *x, const struct named *names, size_t count)
{
    struct scope *s = x->s;
    for (size_t i = 0; i < count; i++)
        x->rows[i] = (struct db_bulk_row){.n = {names[i].id}};
    TX(tx, s->db);
    company_lock(s); /* nobody deletes or renames one of them meanwhile */
    db_bulk(s->db, x->rows, count);
    db_exec(s->db,
            "INSERT INTO contact_by_name (company_id, name, contact_id)"
            " SELECT c.company_id, c.name, c.id FROM bulk b CROSS JOIN contact c"
            " WHERE c.company_id = $1 AND c.id = b.n1 ON CONFLICT DO NOTHING",
            DB_ARGS(DB_N(s->company)));
    return tx_commit(&tx);
}

/* In the order of the names: so each transaction changes few pages of the index. */
static bool names_write(struct indexing *x)
{
    bool ok = true;
    qsort(x->names, x->name_count, sizeof *x->names, named_compare);
    for (size_t at = 0; ok && at < x->name_count; at += WRITE_ROWS) {
        size_t left = x->name_count - at;
        ok = names_part(x, x->names + at, left < WRITE_ROWS ? left : WRITE_ROWS);
    }
    return ok;
}

/* A contact cannot have more grams: every character begins at most four. */
#define GRAMS_MAX ((size_t)SEARCH_TEXT_MAX * 4)

static void contact_take(struct indexing *x, const struct db_rows *rows, int64_t id,
                         struct arena *a)
{
    x->contact = (uint64_t)(id - x->first);
    if (!id_set_has(&x->noted, x->contact))
        return;
    struct search_texts texts = {db_text(rows, 1, a), db_text(rows, 2, a), db_text(rows, 3, a),
                                 db_text(rows, 4, a)};
    search_texts_grams(&texts, a, pair_put, x);
    x->names[x->name_count++] = (struct named){str_dup(x->s->arena, texts.name), id};
}

/* Reads the noted contacts from *from on, until there are enough; *from is where to go on. */
static void contacts_read(struct indexing *x, int64_t *from)
{
    struct scope *s = x->s;
    ARENA(a, ARENA_MAX_DEFAULT);
    size_t met = 0;
    DB_ROWS(rows);
    db_query(s->db, &rows,
             "SELECT id, name, phone, email, attributes FROM contact WHERE company_id = $1"
             " AND id >= $2 AND id <= $3 ORDER BY id LIMIT $4",
             DB_ARGS(DB_N(s->company), DB_N(*from),
                     DB_N(x->first + (int64_t)id_set_last(&x->noted, CONTACT_BLOCK - 1)),
                     DB_N(READ_ROWS)));
    bool full = false;
    while (!(full = x->pair_count + GRAMS_MAX > PAIRS_MAX) && db_next(&rows)) {
        int64_t id = db_i64(&rows, 0);
        contact_take(x, &rows, id, &a);
        *from = id + 1;
        met++;
        arena_free(&a);
    }
    if (met < READ_ROWS && !full)
        *from = x->last + 1; /* there are no more */
}

static bool contacts_index(struct indexing *x)
{
    int64_t from = x->first + (int64_t)id_set_next(&x->noted, 0);
    while (from <= x->last) {
        contacts_read(x, &from);
        if (db_failed(x->s->db))
            return false;
        if (x->pair_count + GRAMS_MAX > PAIRS_MAX && !pairs_write(x))
            return false;
        /* What is noted lies far apart after changes by hand: on to the next. */
        size_t next =
            from <= x->last ? id_set_next(&x->noted, (size_t)(from - x->first)) : CONTACT_BLOCK;
        from = next < CONTACT_BLOCK ? later(from, x->first + (int64_t)next) : x->last + 1;
    }
    return pairs_write(x) && names_write(x);
}

/* Takes back the notes of what is indexed; one that reaches further goes on behind the block. */
static bool notes_take_back(struct indexing *x)
{
    struct scope *s = x->s;
    TX(tx, s->db);
    for (size_t i = 0; i < x->note_count; i++)
        if (x->notes[i].last <= x->last)
            db_exec(s->db, "DELETE FROM contact_unindexed WHERE company_id = $1 AND number = $2",
                    DB_ARGS(DB_N(s->company), DB_N(x->notes[i].number)));
        else
            db_exec(s->db,
                    "UPDATE contact_unindexed SET first_id = $3 WHERE company_id = $1"
                    " AND number = $2",
                    DB_ARGS(DB_N(s->company), DB_N(x->notes[i].number), DB_N(x->last + 1)));
    return tx_commit(&tx);
}

/* After an import the tables hold many times what they held: plans made for the small ones are
 * renewed once all of it is indexed. */
static void statistics_renew(struct indexing *x)
{
    struct scope *s = x->s;
    if (x->name_count < GROWN_FROM ||
        db_get_i64(s->db, 0, "SELECT 1 FROM contact_unindexed WHERE company_id = $1 LIMIT 1",
                   DB_ARGS(DB_N(s->company))))
        return;
    db_grown(s->db, "contact_by_name");
    db_grown(s->db, "contact_gram");
    db_grown(s->db, "group_member");
}

bool contact_index_step(struct scope *s)
{
    struct indexing *x = arena_new(s->arena, struct indexing);
    struct scope of_company = *s;
    of_company.company = company_find(s);
    if (of_company.company == 0)
        return false;
    x->s = &of_company;
    notes_read(x);
    if (x->note_count == 0)
        return false;
    x->rows = arena_array(s->arena, WRITE_ROWS, sizeof *x->rows);
    x->names = arena_array(s->arena, CONTACT_BLOCK, sizeof *x->names);
    x->places = arena_array(s->arena, DIGITS, sizeof *x->places);
    x->pairs = malloc(PAIRS_MAX * sizeof *x->pairs);
    x->spare = malloc(PAIRS_MAX * sizeof *x->spare);
    if (!x->pairs || !x->spare)
        fatal("the index of contacts");
    bool ok = contacts_index(x) && notes_take_back(x);
    if (ok)
        statistics_renew(x);
    free(x->pairs);
    free(x->spare);
    if (!ok)
        log_warnx("contacts: a block of the index could not be written");
    return ok;
}
