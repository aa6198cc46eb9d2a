/*
 * response.c - see http.h and response.h.
 */
#include "http/response.h"

#include <assert.h>
#include <unistd.h>

#define FILE_NAME_MAX ((size_t)1 << 10) /* bytes of a file's name as it stands in the header */

/* Images of templates lie at KakaoTalk's own addresses. */
static const char POLICY_DEFAULT[] = HTTP_POLICY("https:");

static const struct refusal_text {
    int status;
    const char *code, *ko, *en;
} refusals[] = {
    [REFUSAL_TARGET] = {400, "bad_request", "주소를 읽을 수 없습니다",
                        "The address cannot be read"},
    [REFUSAL_FRAMING] = {400, "bad_request", "요청의 길이 표시가 서로 다릅니다",
                         "The request contradicts itself about its length"},
    [REFUSAL_JSON] = {400, "bad_json", "JSON 형식이 아닙니다", "The body is not JSON"},
    [REFUSAL_BODY] = {400, "bad_request", "본문이 없어야 하는 요청입니다",
                      "This request takes no body"},
    [REFUSAL_UNKNOWN] = {404, "not_found", "찾을 수 없습니다", "Not found"},
    [REFUSAL_METHOD] = {405, "method_not_allowed", "이 주소에서 쓸 수 없는 방식입니다",
                        "This address does not know that method"},
    [REFUSAL_TOO_LARGE] = {413, "too_large", "보낸 내용이 너무 큽니다", "The body is too large"},
    [REFUSAL_MEDIA_TYPE] = {415, "unsupported_media_type", "application/json 으로 보내 주세요",
                            "The body must be application/json"},
    [REFUSAL_HEADERS] = {431, "too_many_headers", "요청 헤더가 너무 많습니다",
                         "The request has too many header fields"},
    [REFUSAL_INTERNAL] = {500, "internal", "서버 오류가 일어났습니다", "The server failed"},
    [REFUSAL_BUSY] = {503, "unavailable", "지금은 처리할 수 없습니다. 잠시 뒤 다시 시도해 주세요",
                      "Not available now; try again shortly"},
    [REFUSAL_STORAGE] = {507, "storage_full", "파일을 저장할 수 없습니다",
                         "The file could not be stored"},
};

int response_refuse(struct http_exchange *x, enum refusal refusal, struct str detail)
{
    const struct refusal_text *text = &refusals[refusal];
    const char *title = http_wants_english(x) ? text->en : text->ko;
    return http_problem(x, text->status, text->code, str_c(title), detail, NULL, STR(""));
}

struct str response_header(const struct http_exchange *x, const char *name)
{
    for (size_t i = 0; i < x->response.header_count; i++)
        if (str_eq_nocase(x->response.headers[i].name, str_c(name)))
            return x->response.headers[i].value;
    return (struct str){0};
}

void http_set_header(struct http_exchange *x, const char *name, struct str value)
{
    assert(x->response.header_count < HTTP_RESPONSE_HEADERS_MAX);
    assert(!memchr(value.ptr, '\r', value.len) && !memchr(value.ptr, '\n', value.len) &&
           !memchr(value.ptr, '\0', value.len));
    x->response.headers[x->response.header_count++] =
        (struct http_field){.name = str_c(name), .value = value};
}

int http_problem(struct http_exchange *x, int status, const char *code, struct str title,
                 struct str detail, const char *member, struct str json)
{
    buf_clear(&x->response.body);
    response_file_drop(&x->response);
    x->response.content_type = "application/problem+json";
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_str(&j, "type", str_printf(&x->arena, "urn:sendingo:problem:%s", code));
    json_put_str(&j, "title", title);
    json_put_i64(&j, "status", status);
    json_put_str(&j, "code", str_c(code));
    if (detail.len)
        json_put_str(&j, "detail", detail);
    if (member)
        json_put_raw(&j, member, json);
    json_end_object(&j);
    return status;
}

struct json http_json(struct http_exchange *x)
{
    struct json j;
    json_init(&j, &x->response.body);
    return j;
}

int http_redirect(struct http_exchange *x, struct str url)
{
    http_set_header(x, "Location", url);
    http_set_header(x, "Cache-Control", STR("no-store"));
    http_set_header(x, "Referrer-Policy", STR("no-referrer"));
    x->response.content_type = "text/plain; charset=utf-8";
    return 302;
}

void response_file_drop(struct http_response *r)
{
    if (r->file.given)
        close(r->file.fd);
    r->file = (struct http_file){0};
}

void http_file(struct http_exchange *x, int fd, int64_t size)
{
    assert(fd >= 0 && size >= 0);
    response_file_drop(&x->response);
    x->response.file = (struct http_file){.given = true, .fd = fd, .size = size};
}

/* attr-char of RFC 5987: what needs no escape. */
static bool name_char_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr("!#$&+-.^_`|~", c));
}

/* Windows takes none of these in a name, and a slash would be a folder. */
static bool name_char_never(char c)
{
    return (unsigned char)c < ' ' || c == 0x7F || strchr("/\\:*?\"<>|", c);
}

void http_attachment(struct http_exchange *x, const char *ascii, struct str name)
{
    BUF(out, FILE_NAME_MAX);
    buf_printf(&out, "attachment; filename=\"%s\"; filename*=UTF-8''", ascii);
    for (size_t at = 0; at < name.len;) {
        size_t from = at, room = FILE_NAME_MAX - out.len;
        utf8_next(name, &at);
        if (room < (at - from) * 3) /* a name is cut between characters */
            break;
        for (size_t i = from; i < at; i++) {
            char c = name_char_never(name.ptr[i]) ? '_' : name.ptr[i];
            if (name_char_plain(c))
                buf_char(&out, c);
            else
                buf_printf(&out, "%%%02X", (unsigned)(unsigned char)c);
        }
    }
    http_set_header(x, "Content-Disposition", str_dup(&x->arena, buf_view(&out)));
}

static void header_default(struct http_exchange *x, const char *name, const char *value)
{
    if (!response_header(x, name).ptr)
        http_set_header(x, name, str_c(value));
}

void response_complete(struct http_exchange *x, const char *security_policy)
{
    const struct http_response *r = &x->response;
    if (r->content_type || r->body.len)
        header_default(x, "Content-Type",
                       r->content_type ? r->content_type : "application/json; charset=utf-8");
    header_default(x, "Cache-Control", "no-store");
    header_default(x, "Content-Security-Policy",
                   security_policy ? security_policy : POLICY_DEFAULT);
    header_default(x, "X-Content-Type-Options", "nosniff");
    header_default(x, "Referrer-Policy", "same-origin");
}
