/*
 * search.h - what somebody types to find a contact, and which contacts it finds.
 *
 * A query is words; each must be part of the name, the number, the e-mail address or the value of
 * an attribute. Case, hyphens and full width do not matter. It finds while it is being typed: a
 * last syllable that is not complete stands for every one that it can become (김미 finds 김민수),
 * and initial consonants find names (ㄱㅁㅅ).
 *
 * A gram is a number made of one to three characters in a row. What a query asks for it asks for in
 * grams as well: a contact that lacks one of them cannot match, which is what contact_gram is for
 * (domain/contact_index.h). Pure functions; called by domain/contact_*.
 */
#ifndef DOMAIN_SEARCH_H
#define DOMAIN_SEARCH_H

#include "base/str.h"

#define SEARCH_QUERY_MAX 100   /* characters of a query; longer ones are refused by the API */
#define SEARCH_GRAMS_MAX 8     /* of a query that are asked for */
#define SEARCH_TEXT_MAX  20000 /* characters of a contact that are looked at, its name first */

/* A query as search_read makes it: folded characters, words ended by 0. */
struct search {
    uint32_t chars[SEARCH_QUERY_MAX + 1];
    size_t count; /* of characters, ends of words included; 0: everybody matches */
};

/* The texts of a contact, as stored; ptr NULL where there is none. */
struct search_texts {
    struct str name, phone, email;
    struct str attributes; /* JSON object of texts */
};

void search_read(struct search *q, struct str query);

/* True when the contact matches. The arena is for unescaping. */
bool search_matches(const struct search *q, const struct search_texts *t, struct arena *a);

/* Grams that every matching contact has; returns how many. None says nothing: all may match. */
size_t search_grams(const struct search *q, int64_t grams[SEARCH_GRAMS_MAX]);

typedef void search_gram(void *ctx, int64_t gram);
/* Calls `put` with every gram of the contact, some more than once. */
void search_texts_grams(const struct search_texts *t, struct arena *a, search_gram *put, void *ctx);

#endif
