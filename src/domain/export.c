/*
 * export.c - see export.h.
 */
#include "domain/export.h"
#include "base/log.h"
#include "domain/attributes.h"
#include "domain/group.h"

#include <assert.h>

#define FIXED_MAX    9                 /* columns before the attributes */
#define MORE_MAX     ((size_t)4 << 20) /* bytes of what gets no column of its own */
#define NAMES_MAX    ((size_t)1 << 20) /* bytes of all names of attributes */
#define COLUMNS_MOST (FIXED_MAX + EXPORT_ATTRIBUTES_MAX + 1)

/* A column that every export of its kind has. */
struct fixed {
    struct str ko, en;
    enum sheet_out_type type;
    int width;
};

struct export
{
    const struct export_file *file;
    struct arena *names_arena;
    struct str names[EXPORT_ATTRIBUTES_MAX];
    size_t name_count, fixed_count;
    bool more; /* there are attributes without a column */
    struct sheet_out *out;
    struct str cells[COLUMNS_MOST];
};

enum problem export_problem(int error)
{
    if (error == 0)
        return PROBLEM_NONE;
    log_warnx("export: cannot write: %s", strerror(error));
    return PROBLEM_STORAGE_FULL;
}

/* ---- attributes as columns ---- */

/* Which column has the name; name_count: none. People of one list have the same attributes in the
 * same order, so it is nearly always the one that is tried first. */
static size_t name_find(const struct export *e, struct str name, size_t first)
{
    if (first < e->name_count && str_eq(e->names[first], name))
        return first;
    for (size_t i = 0; i < e->name_count; i++)
        if (str_eq(e->names[i], name))
            return i;
    return e->name_count;
}

static void names_note(struct export *e, struct arena *a, struct str attributes)
{
    struct attribute one;
    for (size_t next = 0; attribute_next(a, &attributes, &one); next++) {
        next = name_find(e, one.name, next);
        if (next < e->name_count)
            continue;
        if (e->name_count < EXPORT_ATTRIBUTES_MAX && one.name.len < arena_room(e->names_arena))
            e->names[e->name_count++] = str_dup(e->names_arena, one.name);
        else
            e->more = true;
    }
}

/* Puts the attributes into the cells behind the fixed ones. */
static void attributes_fill(struct export *e, struct arena *a, struct str attributes)
{
    struct str *cells = e->cells + e->fixed_count;
    struct attribute one;
    BUF(rest, MORE_MAX);
    for (size_t i = 0; i <= e->name_count; i++)
        cells[i] = STR("");
    for (size_t next = 0; attribute_next(a, &attributes, &one); next++) {
        next = name_find(e, one.name, next);
        if (next < e->name_count)
            cells[next] = one.value;
        else if (e->more)
            buf_printf(&rest, "%s%.*s: %.*s", rest.len ? "\n" : "", STR_ARG(one.name),
                       STR_ARG(one.value));
    }
    if (rest.len)
        cells[e->name_count] = str_dup(a, buf_view(&rest));
}

/* ---- the file ---- */

static struct export *export_new(struct scope *s, const struct export_file *file,
                                 struct arena *names)
{
    struct export *e = arena_new(s->arena, struct export);
    e->file = file;
    e->names_arena = names;
    return e;
}

static void export_open(struct export *e, struct scope *s, const char *ko, const char *en,
                        const struct fixed *fixed, size_t count)
{
    size_t n = count + e->name_count + e->more;
    struct sheet_out_column *columns = arena_array(s->arena, n, sizeof *columns);
    bool english = e->file->english;
    assert(count <= FIXED_MAX);
    e->fixed_count = count;
    for (size_t i = 0; i < count; i++)
        columns[i] = (struct sheet_out_column){
            .title = english ? fixed[i].en : fixed[i].ko, fixed[i].type, fixed[i].width};
    for (size_t i = 0; i < e->name_count; i++)
        columns[count + i].title = e->names[i];
    if (e->more)
        columns[n - 1].title = english ? STR("Other") : STR("그 밖의 정보");
    const struct sheet_out_head head = {str_c(english ? en : ko), columns, n};
    e->out = sheet_out_open(e->file->kind, e->file->fd, &head);
    if (!e->out)
        fatalx("out of memory (export)");
}

/* False when nobody waits for the file any more. */
static bool going(const struct export *e)
{
    return !e->file->stop || !atomic_load_explicit(e->file->stop, memory_order_relaxed);
}

static bool row_write(struct export *e)
{
    return going(e) && sheet_out_row(e->out, e->cells, e->fixed_count + e->name_count + e->more);
}

/* Ends the file after the walk over the rows. */
static enum problem export_end(struct export *e, enum problem walk)
{
    enum problem p = export_problem(sheet_out_close(&e->out));
    if (walk || !going(e))
        return walk ? walk : PROBLEM_STOPPING;
    return p;
}

static struct str time_text(struct arena *a, int64_t at)
{
    return at ? kst_format(a, at) : STR("");
}

static struct str number_text(struct arena *a, int64_t n)
{
    return str_printf(a, "%lld", (long long)n);
}

/* 010-1234-5678: as people write it, and no spreadsheet program takes it for a number. */
static struct str phone_text(struct arena *a, struct str digits)
{
    if (digits.len != 11)
        return digits;
    return str_printf(a, "%.3s-%.4s-%.4s", digits.ptr, digits.ptr + 3, digits.ptr + 7);
}

/* ---- contacts ---- */

static const struct fixed contact_columns[] = {
    {STR_INIT("이름"), STR_INIT("Name"), SHEET_OUT_TEXT, 14},
    {STR_INIT("휴대폰"), STR_INIT("Mobile"), SHEET_OUT_TEXT, 16},
    {STR_INIT("이메일"), STR_INIT("E-mail"), SHEET_OUT_TEXT, 26},
    {STR_INIT("그룹"), STR_INIT("Groups"), SHEET_OUT_TEXT, 18},
    {STR_INIT("등록 시각"), STR_INIT("Added at"), SHEET_OUT_TIME, 20},
};

static bool contact_note(void *ctx, struct arena *a, const struct contact *c)
{
    names_note(ctx, a, c->attributes);
    return going(ctx);
}

static struct str groups_text(struct arena *a, const struct contact *c)
{
    struct str text = STR("");
    for (size_t i = 0; i < c->group_count; i++)
        text = i ? str_printf(a, "%.*s, %.*s", STR_ARG(text), STR_ARG(c->groups[i].name))
                 : c->groups[i].name;
    return text;
}

static bool contact_row(void *ctx, struct arena *a, const struct contact *c)
{
    struct export *e = ctx;
    const struct str fixed[] = {
        c->name, phone_text(a, c->phone), c->email, groups_text(a, c), time_text(a, c->created_at),
    };
    memcpy(e->cells, fixed, sizeof fixed);
    attributes_fill(e, a, c->attributes);
    return row_write(e);
}

enum problem export_contacts(struct scope *s, const struct contact_filter *filter,
                             const struct export_file *to)
{
    ARENA(names, NAMES_MAX);
    struct group group;
    struct export *e = export_new(s, to, &names);
    enum problem p = filter->group ? group_get(s, filter->group, &group) : PROBLEM_NONE;
    if (!p)
        p = contact_each_attributes(s, filter, contact_note, e);
    if (p)
        return p;
    export_open(e, s, "고객", "Contacts", contact_columns, COUNT_OF(contact_columns));
    return export_end(e, contact_each(s, filter, contact_row, e));
}

/* ---- messages ---- */

static const struct fixed message_columns[] = {
    {STR_INIT("순번"), STR_INIT("No."), SHEET_OUT_NUMBER, 8},
    {STR_INIT("이름"), STR_INIT("Name"), SHEET_OUT_TEXT, 14},
    {STR_INIT("휴대폰"), STR_INIT("Mobile"), SHEET_OUT_TEXT, 16},
    {STR_INIT("상태"), STR_INIT("State"), SHEET_OUT_TEXT, 12},
    {STR_INIT("사유"), STR_INIT("Reason"), SHEET_OUT_TEXT, 40},
    {STR_INIT("발송 시각"), STR_INIT("Sent at"), SHEET_OUT_TIME, 20},
    {STR_INIT("결과 시각"), STR_INIT("Result at"), SHEET_OUT_TIME, 20},
    {STR_INIT("첫 클릭 시각"), STR_INIT("First click at"), SHEET_OUT_TIME, 20},
    {STR_INIT("클릭 수"), STR_INIT("Clicks"), SHEET_OUT_NUMBER, 9},
};

static bool message_note(void *ctx, struct arena *a, const struct message *m UNUSED,
                         struct str attributes)
{
    names_note(ctx, a, attributes);
    return going(ctx);
}

static bool message_row(void *ctx, struct arena *a, const struct message *m, struct str attributes)
{
    struct export *e = ctx;
    bool english = e->file->english;
    const struct str fixed[] = {
        number_text(a, m->ordinal),
        m->name,
        phone_text(a, m->phone),
        message_state_text(m->state, english),
        m->reason.ptr ? message_reason_text(m->reason, english, a) : m->reason,
        time_text(a, m->sent_at),
        time_text(a, m->settled_at),
        time_text(a, m->first_click_at),
        number_text(a, m->click_count),
    };
    memcpy(e->cells, fixed, sizeof fixed);
    attributes_fill(e, a, attributes);
    return row_write(e);
}

enum problem export_messages(struct scope *s, int64_t campaign, const struct message_filter *filter,
                             const struct export_file *to)
{
    ARENA(names, NAMES_MAX);
    struct export *e = export_new(s, to, &names);
    enum problem p = message_each(s, campaign, filter, message_note, e);
    if (p)
        return p;
    export_open(e, s, "발송 결과", "Results", message_columns, COUNT_OF(message_columns));
    return export_end(e, message_each(s, campaign, filter, message_row, e));
}
