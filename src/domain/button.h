/*
 * button.h - the buttons of a template or of a rendered message, and their JSON in the store.
 *
 * A web link (WL) whose mobile address holds a variable is tracked: the variable is solved so that
 * the address becomes our redirect for this one person.
 */
#ifndef DOMAIN_BUTTON_H
#define DOMAIN_BUTTON_H

#include "base/json.h"
#include "base/str.h"

#define BUTTONS_MAX      5
#define BUTTON_NAME_MAX  14  /* characters */
#define BUTTON_LINK_MAX  500 /* bytes; the strictest gateway's limit for links of this length */
#define BUTTONS_JSON_MAX ((size_t)16 << 10)

struct button {
    struct str name, type, type_name;    /* type: WL AL DS BK MD AC; type_name in Korean */
    struct str mobile, pc, ios, android; /* empty when not used; may hold variables in a template */
    struct str target; /* rendered and tracked: where the redirect leads; else empty */
};

/* True for a web link whose address is made for each person. */
bool button_tracked(const struct button *b);

/* Appends the array [{ordinal, name, type, type_name, mobile, pc, ios, android, target}], addresses
 * that are empty as null. */
void buttons_write(struct json *j, const struct button *list, size_t count);
/* The same as a text of the arena. */
struct str buttons_text(struct arena *a, const struct button *list, size_t count);
/* Reads what buttons_write wrote; texts are copied into the arena. Returns how many. */
size_t buttons_read(struct arena *a, struct str text, struct button list[BUTTONS_MAX]);

#endif
