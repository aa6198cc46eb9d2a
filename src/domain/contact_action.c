/*
 * contact_action.c - see contact_action.h.
 *
 * A selection is gone through in the order of ids, some thousands at a time: each part becomes the
 * table `bulk`, and one statement a table does its work. What a part changes lies behind the place
 * where the next one is looked for, so that a selection by the very group that is being emptied
 * loses nobody.
 */
#include "domain/contact_action.h"
#include "base/crash.h"
#include "domain/company.h"
#include "domain/contact_index.h"
#include "domain/group.h"

#include <stdlib.h>

#define PART 10000 /* contacts that one statement changes */

/* ---- what is done to the contacts in `bulk`; how many it changed ---- */

static int64_t part_add(struct scope *s, const struct contact_action *a)
{
    int64_t joined = group_join_bulk(s, a->group, true);
    group_leave_home_bulk(s);
    return joined;
}

static int64_t part_move(struct scope *s, const struct contact_action *a)
{
    return group_move_bulk(s, a->from, a->group);
}

static int64_t part_remove(struct scope *s, const struct contact_action *a)
{
    return group_leave_bulk(s, a->from);
}

static int64_t part_delete(struct scope *s, const struct contact_action *a)
{
    (void)a;
    group_forget_bulk(s);
    contact_index_forget_bulk(s);
    db_exec(s->db,
            "DELETE FROM contact_past_phone WHERE (company_id, contact_id) IN"
            " (SELECT CAST($1 AS bigint), n1 FROM bulk /*pg OFFSET 0 */)",
            DB_ARGS(DB_N(s->company)));
    int64_t gone = db_exec(s->db,
                           "DELETE FROM contact WHERE (company_id, id) IN"
                           " (SELECT CAST($1 AS bigint), n1 FROM bulk /*pg OFFSET 0 */)",
                           DB_ARGS(DB_N(s->company)));
    company_counts_add(s, -gone, 0);
    return gone;
}

static const struct {
    int64_t (*part)(struct scope *s, const struct contact_action *a);
    bool group, from,
        from_default; /* which groups it needs, and whether the latter may be 미지정 */
} kinds[] = {
    [CONTACT_ADD] = {part_add, .group = true},
    [CONTACT_MOVE] = {part_move, .group = true, .from = true, .from_default = true},
    [CONTACT_REMOVE] = {part_remove, .from = true},
    [CONTACT_DELETE] = {part_delete},
};

/* ---- checking ---- */

static void group_given(struct scope *s, const char *field, bool needed, int64_t id)
{
    if (needed && !id)
        scope_field_error(s, field, "required", "그룹을 골라 주세요.", "Please choose a group.");
    if (!needed && id)
        scope_field_error(s, field, "unknown", "이 작업에는 쓰지 않는 항목입니다.",
                          "This action does not take this field.");
}

static enum problem form_check(struct scope *s, const struct contact_action *a)
{
    group_given(s, "group_id", kinds[a->kind].group, a->group);
    group_given(s, "from_group_id", kinds[a->kind].from, a->from);
    if (a->group && a->group == a->from)
        scope_field_error(s, "group_id", "same", "옮길 그룹을 다른 그룹으로 골라 주세요.",
                          "Please choose another group to move to.");
    if (!a->selection.filter && a->selection.count == 0)
        scope_field_error(s, "selection", "required", "고객을 한 명 이상 골라 주세요.",
                          "Please choose at least one contact.");
    if (!a->selection.filter && a->selection.count > CONTACT_ACTION_IDS_MAX)
        scope_field_error(s, "selection", "too_long", "한 번에 10,000명까지 고를 수 있습니다.",
                          "At most 10,000 contacts can be named at a time.");
    return scope_invalid(s);
}

/* A group that takes part; 0: none does. */
static enum problem group_check(struct scope *s, int64_t id, bool may_be_default)
{
    struct group g;
    enum problem p = id ? group_get(s, id, &g) : PROBLEM_NONE;
    return id && !p && g.is_default && !may_be_default ? PROBLEM_GROUP_DEFAULT : p;
}

static enum problem groups_check(struct scope *s, const struct contact_action *a)
{
    const struct contact_filter *filter = a->selection.filter;
    enum problem p = group_check(s, a->group, false);
    if (!p)
        p = group_check(s, a->from, kinds[a->kind].from_default);
    return p || !filter ? p : group_check(s, filter->group, true);
}

/* ---- the selection, part by part ---- */

struct walk {
    struct scope *s;
    const struct contact_action *a;
    struct db_bulk_row *rows; /* PART of them: the contacts of this part … */
    int64_t *ids;             /* … and their ids; all that are named, in order and once */
    size_t count;
    int64_t last;
};

static int by_id(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static size_t ids_sort(int64_t *ids, size_t count)
{
    size_t n = 0;
    qsort(ids, count, sizeof *ids, by_id);
    for (size_t i = 0; i < count; i++)
        if (n == 0 || ids[i] != ids[n - 1])
            ids[n++] = ids[i];
    return n;
}

static void walk_begin(struct walk *w)
{
    _Static_assert(PART >= CONTACT_ACTION_IDS_MAX, "all that are named are one part");
    const struct contact_selection *selection = &w->a->selection;
    size_t room = selection->filter ? PART : selection->count;
    w->rows = arena_array(w->s->arena, room, sizeof *w->rows);
    w->ids = arena_array(w->s->arena, room, sizeof *w->ids);
    if (selection->filter)
        return;
    memcpy(w->ids, selection->ids, selection->count * sizeof *w->ids);
    w->count = ids_sort(w->ids, selection->count);
}

/* Finds the next part; an empty one is the end. */
static enum problem walk_next(struct walk *w)
{
    ARENA(held, ARENA_MAX_DEFAULT); /* what a search takes does not grow with the parts */
    struct scope part = *w->s;
    enum problem p = PROBLEM_NONE;
    part.arena = &held;
    if (w->a->selection.filter)
        p = contact_ids(&part, w->a->selection.filter, w->last, w->ids, PART, &w->count);
    else if (w->last)
        w->count = 0;
    if (w->count)
        w->last = w->ids[w->count - 1];
    return p;
}

static void part_load(struct walk *w)
{
    for (size_t i = 0; i < w->count; i++)
        w->rows[i] = (struct db_bulk_row){.n = {w->ids[i], 1}};
    db_bulk(w->s->db, w->rows, w->count);
}

/* Those that match exist; those that were named may not. */
static enum problem part_check(struct walk *w)
{
    if (!w->a->selection.filter &&
        db_get_i64(w->s->db, 0,
                   "SELECT 1 FROM bulk b WHERE NOT EXISTS (SELECT 1 FROM contact c"
                   " WHERE c.company_id = $1 AND c.id = b.n1 /*pg OFFSET 0 */) LIMIT 1",
                   DB_ARGS(DB_N(w->s->company))))
        return PROBLEM_NOT_FOUND;
    return scope_store(w->s);
}

/* Once there are more than expected nothing is changed any more, only counted. */
static enum problem selection_change(struct walk *w, struct contact_action_result *r)
{
    const struct contact_action *a = w->a;
    enum problem p;
    while (!(p = walk_next(w)) && w->count) {
        part_load(w);
        if ((p = part_check(w)))
            return p;
        r->selected += (int64_t)w->count;
        if (a->expected_count != CONTACT_COUNT_ANY && r->selected > a->expected_count)
            continue;
        r->changed += kinds[a->kind].part(w->s, a);
        crash_point("contact-action");
    }
    return p;
}

enum problem contact_act(struct scope *s, const struct contact_action *a,
                         struct contact_action_result *result)
{
    struct walk w = {.s = s, .a = a};
    *result = (struct contact_action_result){0};
    enum problem p = form_check(s, a);
    if (p)
        return p;
    walk_begin(&w);
    TX(tx, s->db);
    company_lock(s);
    p = groups_check(s, a);
    if (!p)
        p = selection_change(&w, result);
    if (!p && a->expected_count != CONTACT_COUNT_ANY && result->selected != a->expected_count)
        p = scope_fail(s, PROBLEM_COUNT_CHANGED,
                       str_printf(s->arena, "%lld", (long long)result->selected));
    if (p)
        return p;
    if (!tx_commit(&tx))
        return PROBLEM_STORE;
    crash_point("contact-action-committed");
    return PROBLEM_NONE;
}
