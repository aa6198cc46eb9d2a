/*
 * columns.c - see columns.h.
 */
#include "domain/columns.h"
#include "domain/phone.h"
#include "domain/text.h"

#include <assert.h>

#define COLUMNS_TEXT_MAX ((size_t)4 << 20)
#define HEADER_MAX       100 /* characters kept of a header */
#define SAMPLE_MAX       100 /* characters kept of a sample */
#define HEADER_ROWS      30  /* a header stands within these */

/* ---- words ---- */

struct word {
    struct str text;
    enum column_role role;
    int rank; /* of several columns with one role the highest rank is meant */
};

/* Who a column is about; what follows is looked up among the words below. The message goes to the
 * receiver, never to the buyer. */
static const struct {
    struct str text;
    int rank;
} prefixes[] = {
    {STR_INIT("받는사람"), 20},    {STR_INIT("받는분"), 20},    {STR_INIT("받으실분"), 20},
    {STR_INIT("수취인"), 20},      {STR_INIT("수령인"), 20},    {STR_INIT("수령자"), 20},
    {STR_INIT("수하인"), 20},      {STR_INIT("수신인"), 20},    {STR_INIT("수신자"), 20},
    {STR_INIT("receiver"), 20},    {STR_INIT("recipient"), 20}, {STR_INIT("고객"), 5},
    {STR_INIT("회원"), 5},         {STR_INIT("customer"), 5},   {STR_INIT("신청자"), 0},
    {STR_INIT("예약자"), 0},       {STR_INIT("주문자"), -25},   {STR_INIT("주문인"), -25},
    {STR_INIT("구매자"), -25},     {STR_INIT("결제자"), -25},   {STR_INIT("입금자"), -30},
    {STR_INIT("보내는사람"), -30}, {STR_INIT("보내는분"), -30}, {STR_INIT("발송인"), -30},
    {STR_INIT("송하인"), -30},     {STR_INIT("발신자"), -30},   {STR_INIT("buyer"), -25},
    {STR_INIT("orderer"), -25},    {STR_INIT("sender"), -30},
};

static const struct word words[] = {
    {STR_INIT("휴대폰"), COLUMN_PHONE, 40},
    {STR_INIT("휴대폰번호"), COLUMN_PHONE, 40},
    {STR_INIT("휴대전화"), COLUMN_PHONE, 40},
    {STR_INIT("휴대전화번호"), COLUMN_PHONE, 40},
    {STR_INIT("핸드폰"), COLUMN_PHONE, 40},
    {STR_INIT("핸드폰번호"), COLUMN_PHONE, 40},
    {STR_INIT("모바일"), COLUMN_PHONE, 40},
    {STR_INIT("모바일번호"), COLUMN_PHONE, 40},
    {STR_INIT("휴대번호"), COLUMN_PHONE, 40},
    {STR_INIT("폰번호"), COLUMN_PHONE, 38},
    {STR_INIT("폰"), COLUMN_PHONE, 38},
    {STR_INIT("hp"), COLUMN_PHONE, 40},
    {STR_INIT("h.p"), COLUMN_PHONE, 40},
    {STR_INIT("h.p."), COLUMN_PHONE, 40},
    {STR_INIT("hp번호"), COLUMN_PHONE, 40},
    {STR_INIT("mobile"), COLUMN_PHONE, 40},
    {STR_INIT("mobilephone"), COLUMN_PHONE, 40},
    {STR_INIT("mobilenumber"), COLUMN_PHONE, 40},
    {STR_INIT("cell"), COLUMN_PHONE, 40},
    {STR_INIT("cellphone"), COLUMN_PHONE, 40},
    {STR_INIT("연락처"), COLUMN_PHONE, 35},
    {STR_INIT("연락번호"), COLUMN_PHONE, 35},
    {STR_INIT("전화번호"), COLUMN_PHONE, 30},
    {STR_INIT("전화"), COLUMN_PHONE, 30},
    {STR_INIT("phone"), COLUMN_PHONE, 32},
    {STR_INIT("phonenumber"), COLUMN_PHONE, 32},
    {STR_INIT("phoneno"), COLUMN_PHONE, 32},
    {STR_INIT("tel"), COLUMN_PHONE, 28},
    {STR_INIT("telephone"), COLUMN_PHONE, 28},
    {STR_INIT("번호"), COLUMN_IGNORE, 0},
    {STR_INIT("이름"), COLUMN_NAME, 40},
    {STR_INIT("성명"), COLUMN_NAME, 40},
    {STR_INIT("성함"), COLUMN_NAME, 40},
    {STR_INIT("명"), COLUMN_NAME, 38},
    {STR_INIT("님"), COLUMN_NAME, 30},
    {STR_INIT("name"), COLUMN_NAME, 38},
    {STR_INIT("fullname"), COLUMN_NAME, 40},
    {STR_INIT(""), COLUMN_NAME, 35},
    {STR_INIT("이메일"), COLUMN_EMAIL, 40},
    {STR_INIT("이메일주소"), COLUMN_EMAIL, 40},
    {STR_INIT("메일"), COLUMN_EMAIL, 38},
    {STR_INIT("메일주소"), COLUMN_EMAIL, 38},
    {STR_INIT("전자우편"), COLUMN_EMAIL, 38},
    {STR_INIT("email"), COLUMN_EMAIL, 40},
    {STR_INIT("e-mail"), COLUMN_EMAIL, 40},
    {STR_INIT("emailaddress"), COLUMN_EMAIL, 40},
    {STR_INIT("e-mailaddress"), COLUMN_EMAIL, 40},
    {STR_INIT("mail"), COLUMN_EMAIL, 36},
    {STR_INIT("주문번호"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("상품주문번호"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("택배사"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("송장번호"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("운송장번호"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("상품명"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("수량"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("금액"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("결제금액"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("주소"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("배송지"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("등급"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("비고"), COLUMN_ATTRIBUTE, 0},
    {STR_INIT("생년월일"), COLUMN_ATTRIBUTE, 0},
};

static const struct str totals[] = {STR_INIT("합계"), STR_INIT("총계"), STR_INIT("소계"),
                                    STR_INIT("총합"), STR_INIT("총합계")};

/* ---- cells ---- */

struct str cell_value(struct str cell)
{
    if (str_starts(cell, STR("=\"")) && str_ends(cell, STR("\"")) && cell.len >= 3)
        return str_slice(cell, 2, cell.len - 1);
    return cell;
}

bool cell_is_blank(struct str cell)
{
    for (size_t at = 0; at < cell.len;) {
        uint32_t c = utf8_next(cell, &at);
        if (!text_is_blank(c) && !text_is_mark(c))
            return false;
    }
    return true;
}

/* A header as it is compared: composed, without blanks, `*` and remarks in brackets, lower case. */
static struct str normal(struct arena *a, struct str header)
{
    struct str line = text_email(a, header);
    char *out = arena_alloc(a, line.len + 1);
    size_t n = 0;
    int depth = 0;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.ptr[i];
        depth += c == '(' || c == '[' ? 1 : 0;
        if (depth == 0 && c != ' ' && c != '*' && c != ':' && c != '_')
            out[n++] = c;
        depth -= (c == ')' || c == ']') && depth > 0 ? 1 : 0;
    }
    return str_n(out, n);
}

bool cell_is_total(struct arena *a, struct str cell)
{
    if (cell.len > 64)
        return false;
    struct str n = normal(a, cell);
    for (size_t i = 0; i < COUNT_OF(totals); i++)
        if (str_eq(n, totals[i]))
            return true;
    return false;
}

static bool is_phone(struct str cell)
{
    return phone_read(cell_value(cell)).verdict != PHONE_ERROR;
}

/* ---- what a header says ---- */

static bool word_find(struct str text, struct word *out)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_eq(words[i].text, text)) {
            *out = words[i];
            return true;
        }
    }
    return false;
}

/* Takes "수취인" and the like off the front. */
static struct str prefix_drop(struct str text, int *rank)
{
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        if (!str_starts(text, prefixes[i].text))
            continue;
        *rank = prefixes[i].rank;
        struct str rest = str_slice(text, prefixes[i].text.len, text.len);
        return str_starts(rest, STR("의")) ? str_slice(rest, STR("의").len, rest.len) : rest;
    }
    return text;
}

/* What a column under this header holds; false when the words are unknown. */
static bool header_meaning(struct arena *a, struct str header, struct word *out)
{
    struct str text = normal(a, header);
    int rank = 0;
    if (text.len == 0)
        return false;
    if (word_find(text, out))
        return true;
    struct str rest = prefix_drop(text, &rank);
    if (rest.len && rest.ptr[rest.len - 1] >= '1' && rest.ptr[rest.len - 1] <= '9') {
        rank -= rest.ptr[rest.len - 1] - '1'; /* 연락처1 before 연락처2 */
        rest.len--;
    }
    if ((rest.len == 0 && rest.ptr == text.ptr) || !word_find(rest, out))
        return false;
    out->rank += rank;
    return true;
}

static int header_score(struct arena *a, const struct peek_row *row)
{
    static const int worth[] = {[COLUMN_IGNORE] = 1,
                                [COLUMN_NAME] = 2,
                                [COLUMN_PHONE] = 3,
                                [COLUMN_EMAIL] = 2,
                                [COLUMN_ATTRIBUTE] = 1};
    struct word w;
    int score = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        if (is_phone(row->cells[i]))
            return 0;
        if (header_meaning(a, row->cells[i], &w))
            score += worth[w.role];
    }
    return score;
}

/* Without a word that we know: the row above the first number, when it says something there. */
static int64_t header_by_content(const struct peek_row *rows, size_t count)
{
    for (size_t r = 0; r < count; r++) {
        for (size_t c = 0; c < rows[r].cell_count; c++) {
            if (!is_phone(rows[r].cells[c]))
                continue;
            bool named =
                r > 0 && c < rows[r - 1].cell_count && !cell_is_blank(rows[r - 1].cells[c]);
            return named && phone_read(rows[r - 1].cells[c]).reason == PHONE_REASON_INVALID
                       ? rows[r - 1].number
                       : 0;
        }
    }
    return 0;
}

static int64_t header_find(struct arena *a, const struct peek_row *rows, size_t count)
{
    int best = 1;
    int64_t found = -1;
    for (size_t r = 0; r < count && r < HEADER_ROWS; r++) {
        int score = header_score(a, &rows[r]);
        if (score > best) {
            best = score;
            found = rows[r].number;
        }
    }
    return found >= 0 ? found : header_by_content(rows, count);
}

/* ---- what the content says ---- */

struct content {
    size_t filled, phones, emails, names;
};

/* Two to five Hangul syllables. */
static bool is_name(struct str cell)
{
    size_t n = 0;
    for (size_t at = 0; at < cell.len; n++) {
        uint32_t c = utf8_next(cell, &at);
        if (c < 0xAC00 || c > 0xD7A3)
            return false;
    }
    return n >= 2 && n <= 5;
}

static void content_count(struct content *k, struct str cell)
{
    struct str value = str_trim(cell_value(cell));
    if (cell_is_blank(value))
        return;
    k->filled++;
    k->phones += is_phone(value);
    k->emails += text_email_ok(value);
    k->names += is_name(value);
}

static bool nine_tenths(size_t of, size_t filled)
{
    return filled > 0 && of * 10 >= filled * 9;
}

static struct str cut(struct arena *a, struct str s, size_t characters)
{
    size_t at = 0;
    for (size_t n = 0; at < s.len && n < characters; n++)
        utf8_next(s, &at);
    return str_dup(a, str_slice(s, 0, at));
}

static void sample_add(struct arena *a, struct column *c, struct str cell)
{
    struct str value = cut(a, text_line(a, cell_value(cell)), SAMPLE_MAX);
    if (value.len && c->sample_count < COLUMN_SAMPLES)
        c->samples[c->sample_count++] = value;
}

/* ---- roles ---- */

struct guess {
    struct columns *columns;
    struct content content[COLUMNS_MAX];
    struct word meaning[COLUMNS_MAX];
    bool known[COLUMNS_MAX];
};

/* The column whose header ranks highest for a role, the first among equals; -1: none. */
static int64_t by_header(const struct guess *g, enum column_role role)
{
    int64_t best = -1;
    for (size_t i = 0; i < g->columns->count; i++)
        if (g->known[i] && g->meaning[i].role == role &&
            (best < 0 || g->meaning[i].rank > g->meaning[best].rank))
            best = (int64_t)i;
    return best;
}

static size_t content_of(const struct content *k, enum column_role role)
{
    return role == COLUMN_PHONE ? k->phones : role == COLUMN_EMAIL ? k->emails : k->names;
}

static int64_t by_content(const struct guess *g, enum column_role role)
{
    for (size_t i = 0; i < g->columns->count; i++)
        if (g->columns->list[i].role == COLUMN_IGNORE &&
            nine_tenths(content_of(&g->content[i], role), g->content[i].filled))
            return (int64_t)i;
    return -1;
}

/* A header may lie: a column of words under 연락처 is no phone column when another is. */
static bool is_contradicted(const struct guess *g, int64_t column)
{
    const struct content *k = &g->content[column];
    return k->filled > 0 && k->phones == 0 && by_content(g, COLUMN_PHONE) >= 0;
}

static void role_give(struct guess *g, enum column_role role)
{
    int64_t column = by_header(g, role);
    if (column >= 0 && role == COLUMN_PHONE && is_contradicted(g, column))
        column = -1;
    if (column < 0)
        column = by_content(g, role);
    if (column >= 0)
        g->columns->list[column].role = role;
}

static bool attribute_taken(const struct columns *c, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (c->list[i].role == COLUMN_ATTRIBUTE && str_eq(c->list[i].attribute, name))
            return true;
    return false;
}

/* Every column with a header that is nothing else is an attribute of that name. */
static void attributes_give(struct arena *a, struct columns *c)
{
    for (size_t i = 0; i < c->count; i++) {
        struct column *col = &c->list[i];
        if (col->role != COLUMN_IGNORE || col->header.len == 0)
            continue;
        struct str name = col->header;
        for (int n = 2; attribute_taken(c, i, name); n++)
            name = str_printf(a, "%.*s(%d)", STR_ARG(col->header), n);
        col->role = COLUMN_ATTRIBUTE;
        col->attribute = name;
    }
}

static struct str header_text(struct arena *a, struct str cell)
{
    struct str line = text_line(a, cell);
    while (str_ends(line, STR("*")))
        line = str_trim(str_slice(line, 0, line.len - 1));
    return cut(a, line, HEADER_MAX);
}

static void columns_fill(struct arena *a, const struct peek_row *rows, size_t count,
                         struct guess *g)
{
    struct columns *c = g->columns;
    for (size_t r = 0; r < count; r++) {
        for (size_t i = 0; i < rows[r].cell_count && i < c->count; i++) {
            if (rows[r].number == c->header_row) {
                c->list[i].header = header_text(a, rows[r].cells[i]);
                g->known[i] = header_meaning(a, rows[r].cells[i], &g->meaning[i]);
            } else if (rows[r].number > c->header_row) {
                content_count(&g->content[i], rows[r].cells[i]);
                sample_add(a, &c->list[i], rows[r].cells[i]);
            }
        }
    }
}

void columns_guess(struct arena *a, const struct peek_row *rows, size_t count, int64_t header_row,
                   struct columns *out)
{
    *out = (struct columns){.header_row = header_row};
    if (header_row < 0)
        out->header_row = header_find(a, rows, count);
    for (size_t r = 0; r < count; r++)
        if (rows[r].cell_count > out->count)
            out->count = rows[r].cell_count;
    if (out->count > COLUMNS_MAX)
        out->count = COLUMNS_MAX;
    out->list = arena_array(a, out->count + 1, sizeof *out->list);
    for (size_t i = 0; i < out->count; i++)
        out->list[i] = (struct column){.guessed = true};
    struct guess *g = arena_new(a, struct guess);
    g->columns = out;
    columns_fill(a, rows, count, g);
    role_give(g, COLUMN_PHONE);
    role_give(g, COLUMN_EMAIL);
    role_give(g, COLUMN_NAME);
    attributes_give(a, out);
}

int64_t columns_find(const struct columns *c, enum column_role role)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].role == role)
            return (int64_t)i;
    return -1;
}

/* ---- words and JSON ---- */

static const struct str role_words[COLUMN_ROLES] = {
    [COLUMN_IGNORE] = STR_INIT("ignore"),       [COLUMN_NAME] = STR_INIT("name"),
    [COLUMN_PHONE] = STR_INIT("phone"),         [COLUMN_EMAIL] = STR_INIT("email"),
    [COLUMN_ATTRIBUTE] = STR_INIT("attribute"),
};

struct str column_role_word(enum column_role role)
{
    return role_words[role];
}

bool column_role_find(struct str word, enum column_role *role)
{
    for (size_t i = 0; i < COLUMN_ROLES; i++) {
        if (str_eq(role_words[i], word)) {
            *role = (enum column_role)i;
            return true;
        }
    }
    return false;
}

struct str columns_text(struct arena *a, const struct columns *c)
{
    BUF(out, COLUMNS_TEXT_MAX);
    struct json j;
    json_init(&j, &out);
    json_begin_array(&j);
    for (size_t i = 0; i < c->count; i++) {
        const struct column *col = &c->list[i];
        json_begin_object(&j);
        json_put_i64(&j, "index", (int64_t)i);
        json_put_str(&j, "header", col->header);
        json_key(&j, "samples");
        json_begin_array(&j);
        for (size_t k = 0; k < col->sample_count; k++)
            json_str(&j, col->samples[k]);
        json_end_array(&j);
        json_put_str(&j, "role", column_role_word(col->role));
        json_put_str_or_null(&j, "attribute",
                             col->role == COLUMN_ATTRIBUTE ? col->attribute
                                                           : (struct str){NULL, 0});
        json_put_bool(&j, "guessed", col->guessed);
        json_end_object(&j);
    }
    json_end_array(&j);
    assert(!out.failed);
    return str_dup(a, buf_view(&out));
}

static void column_read(struct arena *a, const json_t *from, struct column *out)
{
    const json_t *samples = json_object_get(from, "samples"), *sample;
    size_t i;
    struct str attribute = json_get_str(from, "attribute");
    *out = (struct column){
        .header = str_dup(a, json_get_str(from, "header")),
        .attribute = attribute.ptr ? str_dup(a, attribute) : attribute,
        .guessed = json_is_true(json_object_get(from, "guessed")),
    };
    bool known = column_role_find(json_get_str(from, "role"), &out->role);
    assert(known);
    json_array_foreach(samples, i, sample)
    {
        out->samples[out->sample_count++] =
            str_dup(a, str_n(json_string_value(sample), json_string_length(sample)));
    }
}

void columns_read(struct arena *a, struct str text, struct columns *out)
{
    struct str why;
    json_t *array = json_parse(text, a, &why);
    assert(array); /* it is our own */
    *out = (struct columns){.count = json_array_size(array)};
    out->list = arena_array(a, out->count + 1, sizeof *out->list);
    for (size_t i = 0; i < out->count; i++)
        column_read(a, json_array_get(array, i), &out->list[i]);
    json_decref(array);
}
