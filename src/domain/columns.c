/*
 * columns.c - see columns.h. First the header row is found, then every column gets a meaning from
 * its words and counts from its cells, then roles are given out: phone, e-mail, name, and what is
 * left becomes attributes, named as a template wants them where it wants them.
 */
#include "domain/columns.h"
#include "base/token.h"
#include "domain/column_content.h"
#include "domain/column_header.h"
#include "domain/column_words.h"
#include "domain/text.h"

#define HEADER_MAX 100 /* characters kept of a header */
#define SAMPLE_MAX 100 /* characters kept of a sample */

static struct str cut(struct arena *a, struct str s, size_t characters)
{
    size_t at = 0;
    for (size_t n = 0; at < s.len && n < characters; n++)
        utf8_next(s, &at);
    return str_dup(a, str_slice(s, 0, at));
}

/* ---- the guess ---- */

struct wanted { /* a variable */
    struct str name, line, key;
    ptrdiff_t sense;
};

struct above { /* what stands above a column */
    struct str key, group;
    bool known; /* the key has a meaning */
    struct column_meaning meaning;
    ptrdiff_t sense, sense_rank;
};

struct guess {
    struct arena *arena;
    struct columns *columns;
    const struct wanted *wanted;
    size_t wanted_count;
    struct above above[COLUMNS_MAX];
    struct column_content content[COLUMNS_MAX];
};

/* "수취인 정보" over a column makes its 연락처 the receiver's. */
static void group_apply(struct guess *g, size_t column)
{
    static const struct str ends[] = {
        STR_INIT(""),     STR_INIT("정보"),        STR_INIT("사항"),    STR_INIT("인적사항"),
        STR_INIT("내역"), STR_INIT("연락정보"),    STR_INIT("란"),      STR_INIT("측"),
        STR_INIT("info"), STR_INIT("information"), STR_INIT("details"),
    };
    int rank;
    struct column_meaning *m = &g->above[column].meaning;
    struct str key = column_key(g->arena, g->above[column].group);
    enum column_who who = column_key_who(key, &rank);
    if (who == WHO_ANYBODY || m->who != WHO_ANYBODY || !g->above[column].known)
        return;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct str front = str_slice(key, 0, key.len - ends[i].len);
        int front_rank;
        if (key.len <= ends[i].len || !str_ends(key, ends[i]))
            continue;
        struct column_meaning alone;
        if (!column_key_meaning(front, &alone) || column_key_who(front, &front_rank) != who)
            continue;
        m->who = who;
        m->rank += rank;
        return;
    }
}

static void headers_read(struct guess *g, const struct peek_row *rows,
                         const struct column_header *h)
{
    struct columns *c = g->columns;
    for (size_t i = 0; i < c->count; i++) {
        struct str line = text_line(g->arena, column_header_cell(h, rows, i));
        while (str_ends(line, STR("*")))
            line = str_trim(str_slice(line, 0, line.len - 1));
        c->list[i].header = cut(g->arena, line, HEADER_MAX);
        struct above *above = &g->above[i];
        above->key = column_key(g->arena, c->list[i].header);
        above->known = column_key_meaning(above->key, &above->meaning);
        above->sense = column_key_sense(above->key, &above->sense_rank);
        above->group =
            cut(g->arena, text_line(g->arena, column_header_group(h, rows, i)), HEADER_MAX);
        group_apply(g, i);
    }
}

static bool is_blank_row(const struct str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!cell_is_blank(cells[i]))
            return false;
    return true;
}

/* A row that tells nothing of the columns: the header again, a total, a remark. */
static bool is_nobody(struct guess *g, const struct str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cell_is_phone(cells[i]))
            return false;
    for (size_t i = 0; i < count; i++)
        if (cell_is_total(g->arena, cells[i]))
            return true;
    return columns_header_repeats(g->columns, cells, count) ||
           columns_row_remarks(g->columns, cells, count);
}

static void cell_read(struct guess *g, size_t i, struct str cell)
{
    struct column *c = &g->columns->list[i];
    column_content_count(&g->content[i], cell);
    if (c->sample_count == COLUMN_SAMPLES || cell_is_blank(cell))
        return;
    c->samples[c->sample_count++] =
        cut(g->arena, text_line(g->arena, cell_value(cell)), SAMPLE_MAX);
}

static void rows_read(struct guess *g, const struct peek_row *rows, size_t count,
                      const struct column_header *h)
{
    struct columns *c = g->columns;
    int64_t top = h->upper >= 0 ? rows[h->upper].number : h->row;
    for (size_t r = 0; r < count; r++) {
        size_t width = rows[r].cell_count < c->count ? rows[r].cell_count : c->count;
        if (is_blank_row(rows[r].cells, rows[r].cell_count))
            continue;
        c->title_rows += rows[r].number < top && h->group != (ptrdiff_t)r;
        if (rows[r].number <= h->row || is_nobody(g, rows[r].cells, width))
            continue;
        c->data_rows++;
        for (size_t i = 0; i < width; i++)
            cell_read(g, i, rows[r].cells[i]);
    }
}

/* ---- roles ---- */

static bool nine_tenths(size_t of, size_t filled)
{
    return filled > 0 && of * 10 >= filled * 9;
}

/* The column whose header ranks highest for a role, the first among equals; -1: none. `with`: of
 * names, that of the person whose number was taken goes first. */
static ptrdiff_t by_header(const struct guess *g, enum column_role role, enum column_who with)
{
    ptrdiff_t best = -1;
    int best_rank = 0;
    for (size_t i = 0; i < g->columns->count; i++) {
        if (!g->above[i].known || g->above[i].meaning.role != role)
            continue;
        int rank = g->above[i].meaning.rank;
        rank += with != WHO_ANYBODY && g->above[i].meaning.who == with ? 1000 : 0;
        if (best >= 0 && rank <= best_rank)
            continue;
        best = (ptrdiff_t)i;
        best_rank = rank;
    }
    return best;
}

/* True when the words above a column leave room for what stands in it. */
static bool may_hold(const struct guess *g, size_t i, enum column_role role)
{
    if (g->columns->list[i].role != COLUMN_IGNORE)
        return false;
    if (!g->above[i].known || g->above[i].meaning.role == COLUMN_IGNORE)
        return true;
    return role == COLUMN_PHONE && g->above[i].meaning.role == COLUMN_PHONE &&
           g->above[i].meaning.rank > 0 && g->above[i].meaning.who != WHO_BUYER &&
           g->above[i].meaning.who != WHO_SENDER;
}

/* Words of a column without a header, or under one that we do not know: names only when nearly all
 * are, and of the usual length, so that 사과 and 셔츠 are no people. */
static bool holds_names(const struct guess *g, size_t i)
{
    const struct column_content *k = &g->content[i];
    if (g->columns->list[i].header.len)
        return nine_tenths(k->names, k->filled) && k->longest_names * 10 >= k->filled * 7;
    return k->filled > 0 && k->names * 2 > k->filled;
}

static bool holds(const struct guess *g, size_t i, enum column_role role)
{
    const struct column_content *k = &g->content[i];
    if (role == COLUMN_NAME)
        return holds_names(g, i);
    return nine_tenths(role == COLUMN_PHONE ? k->phones : k->emails, k->filled);
}

/* The first column that holds it; of names the one with most, and with most of the usual length. */
static ptrdiff_t by_content(const struct guess *g, enum column_role role)
{
    ptrdiff_t best = -1;
    size_t best_names = 0;
    for (size_t i = 0; i < g->columns->count; i++) {
        size_t names = g->content[i].names + g->content[i].longest_names;
        if (!may_hold(g, i, role) || !holds(g, i, role) ||
            (best >= 0 && (role != COLUMN_NAME || names <= best_names)))
            continue;
        best = (ptrdiff_t)i;
        best_names = names;
    }
    return best;
}

/* No word means a number: an account that is one all the same (아이디), or the column with most. */
static ptrdiff_t by_most_phones(const struct guess *g)
{
    ptrdiff_t best = -1;
    for (size_t i = 0; i < g->columns->count; i++)
        if (nine_tenths(g->content[i].plain, g->content[i].filled))
            return (ptrdiff_t)i;
    for (size_t i = 0; i < g->columns->count; i++)
        if (may_hold(g, i, COLUMN_PHONE) && g->content[i].phones * 2 >= g->content[i].filled &&
            g->content[i].phones > (best < 0 ? 0 : g->content[best].phones))
            best = (ptrdiff_t)i;
    return best;
}

/* A header may lie: a column of words or land lines under 연락처 is not the one to send to when
 * another column is nearly all mobile numbers. Safe numbers are somebody's, though. */
static bool is_contradicted(const struct guess *g, ptrdiff_t column)
{
    const struct column_content *k = &g->content[column];
    return k->filled > 0 && k->phones * 10 < k->filled && k->safe * 2 < k->filled;
}

static ptrdiff_t phone_column(const struct guess *g, enum column_basis *basis)
{
    ptrdiff_t column = by_header(g, COLUMN_PHONE, WHO_ANYBODY);
    *basis = BASIS_HEADER;
    if (column >= 0 && !is_contradicted(g, column))
        return column;
    ptrdiff_t other = by_content(g, COLUMN_PHONE);
    if (other < 0 && column < 0)
        other = by_most_phones(g);
    if (other < 0)
        return column;
    bool named = g->above[other].known && g->above[other].meaning.role == COLUMN_PHONE;
    *basis = named ? BASIS_HEADER : BASIS_CONTENT;
    return other;
}

static void role_take(struct guess *g, ptrdiff_t column, enum column_role role,
                      enum column_basis basis)
{
    if (column < 0)
        return;
    g->columns->list[column].role = role;
    g->columns->list[column].basis = basis;
}

static void role_give(struct guess *g, enum column_role role, enum column_who with)
{
    ptrdiff_t column = by_header(g, role, with);
    enum column_basis basis = BASIS_HEADER;
    if (column < 0 || g->columns->list[column].role != COLUMN_IGNORE) {
        column = by_content(g, role);
        basis = BASIS_CONTENT;
    }
    role_take(g, column, role, basis);
}

static void roles_give(struct guess *g)
{
    enum column_basis basis;
    ptrdiff_t phone = phone_column(g, &basis);
    role_take(g, phone, COLUMN_PHONE, basis);
    enum column_who with =
        phone >= 0 && g->above[phone].known ? g->above[phone].meaning.who : WHO_ANYBODY;
    role_give(g, COLUMN_EMAIL, with);
    role_give(g, COLUMN_NAME, with);
    if (phone >= 0)
        g->columns->phone_rows = (int64_t)g->content[phone].phones;
}

/* ---- attributes ---- */

static bool attribute_taken(const struct columns *c, struct str name)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].role == COLUMN_ATTRIBUTE && str_eq(c->list[i].attribute, name))
            return true;
    return false;
}

static bool may_be_attribute(const struct guess *g, size_t i)
{
    return g->columns->list[i].role == COLUMN_IGNORE && g->columns->list[i].header.len > 0;
}

/* How well a column may give a variable its value: the lower, the better. */
enum fit {
    FIT_SAME,
    FIT_KEY,
    FIT_SYNONYM,
    FITS
};

static bool fits(const struct guess *g, size_t i, const struct wanted *w, enum fit fit)
{
    const struct above *above = &g->above[i];
    if (fit == FIT_SAME)
        return str_eq(g->columns->list[i].header, w->line);
    if (fit == FIT_KEY)
        return w->key.len > 0 && str_eq(above->key, w->key);
    return w->sense >= 0 && above->sense == w->sense;
}

/* The best column for a variable at this fit, the first among equals; -1: none. */
static ptrdiff_t fit_find(const struct guess *g, const struct wanted *w, enum fit fit)
{
    ptrdiff_t best = -1;
    for (size_t i = 0; i < g->columns->count; i++)
        if (may_be_attribute(g, i) && fits(g, i, w, fit) &&
            (best < 0 ||
             (fit == FIT_SYNONYM && g->above[i].sense_rank < g->above[best].sense_rank)))
            best = (ptrdiff_t)i;
    return best;
}

/* Names that are the same beat words that mean the same, over all variables. */
static void variables_give(struct guess *g)
{
    for (enum fit fit = FIT_SAME; fit < FITS; fit++) {
        for (size_t v = 0; v < g->wanted_count; v++) {
            const struct wanted *w = &g->wanted[v];
            if (w->line.len == 0 || attribute_taken(g->columns, w->name))
                continue;
            ptrdiff_t column = fit_find(g, w, fit);
            role_take(g, column, COLUMN_ATTRIBUTE, BASIS_TEMPLATE);
            if (column >= 0)
                g->columns->list[column].attribute = w->name;
        }
    }
}

static bool header_stands_twice(const struct columns *c, size_t column)
{
    for (size_t i = 0; i < c->count; i++)
        if (i != column && str_eq(c->list[i].header, c->list[column].header))
            return true;
    return false;
}

static struct str attribute_name(struct guess *g, size_t column)
{
    struct columns *c = g->columns;
    struct str header = c->list[column].header, group = g->above[column].group;
    if (group.len && header_stands_twice(c, column))
        header = cut(g->arena, str_printf(g->arena, "%.*s %.*s", STR_ARG(group), STR_ARG(header)),
                     HEADER_MAX);
    struct str name = header;
    for (int n = 2; attribute_taken(c, name); n++)
        name = str_printf(g->arena, "%.*s(%d)", STR_ARG(header), n);
    return name;
}

/* Every column with a header that is nothing else is an attribute of that name, but for those that
 * nobody sends. */
static void attributes_give(struct guess *g)
{
    for (size_t i = 0; i < g->columns->count; i++) {
        struct column *c = &g->columns->list[i];
        if (!may_be_attribute(g, i))
            continue;
        c->basis = BASIS_HEADER;
        if (g->above[i].known && g->above[i].meaning.role == COLUMN_IGNORE)
            continue;
        c->attribute = attribute_name(g, i);
        c->role = COLUMN_ATTRIBUTE;
    }
}

/* ---- public ---- */

/* The rows with what is no text left out. */
static struct peek_row *rows_of_text(struct arena *a, const struct peek_row *rows, size_t count)
{
    struct peek_row *out = arena_array(a, count + 1, sizeof *out);
    for (size_t r = 0; r < count; r++) {
        size_t width = rows[r].cell_count < COLUMNS_MAX ? rows[r].cell_count : COLUMNS_MAX;
        struct str *cells = arena_array(a, width + 1, sizeof *cells);
        for (size_t i = 0; i < width; i++)
            cells[i] = utf8_valid(rows[r].cells[i]) ? rows[r].cells[i] : STR("");
        out[r] = (struct peek_row){rows[r].number, cells, width};
    }
    return out;
}

static struct wanted *wanted_make(struct arena *a, const struct columns_hints *hints)
{
    struct wanted *out = arena_array(a, hints->variable_count + 1, sizeof *out);
    for (size_t i = 0; i < hints->variable_count; i++) {
        ptrdiff_t rank;
        out[i].name = str_dup(a, hints->variables[i]);
        out[i].line = text_line(a, out[i].name);
        out[i].key = column_key(a, out[i].line);
        out[i].sense = column_key_sense(out[i].key, &rank);
    }
    return out;
}

static void header_find(struct guess *g, const struct peek_row *rows, size_t count,
                        int64_t known_row, struct column_header *out)
{
    struct str *keys = arena_array(g->arena, g->wanted_count + 1, sizeof *keys);
    for (size_t i = 0; i < g->wanted_count; i++)
        keys[i] = g->wanted[i].key;
    struct column_wishes wishes = {keys, g->wanted_count};
    column_header_find(g->arena, rows, count, &wishes, known_row, out);
}

void columns_guess(struct arena *a, const struct peek_row *given, size_t count,
                   const struct columns_hints *hints, struct columns *out)
{
    struct column_header header;
    struct peek_row *rows = rows_of_text(a, given, count);
    struct guess *g = arena_new(a, struct guess);
    *g = (struct guess){.arena = a,
                        .columns = out,
                        .wanted = wanted_make(a, hints),
                        .wanted_count = hints->variable_count};
    header_find(g, rows, count, hints->header_row, &header);
    *out = (struct columns){.header_row = header.row};
    for (size_t r = 0; r < count; r++)
        if (rows[r].cell_count > out->count)
            out->count = rows[r].cell_count;
    out->list = arena_array(a, out->count + 1, sizeof *out->list);
    headers_read(g, rows, &header);
    rows_read(g, rows, count, &header);
    roles_give(g);
    variables_give(g);
    attributes_give(g);
}

int64_t columns_find(const struct columns *c, enum column_role role)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].role == role)
            return (int64_t)i;
    return -1;
}

int columns_list_score(const struct columns *c)
{
    int64_t phone = columns_find(c, COLUMN_PHONE);
    if (phone < 0)
        return 0;
    int score = 10 + (c->list[phone].basis != BASIS_CONTENT ? 10 : 0);
    score += columns_find(c, COLUMN_NAME) >= 0 ? 10 : 0;
    score += c->data_rows > 0 ? 10 : 0;
    return score + (int)c->phone_rows * 20;
}

struct str columns_signature(struct arena *a, const struct columns *c)
{
    struct digest digest;
    size_t count = c->count;
    if (c->header_row == 0)
        return STR("");
    while (count && column_key(a, c->list[count - 1].header).len == 0)
        count--;
    digest_init(&digest);
    digest_i64(&digest, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        digest_str(&digest, column_key(a, c->list[i].header));
    return digest_end(&digest, a);
}

void columns_remember(struct columns *c, const struct columns *confirmed)
{
    for (size_t i = 0; i < c->count && i < confirmed->count; i++) {
        c->list[i].role = confirmed->list[i].role;
        c->list[i].attribute = confirmed->list[i].attribute;
        c->list[i].basis = BASIS_MEMORY;
    }
}
