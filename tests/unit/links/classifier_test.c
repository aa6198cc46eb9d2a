/*
 * classifier_test.c - user agents as they really come, each with what it is.
 */
#include "links/classifier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define ANDROID                                                                                    \
    "Mozilla/5.0 (Linux; Android 14; SM-S928N Build/UP1A.231005.007; wv) AppleWebKit/537.36 "      \
    "(KHTML, like Gecko) Version/4.0 Chrome/122.0.6261.64 Mobile Safari/537.36"
#define IPHONE                                                                                     \
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "                 \
    "(KHTML, like Gecko) Mobile/15E148"

static const struct {
    const char *agent;
    bool head;
    enum click_kind kind;
    enum click_agent class;
} rows[] = {
    /* people */
    {ANDROID ";KAKAOTALK 2410350", false, CLICK_PERSON, AGENT_KAKAOTALK},
    {IPHONE " KAKAOTALK 10.8.1", false, CLICK_PERSON, AGENT_KAKAOTALK},
    {ANDROID, false, CLICK_PERSON, AGENT_ANDROID},
    {ANDROID " NAVER(inapp; search; 1010; 12.3.1)", false, CLICK_PERSON, AGENT_ANDROID},
    {ANDROID " Instagram 320.0.0.42.101 Android", false, CLICK_PERSON, AGENT_ANDROID},
    {IPHONE " [FBAN/FBIOS;FBAV/450.0.0.33.107]", false, CLICK_PERSON, AGENT_IOS},
    {IPHONE " DaumApps/12.3.0 DaumDevice/mobile", false, CLICK_PERSON, AGENT_IOS},
    {"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/16.6 Mobile/15E148 Safari/604.1",
     false, CLICK_PERSON, AGENT_IOS},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/122.0.0.0 Safari/537.36",
     false, CLICK_PERSON, AGENT_DESKTOP},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/120.0.0.0 Whale/3.24.223.21 Safari/537.36",
     false, CLICK_PERSON, AGENT_DESKTOP},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/17.3 Safari/605.1.15",
     false, CLICK_PERSON, AGENT_DESKTOP},
    {"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0", false,
     CLICK_PERSON, AGENT_DESKTOP},
    {"Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/90.0.4430.210 Mobile Safari/537.36",
     false, CLICK_PERSON, AGENT_ANDROID},
    {"Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; ko) Presto/2.12.423 Version/12.16",
     false, CLICK_PERSON, AGENT_ANDROID},
    {"Mozilla/5.0 (Unheard Of)", false, CLICK_PERSON, AGENT_OTHER},
    /* previews */
    {"facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
     false, CLICK_PREVIEW, AGENT_PROGRAM},
    {"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", false,
     CLICK_PREVIEW, AGENT_PROGRAM},
    {"facebookexternalhit/1.1; kakaotalk-scrap/1.0;", true, CLICK_PREVIEW, AGENT_PROGRAM},
    {"FACEBOOKEXTERNALHIT/1.1;LINE-POKER/1.0", false, CLICK_PREVIEW, AGENT_PROGRAM},
    {"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", false, CLICK_PREVIEW,
     AGENT_PROGRAM},
    {"TelegramBot (like TwitterBot)", false, CLICK_PREVIEW, AGENT_PROGRAM},
    {"WhatsApp/2.23.20.0", false, CLICK_PREVIEW, AGENT_PROGRAM},
    {"Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", false, CLICK_PREVIEW,
     AGENT_PROGRAM},
    /* bots */
    {ANDROID, true, CLICK_BOT, AGENT_PROGRAM},
    {"", false, CLICK_BOT, AGENT_NONE},
    {"   ", false, CLICK_BOT, AGENT_NONE},
    {NULL, false, CLICK_BOT, AGENT_NONE},
    {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", false, CLICK_BOT,
     AGENT_PROGRAM},
    {"Mozilla/5.0 (compatible; Yeti/1.1; +http://naver.me/spd)", false, CLICK_BOT, AGENT_PROGRAM},
    {"Mozilla/5.0 (compatible; Daum/4.1; +http://cs.daum.net/faq/15/4118.html)", false, CLICK_BOT,
     AGENT_PROGRAM},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
     "HeadlessChrome/119.0.0.0 Safari/537.36",
     false, CLICK_BOT, AGENT_PROGRAM},
    {"curl/7.88.1", false, CLICK_BOT, AGENT_PROGRAM},
    {"python-requests/2.31.0", false, CLICK_BOT, AGENT_PROGRAM},
    {"Go-http-client/2.0", false, CLICK_BOT, AGENT_PROGRAM},
    {"okhttp/4.12.0", false, CLICK_BOT, AGENT_PROGRAM},
    {"something of our own 1.0", false, CLICK_BOT, AGENT_PROGRAM},
};

static void knows_them_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str agent = rows[i].agent ? str_c(rows[i].agent) : (struct str){NULL, 0};
        struct click_class got = click_classify(agent, rows[i].head);
        if (got.kind != rows[i].kind || got.agent != rows[i].class)
            fail_msg("%s: %s, %s", rows[i].agent, click_kind_word(got.kind).ptr,
                     click_agent_word(got.agent).ptr);
    }
}

static void bears_any_bytes(void **state)
{
    (void)state;
    static char endless[100000];
    memset(endless, 'x', sizeof endless);
    assert_int_equal(click_classify(str_n(endless, sizeof endless), false).kind, CLICK_BOT);
    char bytes[256];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    assert_int_equal(click_classify(str_n(bytes, sizeof bytes), false).kind, CLICK_BOT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_them_all),
        cmocka_unit_test(bears_any_bytes),
    };
    return cmocka_run_group_tests_name("click classifier", tests, NULL, NULL);
}
