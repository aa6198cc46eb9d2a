/*
 * practice_templates.h - the templates the practice gateway offers, and how Kakao compares.
 *
 * Used by the practice gateway only. The texts are our own; among them are the kinds a shop needs,
 * one with an emphasis title, one with an image, one with five buttons, one still in inspection,
 * one rejected, one stopped and one asleep.
 */
#ifndef GATEWAY_PRACTICE_TEMPLATES_H
#define GATEWAY_PRACTICE_TEMPLATES_H

#include "base/str.h"
#include "gateway/gateway.h"

/* All of them, with tracked links in the given scheme ("http" or "https"); texts from the arena. */
const struct gateway_template *practice_templates(struct arena *a, struct str link_scheme,
                                                  size_t *count);
/* The one with that code, or NULL. */
const struct gateway_template *practice_template_find(const struct gateway_template *list,
                                                      size_t count, struct str code);
/* The Korean name that belongs to a button's type; empty for an unknown type. */
struct str practice_button_name(struct str type);
/* True when messages may be sent with it. */
bool practice_template_sendable(const struct gateway_template *t);

/* True when `text` is `pattern` with every #{variable} replaced by any text; in linear time. */
bool practice_matches(struct str pattern, struct str text);

/* True when body, emphasis title and button_N (JSON, empty for none) are this template's. */
bool practice_message_matches(const struct gateway_template *t, struct str body, struct str title,
                              struct str buttons);

#endif
