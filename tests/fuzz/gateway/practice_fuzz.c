/*
 * practice_fuzz.c - the practice gateway called with garbage, on a file in memory.
 *
 * Input: a byte that chooses the path, then the body. A good head is put in front of it for Aligo's
 * calls, so that what comes after is reached. What must hold: an answer of HTTP, JSON under /akv10
 * when it says so, nothing for the sanitizers.
 */
#include "base/json.h"
#include "gateway/practice.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str paths[] = {
    STR_INIT("/akv10/alimtalk/send/"),  STR_INIT("/akv10/history/list/"),
    STR_INIT("/akv10/history/detail/"), STR_INIT("/akv10/heartinfo/"),
    STR_INIT("/akv10/cancel/"),         STR_INIT("/akv10/template/list/"),
    STR_INIT("/akv10/profile/list/"),   STR_INIT("/practice/journal"),
    STR_INIT("/practice/calls"),        STR_INIT("/practice/status"),
    STR_INIT("/practice/points"),       STR_INIT("/"),
    STR_INIT("/akv10/template/add/"),   STR_INIT("/akv10/template/modify/"),
    STR_INIT("/akv10/template/del/"),   STR_INIT("/akv10/template/request/"),
    STR_INIT("/akv10/profile/auth/"),   STR_INIT("/akv10/profile/add/"),
    STR_INIT("/akv10/category/"),       STR_INIT("/practice/templates"),
    STR_INIT("/practice/image"),
};

#define RUNS_OF_ONE 256 /* what earlier inputs have left stays small, and matters */

static struct practice *open_now_and_then(void)
{
    static struct practice *p;
    static unsigned runs;
    struct practice_options options = practice_options_default();
    options.path = ":memory:";
    options.page_size = 0;
    options.inspection_delay_ms = 1;
    if (p && ++runs % RUNS_OF_ONE == 0)
        practice_close(&p);
    if (!p)
        p = practice_open(&options);
    assert(p);
    return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    struct practice *p = open_now_and_then();
    struct practice_answer answer;
    if (size == 0)
        return 0;
    struct str path = paths[data[0] % COUNT_OF(paths)];
    struct str body = str_n((const char *)data + 1, size - 1);
    bool aligo = str_starts(path, STR("/akv10/"));
    if (aligo)
        body = str_printf(&a, "apikey=k&userid=u&sender=0212345678&senderkey=%.*s&%.*s",
                          STR_ARG(practice_sender_key(&a, STR("u"))), STR_ARG(body));
    practice_handle(p, path, body, &a, &answer);
    assert(answer.http_status >= 200 && answer.http_status <= 599);
    if (aligo) {
        json_t *tree = json_parse(answer.body, &a, NULL);
        assert(json_is_object(tree));
        json_decref(tree);
    }
    return 0;
}
