/*
 * template_check.h - our own reading of the rules of AlimTalk for a template that is being written.
 *
 * An inspection takes days, and a gateway tells little of why it refuses. So whoever writes a
 * template is told at once what would be refused (errors) and what inspectors often object to
 * (warnings), each with the field it is about and what to do; the sentences are in
 * template_rule.def. Pure functions. Called by the API, while somebody types and before a template
 * is registered or changed. What it lets pass the gateway may still refuse.
 */
#ifndef DOMAIN_TEMPLATE_CHECK_H
#define DOMAIN_TEMPLATE_CHECK_H

#include "domain/template.h"

#define TEMPLATE_NAME_MAX     100 /* characters */
#define TEMPLATE_FINDINGS_MAX 64
#define TEMPLATE_IMAGE_MAX    ((size_t)500 << 10) /* bytes */
/* Characters of the sentence about adding the channel, which are part of the text's. */
#define TEMPLATE_ADVERT_ROOM 40

/* What somebody writes. Texts are never NULL. */
struct template_form {
    struct str name, content, type, emphasis, title, subtitle, extra, advert;
    const struct button *buttons; /* type_name and target are not read */
    size_t button_count;
    struct str image; /* bytes of the file; empty: none */
    bool image_kept;  /* the gateway has an image of it already */
    bool secure;
};

struct template_finding {
    bool error; /* else a warning */
    struct str field, code, ko, en;
};

struct template_check {
    struct template_finding list[TEMPLATE_FINDINGS_MAX]; /* errors first */
    size_t count, errors;
    struct str variables[TEMPLATE_VARIABLES_MAX]; /* of title, text and links, in order */
    size_t variable_count;
    int64_t length, limit; /* characters of text and extra text, and how many there may be */
};

/* Judges the form. `tracking_base` is the address in front of a token ("https://go.example.kr/r/"),
 * empty when there is none. Texts of `out` live in the arena and in the form. */
void template_check(const struct template_form *form, struct str tracking_base, struct arena *a,
                    struct template_check *out);

/* Notes the errors as wrong fields, one each; PROBLEM_INVALID when there are any. */
enum problem template_check_problem(struct scope *s, const struct template_check *check);

#endif
