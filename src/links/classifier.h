/*
 * classifier.h - person, preview or bot, by what a request says of itself.
 *
 * A pure function over tables of words; called by links/redirect for every hit. It errs towards
 * person only for things that look like a browser: link checkers and messengers' previews open a
 * link before its recipient does, and would otherwise be counted as that recipient.
 */
#ifndef LINKS_CLASSIFIER_H
#define LINKS_CLASSIFIER_H

#include "links/click.h"

struct click_class {
    enum click_kind kind;
    enum click_agent agent;
};

/* `user_agent` as sent, empty or ptr NULL when there was none; `head`: the method was HEAD. */
struct click_class click_classify(struct str user_agent, bool head);

#endif
