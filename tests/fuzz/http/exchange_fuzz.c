/*
 * exchange_fuzz.c - everything of a request that we read ourselves, fed with garbage.
 *
 * Input: a byte for the method, a line with the target, lines "name: value" up to an empty one, the
 * body. The request runs through the same steps as a server's, into handlers that use every reader.
 * What must hold: a status between 200 and 599, a body that is UTF-8, nothing for the sanitizers.
 */
#include "http/assets.h"
#include "http/exchange.h"
#include "http/server.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int answer(struct http_exchange *x)
{
    struct json j = http_json(x);
    struct str rest = x->request.body;
    struct http_field f;
    int64_t n;
    json_begin_object(&j);
    json_put_bool(&j, "english", http_wants_english(x));
    json_put_str(&j, "path", x->request.path);
    json_put_str_or_null(&j, "q", http_query(x, "q"));
    json_put_i64(&j, "cookie", (int64_t)http_cookie(x, "s").len);
    json_put_bool(&j, "number", json_get_i64(x->request.json, "a", &n));
    json_end_object(&j);
    while (http_form_next(&x->arena, &rest, &f))
        assert(f.name.ptr && f.value.ptr);
    return 200;
}

static int number(struct http_exchange *x)
{
    assert(http_param_i64(x, 0) >= 0);
    return answer(x);
}

static const struct http_route routes[] = {
    {.path = "/a", .handler = answer},
    {.path = "/a/{id}", .handler = number},
    {.path = "/r/{token*}", .handler = answer},
    {HTTP_POST, "/a", 0, answer, NULL, HTTP_BODY_JSON, 512, false},
    {HTTP_PUT, "/a", 0, answer, NULL, HTTP_BODY_FORM, 512, false},
};

static const unsigned char content[] = "content";
static const struct http_asset assets[] = {
    {"/p", NULL, "\"p\"", true, content, content + 7, content, content + 3, content, content + 1},
};
static const struct http_config page = {.routes = routes,
                                        .route_count = COUNT_OF(routes),
                                        .assets = assets,
                                        .asset_count = COUNT_OF(assets),
                                        .fallback_asset = "/p"};

static struct str next_line(struct str *rest)
{
    struct str line = {0};
    return str_split(rest, '\n', &line) ? line : STR("");
}

static size_t read_headers(struct str *rest, struct http_field *fields)
{
    size_t n = 0;
    struct str line, name;
    while (n <= HTTP_HEADERS_MAX && (line = next_line(rest)).len > 0) {
        str_split(&line, ':', &name);
        fields[n++] = (struct http_field){name, line.ptr ? str_trim(line) : STR("")};
    }
    return n;
}

static void run_asset(struct http_exchange *x)
{
    struct str bytes;
    int status = assets_find(x, &page);
    assert(status == 0 || status == 200);
    if (status && x->response.asset)
        status = asset_prepare(x, &bytes);
    assert(status == 0 || status == 200 || status == 304);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct http_call call = {.routes = routes, .route_count = COUNT_OF(routes)};
    struct http_field fields[HTTP_HEADERS_MAX + 1];
    struct http_exchange x = {0};
    if (size == 0)
        return 0;
    struct str rest = str_n((const char *)data + 1, size - 1), line = next_line(&rest);
    ARENA(a, (size_t)1 << 20);
    const char *target = str_z(&a, line);
    size_t count = read_headers(&rest, fields);
    int status = http_exchange_run(&call, &x, (enum http_method)(data[0] % 5), target, fields,
                                   count, rest.ptr ? rest : STR(""));
    assert(status >= 200 && status <= 599);
    assert(utf8_valid(buf_view(&x.response.body)));
    if (status == 404)
        run_asset(&x);
    response_complete(&x, NULL);
    http_exchange_end(&x);
    return 0;
}
