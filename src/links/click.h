/*
 * click.h - one hit on a tracked link, as it is written to the journal and merged into the store.
 *
 * The words are those of the table `click` and of the API. The numbers are in journal files, which
 * outlive the program that wrote them: never change or reuse one.
 */
#ifndef LINKS_CLICK_H
#define LINKS_CLICK_H

#include "base/str.h"

/* Who is behind a hit. Only persons count in statistics; all are kept. */
enum click_kind {
    CLICK_PERSON = 1,
    CLICK_PREVIEW = 2, /* a messenger that draws a preview of the link */
    CLICK_BOT = 3,     /* HEAD, no user agent, scanners, crawlers, programs */
};

/* Class of the user agent; its text is not kept. */
enum click_agent {
    AGENT_OTHER = 0,
    AGENT_NONE = 1,      /* no User-Agent at all */
    AGENT_KAKAOTALK = 2, /* KakaoTalk's in-app browser */
    AGENT_ANDROID = 3,
    AGENT_IOS = 4,
    AGENT_DESKTOP = 5,
    AGENT_PROGRAM = 6, /* previews, scanners, crawlers */
};

struct click {
    int64_t company, campaign, ordinal; /* the message */
    int64_t at;                         /* when it came, ms */
    int button;                         /* 1..5 */
    enum click_kind kind;
    enum click_agent agent;
};

/* Words of the table `click`: "person", "kakaotalk" … */
struct str click_kind_word(enum click_kind kind);
struct str click_agent_word(enum click_agent agent);

#endif
