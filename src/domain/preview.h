/*
 * preview.h - a message as one of the recipients would get it, before anything is stored.
 *
 * Somebody composes a message and looks at it for real people while typing, goes from one to the
 * next, and jumps to the longest text and to people for whom a value is missing. The text is made
 * by the code of the check (domain/rendering), so what is seen here is what will be sent. One
 * person costs the same among a million as among ten, when the caller passes on what the answer
 * before said; a jump goes over everybody in pages, without making texts. Called by api/previews.
 * Refuses what recipients_check refuses, a template that is not there, and one with too many
 * variables.
 */
#ifndef DOMAIN_PREVIEW_H
#define DOMAIN_PREVIEW_H

#include "domain/measure.h"
#include "domain/recipients.h"
#include "domain/rendering.h"

/* How the person is found. */
enum preview_jump {
    PREVIEW_AT,      /* at the position */
    PREVIEW_LONGEST, /* with the longest text, the first of those */
    PREVIEW_MISSING, /* behind the position, the first for whom a value is missing */
};

/* Where a person stands among the recipients, in the order of contact ids. */
struct preview_place {
    int64_t contact;
    int64_t position; /* from 1; 0: nobody */
    int64_t total;    /* recipients, whether or not anything may be sent to them */
};

struct preview_wish {
    int64_t template;
    struct rendering_form form;
    struct recipients_choice who;
    enum preview_jump jump;
    int64_t position;
    struct preview_place known; /* of the answer before, for the same recipients; contact 0: none */
};

struct preview_piece {
    enum {
        PREVIEW_FIXED,   /* text of the template */
        PREVIEW_VALUE,   /* put in */
        PREVIEW_NOTHING, /* the name of a variable that has no value */
    } kind;
    struct str text;
};

struct preview_text {
    const struct preview_piece *pieces; /* none of them empty */
    size_t count;
};

struct preview {
    struct preview_place place;
    struct person who; /* contact 0: nobody */
    struct preview_text title, body;
    struct button buttons[BUTTONS_MAX];
    bool tracked[BUTTONS_MAX]; /* the link is a sample of our redirect */
    size_t button_count;
    struct str missing[TEMPLATE_VARIABLES_MAX]; /* variables without a value */
    size_t missing_count;
    size_t length;       /* of the body with the extra text, see alimtalk_length */
    size_t limit;        /* of that */
    size_t title_length; /* likewise; what is missing counts nothing in either */
    struct sms fallback; /* the body as a text message */
    struct str reason;   /* why this person would not get it, see message_reason_text; or empty */
};

/* Fills *out; texts lie in the scope's arena. With nobody there, place.position is 0 and the texts
 * hold only what is the same for everybody. */
enum problem preview_make(struct scope *s, const struct preview_wish *wish, struct preview *out);

#endif
