/*
 * aligo_frame.h - what all readers of Aligo's answers share: single values in every spelling, and
 * the frame of code, message and rows around them.
 *
 * Used by aligo_answer.c, aligo_answer_template.c and aligo_answer_channel.c only.
 */
#ifndef GATEWAY_ALIGO_FRAME_H
#define GATEWAY_ALIGO_FRAME_H

#include "base/json.h"
#include "gateway/aligo_answer.h"

/* The most bytes kept of a refusal's sentence. */
#define ALIGO_WORDS_MAX 1000

/* A tree that ends with the enclosing block. */
#define ALIGO_TREE(name) json_t *name CLEANUP(aligo_tree_free) = NULL
void aligo_tree_free(json_t **tree);

/* ---- single values ---- */

/* A member as text, also when it was written as an integer; empty when absent, null or no value. */
struct str aligo_text(struct arena *a, const json_t *object, const char *key);
/* The same, at most `max` bytes of it. */
struct str aligo_words(struct arena *a, const json_t *object, const char *key, size_t max);
/* A text that is no member; empty for anything else. */
struct str aligo_string(struct arena *a, const json_t *value, size_t max);
/* True for true and "Y"; false for everything else. */
bool aligo_flag(const json_t *object, const char *key);
/* A member as decimal number, also from text; `otherwise` when it is neither. */
double aligo_decimal(const json_t *object, const char *key, double otherwise);
/* A member as "YYYY-MM-DD HH:MM:SS" of Seoul; 0 when empty or anything else. */
int64_t aligo_time(const json_t *object, const char *key);

/* Which member fills which `struct str` of a row; `other` is a second spelling. */
struct aligo_field {
    const char *key, *other;
    size_t offset;
};
void aligo_texts(const json_t *row, struct arena *a, const struct aligo_field *fields, size_t count,
                 void *to);

/* ---- the frame ---- */

/* Each fills *fault and returns what it is called after. */
enum gateway_answer aligo_unknown(struct gateway_fault *fault, struct str what);
enum gateway_answer aligo_refuse(struct gateway_fault *fault, struct arena *a, int64_t code,
                                 struct str text);

/* Reads status, JSON and code. GATEWAY_OK: *tree is the object and *code is not negative. */
enum gateway_answer aligo_open(const struct aligo_reply *reply, struct arena *a, json_t **tree,
                               int64_t *code, struct gateway_fault *fault);
/* The same where only 0 is success. */
enum gateway_answer aligo_open_done(const struct aligo_reply *reply, struct arena *a, json_t **tree,
                                    struct gateway_fault *fault);
/* Whether `rows` is an array of objects that fits what the arena has left when every row takes
 * `row_size` bytes and `row_texts` texts. */
enum gateway_answer aligo_open_rows(const struct aligo_reply *reply, struct arena *a,
                                    const json_t *rows, size_t row_size, size_t row_texts,
                                    struct gateway_fault *fault);
/* An answer with rows: code must be 0 and `list` such an array. */
enum gateway_answer aligo_open_list(const struct aligo_reply *reply, struct arena *a,
                                    size_t row_size, size_t row_texts, json_t **tree, json_t **list,
                                    struct gateway_fault *fault);

#endif
