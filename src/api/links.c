/*
 * links.c - the tracked link: keep the click, send its reader on. What goes wrong is told on a
 * small page for people, because a customer's phone stands at the other end, not a program.
 */
#include "api/handlers.h"
#include "links/redirect.h"

#define PAGE(title_, ko, en)                                                                       \
    "<!doctype html><html lang=\"ko\"><head><meta charset=\"utf-8\">"                              \
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"                     \
    "<meta name=\"robots\" content=\"noindex\"><title>" title_ "</title><style>"                   \
    ":root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;margin:0;"              \
    "min-height:100vh;display:grid;place-items:center;text-align:center}main{padding:1.5rem;"      \
    "max-width:26rem}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.25rem 0}"                     \
    "[lang=en]{opacity:.7;font-size:.875rem}</style></head><body><main><h1>" title_ "</h1><p>" ko  \
    "</p><p lang=\"en\">" en "</p></main></body></html>\n"

static const struct {
    int status;
    const char *page;
} refusals[] = {
    [LINK_UNKNOWN] = {404,
                      PAGE("없는 링크입니다",
                           "주소가 잘못되었거나 지워진 링크입니다. 받은 메시지의 버튼을 다시 눌러"
                           " 주세요.",
                           "There is no such link. Please press the button in your message"
                           " again.")},
    [LINK_UNAVAILABLE] = {503, PAGE("지금은 열 수 없습니다",
                                    "잠시 뒤에 메시지의 버튼을 다시 눌러 주세요. 불편을 드려"
                                    " 죄송합니다.",
                                    "Not available at the moment. Please press the button again"
                                    " shortly.")},
};

int link_follow(struct http_exchange *x)
{
    struct str url;
    struct link_visit visit = {
        .token = x->request.params[0],
        .user_agent = http_header(x, "User-Agent"),
        .head = x->request.head,
        .at = clock_now(api_app(x)->clock),
    };
    enum link_answer answer = links_follow(api_app(x)->links, &visit, &x->arena, &url);
    if (answer == LINK_FOUND)
        return http_redirect(x, url);
    if (answer == LINK_UNAVAILABLE)
        http_set_header(x, "Retry-After", STR("5"));
    x->response.content_type = "text/html; charset=utf-8";
    buf_str(&x->response.body, str_c(refusals[answer].page));
    return refusals[answer].status;
}
