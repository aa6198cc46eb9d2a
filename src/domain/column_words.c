/*
 * column_words.c - see column_words.h. The words themselves are in the tables column_word.def,
 * column_person.def and column_synonym.def.
 */
#include "domain/column_words.h"
#include "domain/text.h"

/* ---- keys ---- */

/* Signs that are no part of a word: punctuation, arrows, boxes, pictures, private symbols. */
static const struct {
    uint32_t first, last;
} signs[] = {
    {0x21, 0x2F},     {0x3A, 0x40},     {0x5B, 0x60},     {0x7B, 0xBF},
    {0xD7, 0xD7},     {0xF7, 0xF7},     {0x2000, 0x2BFF}, {0x3000, 0x3020},
    {0x3030, 0x303F}, {0x30FB, 0x30FB}, {0x318D, 0x318D}, {0xE000, 0xF8FF},
    {0xFE00, 0xFE6F}, {0xFF5F, 0xFF65}, {0xFFE0, 0xFFFD}, {0x1F000, 0x1FAFF},
};

static bool is_sign(uint32_t c)
{
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (c >= signs[i].first && c <= signs[i].last)
            return true;
    return text_is_blank(c) || text_is_mark(c) || c < 0x20;
}

static bool opens(uint32_t c)
{
    return c == '(' || c == '[' || c == '{' || c == '<' || c == 0x3008 || c == 0x300A ||
           c == 0x300C || c == 0x300E || c == 0x3010 || c == 0x3014;
}

static bool closes(uint32_t c)
{
    return c == ')' || c == ']' || c == '}' || c == '>' || c == 0x3009 || c == 0x300B ||
           c == 0x300D || c == 0x300F || c == 0x3011 || c == 0x3015;
}

static struct str key_write(struct arena *a, struct str line, bool with_remarks)
{
    char *out = arena_alloc(a, line.len + 1);
    size_t n = 0;
    int depth = 0;
    for (size_t at = 0, from = 0; at < line.len; from = at) {
        uint32_t c = utf8_next(line, &at);
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        depth += opens(c);
        if ((depth == 0 || with_remarks) && !is_sign(c)) {
            if (c < 0x80)
                out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
            else
                for (size_t i = from; i < at; i++)
                    out[n++] = line.ptr[i];
        }
        depth -= closes(c) && depth > 0;
    }
    return str_n(out, n);
}

struct str column_key(struct arena *a, struct str header)
{
    struct str line = text_line(a, header);
    struct str key = key_write(a, line, false);
    return key.len ? key : key_write(a, line, true);
}

/* ---- words ---- */

static const struct word {
    struct str text;
    enum column_role role;
    int rank;
} words[] = {
#define W(text, role, rank) {STR_INIT(text), COLUMN_##role, rank},
#include "domain/column_word.def"
#undef W
};

static const struct {
    struct str text;
    enum column_who who;
    int rank;
} persons[] = {
#define P(text, who, rank) {STR_INIT(text), WHO_##who, rank},
#include "domain/column_person.def"
#undef P
};

static const struct {
    struct str text;
    const char *meaning;
} synonyms[] = {
#define S(meaning, text) {STR_INIT(text), #meaning},
#include "domain/column_synonym.def"
#undef S
};

/* What people write behind a word to say how a form is filled in. */
static const struct str hints[] = {
    STR_INIT("필수입력"),   STR_INIT("필수"),     STR_INIT("선택"),       STR_INIT("입력"),
    STR_INIT("기재"),       STR_INIT("숫자만"),   STR_INIT("하이픈없이"), STR_INIT("하이픈제외"),
    STR_INIT("하이픈포함"), STR_INIT("required"), STR_INIT("optional"),
};

/* Behind any word at all these still mean a number to call: "막내딸휴대폰". */
static const struct str phone_ends[] = {
    STR_INIT("휴대폰"),   STR_INIT("휴대폰번호"), STR_INIT("휴대전화"), STR_INIT("휴대전화번호"),
    STR_INIT("핸드폰"),   STR_INIT("핸드폰번호"), STR_INIT("연락처"),   STR_INIT("연락번호"),
    STR_INIT("전화번호"), STR_INIT("휴대번호"),
};
#define RANK_PHONE_END 22 /* below every plain word, above those of shops */

#define RANK_PERSON_ALONE 35 /* "수취인" and nothing more: the name */

static const struct word *word_find(struct str text)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(words[i].text, text))
            return &words[i];
    return NULL;
}

static ptrdiff_t synonym_find(struct str text)
{
    for (size_t i = 0; i < COUNT_OF(synonyms); i++)
        if (str_eq(synonyms[i].text, text))
            return (ptrdiff_t)i;
    return -1;
}

/* The longest person in front of `key`, or -1. */
static ptrdiff_t person_find(struct str key)
{
    ptrdiff_t found = -1;
    for (size_t i = 0; i < COUNT_OF(persons); i++)
        if (str_starts(key, persons[i].text) &&
            (found < 0 || persons[i].text.len > persons[found].text.len))
            found = (ptrdiff_t)i;
    return found;
}

static struct str behind(struct str key, struct str front)
{
    struct str rest = str_slice(key, front.len, key.len);
    return str_starts(rest, STR("의")) && rest.len > STR("의").len
               ? str_slice(rest, STR("의").len, rest.len)
               : rest;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Without the number of a list in front and a hint behind; never empty unless the key was. */
static struct str key_bare(struct str key)
{
    struct str bare = key;
    while (bare.len && is_digit(bare.ptr[0]))
        bare = str_slice(bare, 1, bare.len);
    for (size_t i = 0; i < COUNT_OF(hints); i++)
        if (str_ends(bare, hints[i]) && bare.len > hints[i].len)
            bare.len -= hints[i].len;
    return bare.len ? bare : key;
}

/* Takes the number off the end of 연락처2; the first is meant rather than the second. */
static struct str count_drop(struct str key, int *rank)
{
    if (key.len < 2 || !is_digit(key.ptr[key.len - 1]) || is_digit(key.ptr[key.len - 2]))
        return key;
    int n = key.ptr[key.len - 1] - '0';
    *rank -= n > 0 ? n - 1 : 0;
    return str_slice(key, 0, key.len - 1);
}

static bool meaning_of_word(struct str key, struct column_meaning *out)
{
    int rank = 0;
    const struct word *w = word_find(key);
    if (!w)
        w = word_find(count_drop(key, &rank));
    if (w) {
        *out = (struct column_meaning){.role = w->role, .rank = w->rank + rank};
        return true;
    }
    *out = (struct column_meaning){.role = COLUMN_ATTRIBUTE};
    return synonym_find(key) >= 0;
}

static bool meaning_of_person(struct str key, struct column_meaning *out)
{
    ptrdiff_t p = person_find(key);
    if (p < 0)
        return false;
    struct str rest = behind(key, persons[p].text);
    int rank = 0;
    bool somebody = persons[p].who != WHO_STAFF && persons[p].who != WHO_PLACE;
    if (count_drop(rest, &rank).len == 0 || (rest.len == 1 && is_digit(rest.ptr[0]))) {
        *out = (struct column_meaning){COLUMN_NAME, RANK_PERSON_ALONE, persons[p].who};
    } else if (!meaning_of_word(rest, out)) {
        return false;
    }
    if (out->role == COLUMN_NAME && (persons[p].who == WHO_PLACE || (!somebody && !rest.len)))
        out->role = COLUMN_ATTRIBUTE;
    if (out->role == COLUMN_IGNORE) /* a customer's number is kept, a row's is not */
        out->role = COLUMN_ATTRIBUTE;
    out->rank += persons[p].rank;
    out->who = persons[p].who;
    return true;
}

static bool meaning_of_end(struct str key, struct column_meaning *out)
{
    int rank = RANK_PHONE_END;
    key = count_drop(key, &rank);
    for (size_t i = 0; i < COUNT_OF(phone_ends); i++) {
        if (!str_ends(key, phone_ends[i]))
            continue;
        ptrdiff_t p = person_find(key);
        *out = (struct column_meaning){COLUMN_PHONE, rank, WHO_ANYBODY};
        if (p >= 0) {
            out->rank += persons[p].rank;
            out->who = persons[p].who;
        }
        return true;
    }
    return false;
}

bool column_key_meaning(struct str key, struct column_meaning *out)
{
    *out = (struct column_meaning){COLUMN_IGNORE, 0, WHO_ANYBODY};
    if (key.len == 0)
        return false;
    struct str bare = key_bare(key);
    return meaning_of_word(key, out) || meaning_of_person(key, out) || meaning_of_word(bare, out) ||
           meaning_of_person(bare, out) || meaning_of_end(bare, out);
}

enum column_who column_key_who(struct str key, int *rank)
{
    ptrdiff_t p = person_find(key_bare(key));
    *rank = p < 0 ? 0 : persons[p].rank;
    return p < 0 ? WHO_ANYBODY : persons[p].who;
}

ptrdiff_t column_key_sense(struct str key, ptrdiff_t *rank)
{
    ptrdiff_t found = synonym_find(key);
    if (found < 0)
        found = synonym_find(key = key_bare(key));
    ptrdiff_t p = found < 0 ? person_find(key) : -1;
    if (p >= 0 && persons[p].who >= WHO_RECEIVER && persons[p].who <= WHO_PARTY)
        found = synonym_find(behind(key, persons[p].text));
    *rank = found;
    while (found > 0 && strcmp(synonyms[found].meaning, synonyms[found - 1].meaning) == 0)
        found--;
    return found;
}

/* ---- totals ---- */

static const struct str totals[] = {
    STR_INIT("합계"),     STR_INIT("총계"),       STR_INIT("소계"),       STR_INIT("총합"),
    STR_INIT("총합계"),   STR_INIT("누계"),       STR_INIT("월계"),       STR_INIT("계"),
    STR_INIT("합계금액"), STR_INIT("총합계금액"), STR_INIT("총인원"),     STR_INIT("합계인원"),
    STR_INIT("총건수"),   STR_INIT("전체합계"),   STR_INIT("총"),         STR_INIT("total"),
    STR_INIT("subtotal"), STR_INIT("grandtotal"), STR_INIT("sum"),        STR_INIT("totals"),
    STR_INIT("페이지계"), STR_INIT("페이지합계"), STR_INIT("totalcount"),
};

static const struct str units[] = {
    STR_INIT("건"), STR_INIT("명"), STR_INIT("원"),   STR_INIT("개"),
    STR_INIT("행"), STR_INIT("인"), STR_INIT("명분"),
};

/* "합계12건" without its count; `counted` says that there was one. */
static struct str total_count_drop(struct str key, bool *counted)
{
    struct str bare = key;
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (str_ends(key, units[i]) && key.len > units[i].len &&
            is_digit(key.ptr[key.len - units[i].len - 1])) {
            bare.len = key.len - units[i].len;
            break;
        }
    }
    *counted = bare.len && is_digit(bare.ptr[bare.len - 1]);
    while (*counted && bare.len && is_digit(bare.ptr[bare.len - 1]))
        bare.len--;
    return *counted ? bare : key;
}

bool column_key_is_total(struct str key)
{
    bool counted;
    struct str bare = total_count_drop(key, &counted);
    if (str_eq(bare, STR("총")) && !counted)
        return false;
    for (size_t i = 0; i < COUNT_OF(totals); i++)
        if (str_eq(bare, totals[i]))
            return true;
    return false;
}
