/*
 * rendering.h - one template for one person: texts, links, and why the person cannot get it.
 *
 * A plan is made once from template, values and links; then it is applied to as many people as
 * there are. The check of a campaign and the preview are the same code, so what was looked at is
 * what is sent. Values are put in once and never expanded again; nothing is trimmed or normalised.
 * Refuses a template with too many variables, and single people for what is wrong with their
 * message alone. Called by domain/campaign_check and domain/preview.
 */
#ifndef DOMAIN_RENDERING_H
#define DOMAIN_RENDERING_H

#include "base/token.h"
#include "domain/campaign.h"

/* Bytes of a rendered text, far beyond its limit in characters. Where it (or a link,
 * BUTTON_LINK_MAX) would become longer it ends, and the person is refused. */
#define RENDERED_BODY_MAX  ((size_t)16 << 10)
#define RENDERED_TITLE_MAX ((size_t)1 << 10)

/* ---- the plan ---- */

struct rendering_button {
    struct pattern mobile, pc, ios, android;
    struct str target; /* tracked: where the redirect leads; empty when nobody has said */
    bool tracked;
};

struct rendering {
    struct template template;
    struct pattern body, title;
    struct rendering_button buttons[BUTTONS_MAX];
    struct campaign_value values[TEMPLATE_VARIABLES_MAX];
    size_t value_count;
    struct str wanted[TEMPLATE_VARIABLES_MAX]; /* variables that need a value */
    ptrdiff_t source[TEMPLATE_VARIABLES_MAX];  /* of each of those, in `values`; -1: none */
    size_t wanted_count;
    size_t places[TEMPLATE_VARIABLES_MAX]; /* in the body, of each of `values` */
    size_t limit;                          /* characters of the body with the extra text */
    size_t fixed_length;                   /* of what is the same for everybody, extra included */
    struct str tracking_base;
    bool tracks; /* at least one button is tracked */
};

/* What people compose. */
struct rendering_form {
    const struct campaign_value *values;
    size_t value_count;
    const struct campaign_link *links;
    size_t link_count;
    struct str tracking_base;
};

/* Makes the plan; texts of `t` and `form` must outlive it. PROBLEM_TEMPLATE_NOT_SENDABLE when a
 * text has too many variables. */
enum problem rendering_plan(struct scope *s, const struct template *t,
                            const struct rendering_form *form, struct rendering *out);
/* Refuses what would be wrong for everybody: a variable without a source, a tracked button without
 * a target, or whose approved link our redirect does not fit. */
enum problem rendering_complete(struct scope *s, const struct rendering *r);

/* ---- one person ---- */

/* What a person has for each of the plan's values, in their order; ptr NULL: nothing (an empty text
 * is nothing). */
struct rendering_values {
    struct str list[TEMPLATE_VARIABLES_MAX];
};

/* One token per button, of which those of tracked buttons are used. */
struct rendering_tokens {
    char of[BUTTONS_MAX][TOKEN_LENGTH + 1];
};

struct rendered {
    struct str reason; /* word of reason.def, with its detail; empty: nothing is wrong */
    struct str title, body;
    struct button buttons[BUTTONS_MAX];
    size_t button_count;
};

/* Looks up the values of a person; NULL is nobody, who has only what is the same for all. Texts lie
 * in the person and in the arena. */
void rendering_look_up(const struct rendering *r, const struct person *who, struct arena *a,
                       struct rendering_values *out);
/* The value of a variable; ptr NULL: none. */
struct str rendering_value(const struct rendering *r, const struct rendering_values *v,
                           struct str variable);
/* Renders into the arena, judges lengths and compares with the template. A reason that is there
 * already (suppressed) stays. */
void rendering_render(const struct rendering *r, const struct rendering_values *v,
                      const struct rendering_tokens *tokens, struct arena *a, struct rendered *out);
/* Is this the template, with nothing but its variables replaced: body, title, and number, order,
 * names, types and links of the buttons? Empty, or the reason why not. */
struct str rendering_difference(const struct rendering *r, const struct rendered *message);

/* ---- without making texts, for looking through a million people ---- */

/* True when a variable that needs a value has none. */
bool rendering_misses(const struct rendering *r, const struct rendering_values *v);
/* alimtalk_length of the body with the extra text; what is missing counts nothing. */
size_t rendering_length(const struct rendering *r, const struct rendering_values *v);

#endif
