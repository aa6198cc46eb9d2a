/*
 * recipients_count.c - how many people a choice comes to, see recipients.h.
 *
 * One group has its counter. Small groups beside a large one are counted by their differences: each
 * counts the members that no group before it holds. Groups of like size are merged.
 */
#include "domain/recent.h"
#include "domain/recipients_list.h"
#include "domain/suppression.h"
#include "domain/template.h"

/* ---- members of groups ---- */

static int64_t member_count(struct scope *s, int64_t group)
{
    return db_get_i64(s->db, 0,
                      "SELECT member_count FROM contact_group WHERE company_id = $1 AND id = $2",
                      DB_ARGS(DB_N(s->company), DB_N(group)));
}

/* Members of a group that are in none of the groups of `without` and, when `within` is not empty,
 * in one of those. */
static int64_t members_count(struct scope *s, int64_t group, struct str without, struct str within)
{
    struct db_value args[] = {DB_N(s->company), DB_N(group), DB_S(without), DB_S(within)};
    if (without.len + within.len == 0)
        return member_count(s, group);
    if (within.len == 0)
        return db_get_i64(s->db, 0,
                          "SELECT count(*) FROM group_member m WHERE m.company_id = $1"
                          " AND m.group_id = $2 AND 0 = (SELECT count(*) FROM group_member x"
                          " WHERE x.company_id = m.company_id AND x.contact_id = m.contact_id"
                          " AND $3 LIKE '%,' || CAST(x.group_id AS text) || ',%')",
                          args, 3);
    return db_get_i64(s->db, 0,
                      "SELECT count(*) FROM group_member m WHERE m.company_id = $1"
                      " AND m.group_id = $2 AND 0 = (SELECT count(*) FROM group_member x"
                      " WHERE x.company_id = m.company_id AND x.contact_id = m.contact_id"
                      " AND $3 LIKE '%,' || CAST(x.group_id AS text) || ',%') AND 0 <"
                      " (SELECT count(*) FROM group_member y WHERE y.company_id = m.company_id"
                      " AND y.contact_id = m.contact_id"
                      " AND $4 LIKE '%,' || CAST(y.group_id AS text) || ',%')",
                      args, 4);
}

static int64_t members_sum(struct scope *s, const int64_t *groups, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += member_count(s, groups[i]);
    return sum;
}

/* Probing a member costs about so many times what reading one does, and more with longer lists. */
#define PROBE_COST 8

/* Members of the groups, each once, without those of `without` and within `within`: each group
 * counts those that no group before it holds. */
static int64_t probed_count(struct scope *s, const int64_t *groups, size_t count,
                            struct str without, struct str within)
{
    int64_t total = 0;
    BUF(before, RECIPIENTS_LIST_MAX);
    buf_str(&before, without);
    for (size_t i = 0; i < count; i++) {
        total += members_count(s, groups[i], buf_view(&before), within);
        buf_printf(&before, before.len ? "%lld," : ",%lld,", (long long)groups[i]);
    }
    return total;
}

/* Members of the groups of a choice, each once; the largest comes first. Groups that are small
 * beside it are probed, others are merged. */
static int64_t union_count(struct scope *s, const struct recipients_choice *c)
{
    struct recipients_choice all = *c;
    int64_t ids[RECIPIENTS_IDS_MAX], total = 0, after = 0;
    int64_t others = members_sum(s, c->groups + 1, c->group_count - 1);
    size_t n;
    if (others * (PROBE_COST + (int64_t)c->group_count) <= member_count(s, c->groups[0]))
        return probed_count(s, c->groups, c->group_count, STR(""), STR(""));
    all.except_count = 0;
    while ((n = recipients_ids(s, &all, after, COUNT_OF(ids), ids)) > 0) {
        total += (int64_t)n;
        after = ids[n - 1];
    }
    return total;
}

/* Brings the largest group to the front: its members need not be looked at. */
static void largest_first(struct scope *s, struct recipients_choice *c)
{
    int64_t most = -1;
    for (size_t i = 0; i < c->group_count; i++) {
        int64_t n = member_count(s, c->groups[i]), group = c->groups[i];
        if (n <= most)
            continue;
        most = n;
        c->groups[i] = c->groups[0];
        c->groups[0] = group;
    }
}

int64_t recipients_count(struct scope *s, const struct recipients_choice *choice, int64_t *excepted)
{
    struct recipients_choice c = *choice;
    BUF(within, RECIPIENTS_LIST_MAX);
    BUF(without, RECIPIENTS_LIST_MAX);
    recipients_list_text(&within, c.groups, c.group_count);
    recipients_list_text(&without, c.except, c.except_count);
    largest_first(s, &c);
    int64_t selected = c.group_count ? union_count(s, &c) : 0;
    /* Whichever side has fewer members is looked at. */
    if (members_sum(s, c.except, c.except_count) < selected)
        *excepted = probed_count(s, c.except, c.except_count, STR(""), buf_view(&within));
    else
        *excepted =
            selected - probed_count(s, c.groups, c.group_count, buf_view(&without), STR(""));
    return selected;
}

/* ---- who of them gets nothing ---- */

/* Suppressed numbers of people who are within and not without. */
static int64_t suppressed_count(struct scope *s, struct str within, struct str without)
{
    return db_get_i64(s->db, 0,
                      "SELECT count(*) FROM suppression p CROSS JOIN contact c"
                      " WHERE p.company_id = $1 AND c.company_id = $1 AND c.phone = p.phone AND 0 "
                      "< (SELECT count(*) FROM group_member x"
                      " WHERE x.company_id = c.company_id AND x.contact_id = c.id"
                      " AND $2 LIKE '%,' || CAST(x.group_id AS text) || ',%') AND 0 ="
                      " (SELECT count(*) FROM group_member y WHERE y.company_id = c.company_id"
                      " AND y.contact_id = c.id"
                      " AND $3 LIKE '%,' || CAST(y.group_id AS text) || ',%')",
                      DB_ARGS(DB_N(s->company), DB_S(within), DB_S(without)));
}

/* People of the choice who got the template lately and are not suppressed: every one is looked at.
 */
static int64_t recent_count(struct scope *s, const struct recipients_choice *c, int64_t template,
                            int64_t people)
{
    PHONE_SET(suppressed);
    RECENT(recent);
    int64_t count = 0, after = 0;
    size_t n;
    recent_open(s, template, c->except_days, people, &recent);
    if (recent.messages == 0)
        return 0;
    suppression_load(s, &suppressed);
    do {
        ARENA(scratch, ARENA_MAX_DEFAULT);
        struct person *page = arena_array(&scratch, RECIPIENTS_PAGE_MAX, sizeof *page);
        n = recipients_page(s, c, after, RECIPIENTS_PAGE_MAX, page, &scratch);
        for (size_t i = 0; i < n; i++)
            count +=
                !phone_set_has(&suppressed, page[i].phone) && recent_has(s, &recent, page[i].phone);
        after = n ? page[n - 1].contact : 0;
    } while (n && !db_failed(s->db));
    return count;
}

enum problem recipients_tally(struct scope *s, const struct recipients_choice *c, int64_t template,
                              struct recipients_tally *out)
{
    BUF(within, RECIPIENTS_LIST_MAX);
    BUF(without, RECIPIENTS_LIST_MAX);
    struct template t;
    *out = (struct recipients_tally){0};
    recipients_check(s, c);
    if (template && template_get(s, template, &t) != PROBLEM_NONE)
        scope_field_error(s, "template_id", "not_found", "템플릿을 골라 주세요.",
                          "Please choose a template.");
    if (db_failed(s->db))
        return PROBLEM_STORE;
    enum problem p = scope_invalid(s);
    if (p)
        return p;
    out->selected = recipients_count(s, c, &out->excepted);
    recipients_list_text(&within, c->groups, c->group_count);
    recipients_list_text(&without, c->except, c->except_count);
    out->suppressed = suppressed_count(s, buf_view(&within), buf_view(&without));
    if (template && c->except_days)
        out->recent = recent_count(s, c, template, out->selected - out->excepted);
    return scope_store(s);
}
