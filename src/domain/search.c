/*
 * search.c - see search.h.
 *
 * Whatever search_matches lets pass, the grams must let pass as well: each case of char_matches has
 * its line in word_grams and in place_grams. tests/unit/domain/search_test.c compares them.
 */
#include "domain/search.h"
#include "domain/attributes.h"
#include "domain/text.h"

#include <utf8proc.h>

#define WORD_END  0
#define CODE_BITS 21 /* of a code point */

/* ---- Hangul ---- */

#define SYLLABLES  0xAC00
#define SYLLABLE_N 11172
#define FINALS     28 /* the first of them: no final consonant */
#define VOWELS     21

/* Initial consonants, as they are typed alone. */
static const uint32_t initials[] = {0x3131, 0x3132, 0x3134, 0x3137, 0x3138, 0x3139, 0x3141,
                                    0x3142, 0x3143, 0x3145, 0x3146, 0x3147, 0x3148, 0x3149,
                                    0x314A, 0x314B, 0x314C, 0x314D, 0x314E};

/* What becomes of a final consonant when a vowel follows: the final that stays and the initial of
 * the next syllable (갑 + ㅅ is typed as 값 before it becomes 갑사). */
static const struct {
    uint8_t stays, initial;
} final_moves[FINALS] = {{0, 0},  {0, 0},  {0, 1},  {1, 9},  {0, 2},  {4, 12}, {4, 18},
                         {0, 3},  {0, 5},  {8, 0},  {8, 6},  {8, 7},  {8, 9},  {8, 16},
                         {8, 17}, {8, 18}, {0, 6},  {0, 7},  {17, 9}, {0, 9},  {0, 10},
                         {0, 11}, {0, 12}, {0, 14}, {0, 15}, {0, 16}, {0, 17}, {0, 18}};

static bool is_syllable(uint32_t c)
{
    return c >= SYLLABLES && c < SYLLABLES + SYLLABLE_N;
}

static uint32_t final_of(uint32_t syllable)
{
    return (syllable - SYLLABLES) % FINALS;
}

/* A syllable without its final consonant; any other character as it is. */
static uint32_t opened(uint32_t c)
{
    return is_syllable(c) ? c - final_of(c) : c;
}

static bool is_initial(uint32_t c)
{
    for (size_t i = 0; i < COUNT_OF(initials); i++)
        if (initials[i] == c)
            return true;
    return false;
}

/* The initial consonant of a syllable, or the consonant itself; 0: neither. */
static uint32_t initial_of(uint32_t c)
{
    if (is_syllable(c))
        return initials[(c - SYLLABLES) / (VOWELS * FINALS)];
    return is_initial(c) ? c : 0;
}

/* ---- folding ---- */

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* What a character is compared as; 0: not at all. */
static uint32_t folded(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFF01 - 0x21; /* full width */
    if (c == '-' || text_is_mark(c))
        return 0;
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
    return is_syllable(c) ? c : (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
}

/* Appends the folded words of a text, each ended by WORD_END, as long as there is room. */
static size_t fold(struct str text, uint32_t *out, size_t n, size_t room)
{
    size_t begin = n;
    for (size_t at = 0; at < text.len && n + 1 < room;) {
        uint32_t raw = utf8_next(text, &at), c = folded(raw);
        if (text_is_blank(raw)) {
            if (n > begin && out[n - 1] != WORD_END)
                out[n++] = WORD_END;
        } else if (c) {
            out[n++] = c;
        }
    }
    if (n > begin && out[n - 1] != WORD_END)
        out[n++] = WORD_END;
    return n;
}

void search_read(struct search *q, struct str query)
{
    q->count = utf8_valid(query) ? fold(query, q->chars, 0, COUNT_OF(q->chars)) : 0;
}

static size_t word_length(const uint32_t *word)
{
    size_t n = 0;
    while (word[n] != WORD_END)
        n++;
    return n;
}

/* ---- the texts of a contact ---- */

/* Called with the folded words of one text; false ends the walk. */
typedef bool text_visit(void *ctx, const uint32_t *chars, size_t count, bool is_name);

struct walk {
    uint32_t chars[SEARCH_TEXT_MAX + 1];
    size_t left;
};

static bool text_walk(struct walk *w, struct str text, bool is_name, text_visit *visit, void *ctx)
{
    size_t count = text.len && w->left > 1 ? fold(text, w->chars, 0, w->left + 1) : 0;
    w->left -= count < w->left ? count : w->left;
    return count == 0 || visit(ctx, w->chars, count, is_name);
}

static bool texts_walk(const struct search_texts *t, struct arena *a, text_visit *visit, void *ctx)
{
    struct walk w;
    w.left = SEARCH_TEXT_MAX;
    if (!text_walk(&w, t->name, true, visit, ctx) || !text_walk(&w, t->phone, false, visit, ctx) ||
        !text_walk(&w, t->email, false, visit, ctx))
        return false;
    struct str rest = t->attributes;
    struct attribute one;
    while (w.left > 1 && attribute_next(a, &rest, &one))
        if (!text_walk(&w, one.value, false, visit, ctx))
            return false;
    return true;
}

/* ---- matching ---- */

/* The last character of a word, which may still be growing: 가 for 각, 각 for 가구. */
static bool last_matches(uint32_t q, uint32_t c, uint32_t next)
{
    if (!is_syllable(q) || !is_syllable(c))
        return false;
    uint32_t final = final_of(q);
    if (final == 0)
        return opened(c) == q;
    return c == opened(q) + final_moves[final].stays &&
           initial_of(next) == initials[final_moves[final].initial];
}

static bool char_matches(uint32_t q, bool is_last, const uint32_t *c, bool is_name)
{
    if (*c == WORD_END)
        return false;
    return q == *c || (is_name && is_initial(q) && initial_of(*c) == q) ||
           (is_last && last_matches(q, c[0], c[1]));
}

static bool stands_at(const uint32_t *word, size_t n, const uint32_t *text, bool is_name)
{
    for (size_t i = 0; i < n; i++)
        if (!char_matches(word[i], i + 1 == n, text + i, is_name))
            return false;
    return true;
}

struct matching {
    const struct search *q;
    uint64_t found; /* one bit a word */
    uint64_t wanted;
};

/* Text ends in WORD_END, which nothing matches: no place runs over its end. */
static bool text_match(void *ctx, const uint32_t *chars, size_t count, bool is_name)
{
    struct matching *m = ctx;
    uint64_t bit = 1;
    for (size_t at = 0; at < m->q->count; bit <<= 1) {
        const uint32_t *word = m->q->chars + at;
        size_t n = word_length(word);
        for (size_t i = 0; !(m->found & bit) && i + n < count; i++)
            if (stands_at(word, n, chars + i, is_name))
                m->found |= bit;
        at += n + 1;
    }
    return m->found != m->wanted;
}

bool search_matches(const struct search *q, const struct search_texts *t, struct arena *a)
{
    struct matching m = {.q = q};
    for (size_t i = 0, n = 0; i < q->count; i++)
        if (q->chars[i] == WORD_END)
            m.wanted |= (uint64_t)1 << n++;
    if (m.wanted)
        texts_walk(t, a, text_match, &m);
    return m.found == m.wanted;
}

/* ---- grams ---- */

/* Mixes up to three code points into 48 bits: so many contacts of a block with a gram fit beside it
 * in 64 (contact_index.c). Two that meet cost a look at a contact, no more. */
static int64_t gram(uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t packed = (uint64_t)a | (uint64_t)b << CODE_BITS | (uint64_t)c << 2 * CODE_BITS;
    packed ^= packed >> 31;
    packed *= 0x9E3779B97F4A7C15u; /* the golden ratio, as in Fibonacci hashing */
    packed ^= packed >> 29;
    packed *= 0xBF58476D1CE4E5B9u; /* splitmix64 */
    return (int64_t)(packed >> 16);
}

/* Grams that begin at one place of a contact's text; it ends in WORD_END. */
static void place_grams(const uint32_t *c, bool is_name, search_gram *put, void *ctx)
{
    if (c[0] >= 0x80)
        put(ctx, gram(opened(c[0]), 0, 0));
    if (c[1] == WORD_END)
        return;
    if (is_digit(c[0]) && is_digit(c[1])) {
        if (is_digit(c[2]))
            put(ctx, gram(c[0], c[1], c[2]));
        return;
    }
    put(ctx, gram(c[0], opened(c[1]), 0));
    uint32_t first = initial_of(c[0]), second = initial_of(c[1]);
    if (is_name && second)
        put(ctx, gram(c[0], second, 0));
    if (is_name && second && first)
        put(ctx, gram(first, second, 0));
}

struct putting {
    search_gram *put;
    void *ctx;
};

static bool text_grams(void *ctx, const uint32_t *chars, size_t count, bool is_name)
{
    const struct putting *p = ctx;
    for (size_t i = 0; i < count; i++)
        if (chars[i] != WORD_END)
            place_grams(chars + i, is_name, p->put, p->ctx);
    return true;
}

void search_texts_grams(const struct search_texts *t, struct arena *a, search_gram *put, void *ctx)
{
    struct putting p = {put, ctx};
    texts_walk(t, a, text_grams, &p);
}

struct wanting {
    int64_t *list;
    size_t count;
};

static void want(struct wanting *w, int64_t g)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->list[i] == g)
            return;
    if (w->count < SEARCH_GRAMS_MAX)
        w->list[w->count++] = g;
}

/* Of two characters in a row, what every match has; false: nothing that is known. */
static bool pair_want(struct wanting *w, const uint32_t *c)
{
    if (is_digit(c[0]) && is_digit(c[1])) {
        if (is_digit(c[2]))
            want(w, gram(c[0], c[1], c[2]));
        return is_digit(c[2]);
    }
    if (is_initial(c[0]) && !is_initial(c[1]))
        return false; /* it may stand for a syllable, whose grams with this character are not kept
                       */
    want(w, gram(c[0], opened(c[1]), 0));
    return true;
}

static void word_grams(const uint32_t *word, size_t n, struct wanting *w)
{
    bool any = false;
    for (size_t i = 0; i + 1 < n; i++)
        any |= pair_want(w, word + i);
    for (size_t i = 0; !any && i < n; i++)
        if (word[i] >= 0x80 && !is_initial(word[i]))
            want(w, gram(opened(word[i]), 0, 0));
}

size_t search_grams(const struct search *q, int64_t grams[SEARCH_GRAMS_MAX])
{
    struct wanting w = {.list = grams};
    for (size_t at = 0; at < q->count;) {
        size_t n = word_length(q->chars + at);
        word_grams(q->chars + at, n, &w);
        at += n + 1;
    }
    return w.count;
}
