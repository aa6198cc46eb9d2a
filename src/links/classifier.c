/*
 * classifier.c - see classifier.h. The first rule that fits decides: previews, then HEAD and
 * missing agents, then the phones whose name holds the word "bot", then bots, then whatever is no
 * browser.
 */
#include "links/classifier.h"

#include <ctype.h>

/* What messengers and social networks send when they draw a preview. KakaoTalk's says
 * "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984"; its
 * in-app browser says "KAKAOTALK 10.4.3" and is a person. */
static const char *const preview_words[] = {
    "kakaotalk-scrap",
    "kakaostory-og-reader",
    "facebookexternalhit",
    "facebookcatalog",
    "facebot",
    "line-poker",
    "twitterbot",
    "slackbot",
    "slack-imgproxy",
    "telegrambot",
    "discordbot",
    "whatsapp/",
    "linkedinbot",
    "skypeuripreview",
    "viberbot",
    "redditbot",
    "pinterestbot",
    "embedly",
    "iframely",
    "mastodon/",
    "yeti-fe",
    "naver-preview",
    "outbrain",
    "bitlybot",
    "vkshare",
};

/* Phones of the brand CUBOT are not robots. */
static const char *const person_words[] = {"cubot"};

static const char *const bot_words[] = {
    "bot",         "crawl",         "spider",     "slurp",    "yeti/",          "daumoa",
    "daum/",       "mediapartners", "lighthouse", "headless", "phantomjs",      "puppeteer",
    "playwright",  "selenium",      "pingdom",    "uptime",   "monitor/",       "statuscake",
    "scanner",     "nessus",        "nmap",       "zgrab",    "masscan",        "censys",
    "expanse",     "barracuda",     "proofpoint", "mimecast", "safelinks",      "virustotal",
    "urlscan",     "symantec",      "fortiguard", "netcraft", "archive.org",    "curl/",
    "wget/",       "python",        "aiohttp",    "httpx",    "go-http-client", "java/",
    "okhttp",      "httpclient",    "libwww",     "lwp::",    "perl/",          "ruby",
    "php/",        "guzzle",        "node-fetch", "axios/",   "undici",         "got (",
    "postman",     "insomnia",      "httpie",     "winhttp",  "dart:io",        "google-safety",
    "feedfetcher", "preview",       "validator",  "checker",  "fetcher",
};

static const struct {
    const char *word;
    enum click_agent agent;
} browsers[] = {
    {"kakaotalk", AGENT_KAKAOTALK},
    {"android", AGENT_ANDROID},
    {"iphone", AGENT_IOS},
    {"ipad", AGENT_IOS},
    {"ipod", AGENT_IOS},
    {"windows", AGENT_DESKTOP},
    {"macintosh", AGENT_DESKTOP},
    {"x11", AGENT_DESKTOP},
    {"cros", AGENT_DESKTOP},
};

/* User agents longer than this are cut before they are looked at; real ones stay below 400. */
#define AGENT_TEXT_MAX 512

static bool holds_any(struct str lower, const char *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_find(lower, str_c(words[i]), 0) >= 0)
            return true;
    return false;
}

static enum click_agent browser_of(struct str lower)
{
    for (size_t i = 0; i < COUNT_OF(browsers); i++)
        if (str_find(lower, str_c(browsers[i].word), 0) >= 0)
            return browsers[i].agent;
    return AGENT_OTHER;
}

struct click_class click_classify(struct str user_agent, bool head)
{
    char text[AGENT_TEXT_MAX];
    struct str agent = str_slice(str_trim(user_agent), 0, sizeof text);
    for (size_t i = 0; i < agent.len; i++)
        text[i] = (char)tolower((unsigned char)agent.ptr[i]);
    struct str lower = str_n(text, agent.len);

    if (holds_any(lower, preview_words, COUNT_OF(preview_words)))
        return (struct click_class){CLICK_PREVIEW, AGENT_PROGRAM};
    if (lower.len == 0)
        return (struct click_class){CLICK_BOT, AGENT_NONE};
    if (head)
        return (struct click_class){CLICK_BOT, AGENT_PROGRAM};
    if (!holds_any(lower, person_words, COUNT_OF(person_words)) &&
        holds_any(lower, bot_words, COUNT_OF(bot_words)))
        return (struct click_class){CLICK_BOT, AGENT_PROGRAM};
    /* Every browser in use calls itself Mozilla, but Opera Mini. */
    if (!str_starts(lower, STR("mozilla/")) && !str_starts(lower, STR("opera/")))
        return (struct click_class){CLICK_BOT, AGENT_PROGRAM};
    return (struct click_class){CLICK_PERSON, browser_of(lower)};
}

struct str click_kind_word(enum click_kind kind)
{
    static const struct str words[] = {
        [CLICK_PERSON] = STR_INIT("person"),
        [CLICK_PREVIEW] = STR_INIT("preview"),
        [CLICK_BOT] = STR_INIT("bot"),
    };
    return words[kind];
}

struct str click_agent_word(enum click_agent agent)
{
    static const struct str words[] = {
        [AGENT_OTHER] = STR_INIT("other"),
        [AGENT_NONE] = STR_INIT("none"),
        [AGENT_KAKAOTALK] = STR_INIT("kakaotalk"),
        [AGENT_ANDROID] = STR_INIT("android"),
        [AGENT_IOS] = STR_INIT("ios"),
        [AGENT_DESKTOP] = STR_INIT("desktop"),
        [AGENT_PROGRAM] = STR_INIT("program"),
    };
    return words[agent];
}
