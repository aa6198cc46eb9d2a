/*
 * pattern.h - text with #{variables}: rendered in one pass, matched in linear time.
 *
 * The body, the emphasis title and the links of a template are patterns. Rendering never expands a
 * value again. Matching answers the question the gateway will ask: is this text that template with
 * only the variables replaced? Every blank and line break of the fixed parts counts; nothing is
 * trimmed or normalised. A `#{` without its `}` is plain text.
 */
#ifndef DOMAIN_PATTERN_H
#define DOMAIN_PATTERN_H

#include "base/buf.h"
#include "base/str.h"

/* Kakao allows 40 variables in a template (alimtalk rules); a place more than that is refused. */
#define PATTERN_PLACES_MAX 128

struct pattern_piece {
    struct str fixed;    /* text in front of the variable */
    struct str variable; /* its name, without #{ } */
};

struct pattern {
    const struct pattern_piece *pieces;
    size_t count;
    struct str tail; /* text after the last variable */
};

/* Splits `text`, whose bytes must outlive the pattern. False with too many variables. */
bool pattern_parse(struct pattern *p, struct str text, struct arena *a) MUST_CHECK;

/* Gives the value of a variable; ptr NULL when there is none. */
typedef struct str pattern_value(void *ctx, struct str variable);

/* Appends the text with every variable replaced. One without a value stays as it is written, and
 * the name of the first such is returned; ptr NULL when all went well. */
struct str pattern_render(const struct pattern *p, pattern_value *value, void *ctx,
                          struct buf *out);

/* True when `text` is the pattern with its variables replaced by anything, in time that grows with
 * the length of both. */
bool pattern_matches(const struct pattern *p, struct str text);

/* When the pattern has one variable: what it must stand for to make `text`; false when nothing does
 * or the pattern has another number of variables. */
bool pattern_solve(const struct pattern *p, struct str text, struct str *value);

/* Adds the names not in the list yet, in order; `list` has room for `max`. Returns the new count.
 */
size_t pattern_variables(const struct pattern *p, struct str *list, size_t count, size_t max);

#endif
