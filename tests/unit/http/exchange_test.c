/*
 * exchange_test.c - the http room without a socket: routing, reading requests, refusals, hooks,
 * bodies, the choice of an asset's form.
 */
#include "base/log.h"
#include "http/assets.h"
#include "http/exchange.h"
#include "http/form.h"
#include "http/server.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_text(struct str have, const char *want)
{
    assert_non_null(have.ptr);
    if (!str_eq(have, str_c(want)))
        fail_msg("have \"%.*s\", want \"%s\"", STR_ARG(have), want);
}

/* ---- an application of a few routes ---- */

struct app {
    int entered, left, admitted, refuse_with;
    char kept[256]; /* where the keeping handler moved its file */
};

static int show(struct http_exchange *x)
{
    struct json j = http_json(x);
    json_begin_object(&j);
    json_put_str(&j, "path", x->request.path);
    json_put_str_or_null(&j, "q", http_query(x, "q"));
    json_end_object(&j);
    return 200;
}

static int number(struct http_exchange *x)
{
    buf_i64(&x->response.body, http_param_i64(x, 0) + http_param_i64(x, 1));
    return 200;
}

static int token(struct http_exchange *x)
{
    return http_redirect(
        x, str_printf(&x->arena, "https://example.com/%.*s", STR_ARG(x->request.params[0])));
}

static int take(struct http_exchange *x)
{
    buf_str(&x->response.body, json_get_str(x->request.json, "이름"));
    return 201;
}

static int form(struct http_exchange *x)
{
    struct str rest = x->request.body;
    struct http_field f;
    while (http_form_next(&x->arena, &rest, &f))
        buf_printf(&x->response.body, "[%.*s=%.*s]", STR_ARG(f.name), STR_ARG(f.value));
    return 200;
}

static int keep(struct http_exchange *x)
{
    struct app *app = x->app;
    struct stat about;
    assert_int_equal(stat(x->request.file_path.ptr, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(about.st_size, x->request.file_size);
    snprintf(app->kept, sizeof app->kept, "%s.kept", x->request.file_path.ptr);
    assert_int_equal(rename(x->request.file_path.ptr, app->kept), 0);
    return 201;
}

static int leave_file(struct http_exchange *x)
{
    struct app *app = x->app;
    snprintf(app->kept, sizeof app->kept, "%s", x->request.file_path.ptr);
    return 200;
}

static int too_much(struct http_exchange *x)
{
    x->response.body.failed = true;
    return 200;
}

static const struct http_route routes[] = {
    {.path = "/api/things", .handler = show, .operation = "things"},
    {.path = "/api/things/{id}/parts/{part}", .handler = number},
    {.path = "/r/{token*}", .handler = token},
    {HTTP_POST, "/api/things", 0, take, "make", HTTP_BODY_JSON, 64, false},
    {HTTP_POST, "/form", 0, form, NULL, HTTP_BODY_FORM, 256, false},
    {HTTP_POST, "/keep", 0, keep, NULL, HTTP_BODY_FILE, 1024, false},
    {HTTP_PUT, "/keep", 0, leave_file, NULL, HTTP_BODY_FILE, 1024, false},
    {HTTP_DELETE, "/api/things/{id}", 0, show, NULL, HTTP_BODY_NONE, 0, false},
    {.path = "/too-much", .handler = too_much},
};

static int enter(struct http_exchange *x)
{
    struct app *app = x->app;
    app->entered++;
    return app->refuse_with ? http_problem(x, app->refuse_with, "forbidden", STR("아니오"),
                                           STR("왜냐하면"), "errors", STR("[{\"field\":\"a\"}]"))
                            : 0;
}

static void leave(struct http_exchange *x)
{
    ((struct app *)x->app)->left++;
}

static int admit(struct http_exchange *x)
{
    struct app *app = x->app;
    app->admitted++;
    return app->refuse_with ? http_problem(x, app->refuse_with, "forbidden", STR("아니오"), STR(""),
                                           NULL, STR(""))
                            : 0;
}

static const struct http_hooks hooks = {.enter = enter, .leave = leave, .admit = admit};

static int run(struct http_exchange *x, struct app *app, enum http_method method,
               const char *target, const char *type, struct str body)
{
    const struct http_call call = {routes, COUNT_OF(routes), &hooks, app, NULL};
    struct http_field header = {STR("content-type"), str_c(type)};
    *x = (struct http_exchange){0};
    return http_exchange_run(&call, x, method, target, &header, type ? 1 : 0, body);
}

/* Runs one request and checks its status and a piece of its answer. */
static void expect(enum http_method method, const char *target, const char *type, const char *body,
                   int status, const char *piece)
{
    struct app app = {0};
    struct http_exchange x;
    int got = run(&x, &app, method, target, type, str_c(body));
    struct str answer = buf_view(&x.response.body);
    if (got != status || str_find(answer, str_c(piece), 0) < 0)
        fail_msg("%s: %d %.*s, want %d %s", target, got, STR_ARG(answer), status, piece);
    assert_int_equal(app.entered, app.left);
    http_exchange_end(&x);
}

/* ---- tests ---- */

static void routes_are_found(void **state UNUSED)
{
    expect(HTTP_GET, "/api/things?q=%EA%B9%80+a%2Bb", NULL, "", 200, "\"q\":\"김 a+b\"");
    expect(HTTP_GET, "http://localhost:1/api/things?q=1&q=2", NULL, "", 200, "\"q\":\"1\"");
    expect(HTTP_GET, "/api/things/40/parts/2", NULL, "", 200, "42");
    expect(HTTP_GET, "/api/thi%6egs?q", NULL, "", 200, "\"q\":\"\"");
    static const char *const unknown[] = {
        "/",
        "/api",
        "/api/things/",
        "/api/things/x/parts/2",
        "/api/things/-1/parts/2",
        "/api/things//parts/2",
        "/api/things/99999999999999999999/parts/2",
        "/r/",
        "/r/a/b",
        "//api/things",
    };
    for (size_t i = 0; i < COUNT_OF(unknown); i++)
        expect(HTTP_GET, unknown[i], NULL, "", 404, "\"code\":\"not_found\"");
}

static void wrong_method_names_the_right_ones(void **state UNUSED)
{
    struct app app = {0};
    struct http_exchange x;
    assert_int_equal(run(&x, &app, HTTP_PATCH, "/api/things", NULL, STR("")), 405);
    assert_text(response_header(&x, "allow"), "POST, HEAD, GET, OPTIONS");
    assert_int_equal(app.entered, 0);
    http_exchange_end(&x);
}

static void damaged_targets_are_refused(void **state UNUSED)
{
    static const char *const damaged[] = {
        "",
        "api/things",
        "*",
        "/api/%00",
        "/api/%ff",
        "/api/things?q=%00",
        "/api/things?%C0%80=1",
        "/api/things?q=\xed\xa0\x80",
    };
    for (size_t i = 0; i < COUNT_OF(damaged); i++)
        expect(HTTP_GET, damaged[i], NULL, "", 400, "\"code\":\"bad_request\"");
    BUF(many, 4096);
    buf_lit(&many, "/api/things?");
    for (int i = 0; i <= HTTP_QUERY_MAX; i++)
        buf_lit(&many, "a=1&");
    buf_char(&many, '\0');
    expect(HTTP_GET, many.ptr, NULL, "", 400, "bad_request");
}

static void json_is_strict(void **state UNUSED)
{
    static const char json[] = "application/json";
    expect(HTTP_POST, "/api/things", json, "{\"이름\":\"김\"}", 201, "김");
    expect(HTTP_POST, "/api/things", "Application/JSON ; charset=utf-8", "{\"이름\":\"김\"}", 201,
           "김");
    expect(HTTP_POST, "/api/things", "text/plain", "{}", 415, "unsupported_media_type");
    expect(HTTP_POST, "/api/things", NULL, "{}", 415, "unsupported_media_type");
    expect(HTTP_POST, "/api/things", json, "", 400, "bad_json");
    expect(HTTP_POST, "/api/things", json, "{\n \"a\":1,}", 400, "line 2, column");
    expect(HTTP_POST, "/api/things", json, "{\"a\":1,\"a\":2}", 400, "bad_json");
    expect(HTTP_POST, "/api/things", json, "{\"a\":\"\xff\"}", 400, "not UTF-8");
    expect(HTTP_POST, "/api/things", json, "{\"a\":\"\\u0000\"}", 400, "bad_json");
    expect(HTTP_POST, "/api/things", json,
           "{\"a\":\"0123456789012345678901234567890123456789012345678901234567\"}", 413,
           "too_large");
    expect(HTTP_DELETE, "/api/things/1", json, "{}", 400, "bad_request");
}

static void forms_are_decoded(void **state UNUSED)
{
    expect(HTTP_POST, "/form", NULL, "a=1&b=%EA%B9%80+x&&c&=d&e=%zz%4", 200,
           "[a=1][b=김 x][c=][=d][e=%zz%4]");
}

static void refusals_speak_the_clients_language(void **state UNUSED)
{
    static const struct {
        const char *accept;
        bool english;
    } cases[] = {
        {"ko", false},
        {"en", true},
        {"en-US,en;q=0.9,ko;q=0.8", true},
        {"ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", false},
        {"fr, en;q=0.5, ko;q=0.9", false},
        {"ko;q=0,en;q=0.1", true},
        {"en;q=0", false},
        {"ja", false},
        {"", false},
        {";;,,q=,en;q=", true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_exchange x = {0};
        exchange_begin(&x, NULL);
        exchange_header_add(&x, STR("Accept-Language"), str_c(cases[i].accept));
        if (http_wants_english(&x) != cases[i].english)
            fail_msg("%s", cases[i].accept);
        response_refuse(&x, REFUSAL_UNKNOWN, STR(""));
        assert_true(str_find(buf_view(&x.response.body),
                             cases[i].english ? STR("Not found") : STR("찾을 수"), 0) > 0);
        http_exchange_end(&x);
    }
}

static void cookies_are_found(void **state UNUSED)
{
    struct http_exchange x = {0};
    exchange_begin(&x, NULL);
    exchange_header_add(&x, STR("Cookie"), STR("a=1; sendingo=x=y ;b"));
    exchange_header_add(&x, STR("cookie"), STR("late=2"));
    assert_text(http_cookie(&x, "a"), "1");
    assert_text(http_cookie(&x, "sendingo"), "x=y");
    assert_text(http_cookie(&x, "late"), "2");
    assert_null(http_cookie(&x, "b").ptr);
    assert_null(http_cookie(&x, "sendin").ptr);
    assert_null(http_header(&x, "Accept").ptr);
    http_exchange_end(&x);
}

static void too_many_headers_are_refused(void **state UNUSED)
{
    struct http_field many[HTTP_HEADERS_MAX + 1];
    const struct http_call call = {routes, COUNT_OF(routes), NULL, NULL, NULL};
    struct http_exchange x = {0};
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = (struct http_field){STR("x"), STR("y")};
    assert_int_equal(
        http_exchange_run(&call, &x, HTTP_GET, "/api/things", many, COUNT_OF(many), STR("")), 431);
    http_exchange_end(&x);
}

static void hooks_surround_the_handler(void **state UNUSED)
{
    struct app app = {.refuse_with = 403};
    struct http_exchange x;
    assert_int_equal(run(&x, &app, HTTP_GET, "/api/things", NULL, STR("")), 403);
    assert_int_equal(app.entered, 1);
    assert_int_equal(app.left, 1);
    assert_text(buf_view(&x.response.body),
                "{\"type\":\"urn:sendingo:problem:forbidden\",\"title\":\"아니오\",\"status\":403,"
                "\"code\":\"forbidden\",\"detail\":\"왜냐하면\",\"errors\":[{\"field\":\"a\"}]}");
    http_exchange_end(&x);
}

static void an_answer_that_does_not_fit_is_an_error(void **state UNUSED)
{
    log_level_set(LOG_ERROR);
    expect(HTTP_GET, "/too-much", NULL, "", 500, "internal");
}

static void redirects_are_private(void **state UNUSED)
{
    struct app app = {0};
    struct http_exchange x;
    assert_int_equal(run(&x, &app, HTTP_GET, "/r/aZ09", NULL, STR("")), 302);
    response_complete(&x, NULL);
    assert_text(response_header(&x, "Location"), "https://example.com/aZ09");
    assert_text(response_header(&x, "Referrer-Policy"), "no-referrer");
    assert_text(response_header(&x, "Cache-Control"), "no-store");
    assert_text(response_header(&x, "X-Content-Type-Options"), "nosniff");
    http_exchange_end(&x);
}

static void a_moved_file_stays_and_others_go(void **state UNUSED)
{
    struct app app = {0};
    struct http_exchange x;
    assert_int_equal(run(&x, &app, HTTP_POST, "/keep", NULL, STR("content")), 201);
    http_exchange_end(&x);
    assert_int_equal(unlink(app.kept), 0);
    assert_int_equal(app.admitted, 1);

    assert_int_equal(run(&x, &app, HTTP_PUT, "/keep", NULL, STR("content")), 200);
    assert_int_equal(access(app.kept, F_OK), 0);
    http_exchange_end(&x);
    assert_int_equal(access(app.kept, F_OK), -1);
}

static void a_refused_file_is_never_made(void **state UNUSED)
{
    struct app app = {.refuse_with = 401};
    struct http_exchange x;
    assert_int_equal(run(&x, &app, HTTP_POST, "/keep", NULL, STR("content")), 401);
    assert_null(x.request.file_path.ptr);
    assert_int_equal(app.entered, 0);
    http_exchange_end(&x);
}

static void leftovers_are_swept(void **state UNUSED)
{
    static const struct {
        const char *name;
        int age_s;
        bool stays;
    } files[] = {{"upload-1", 7200, false}, {"upload-2", 60, true}, {"import-1", 7200, true}};
    char folder[] = "/tmp/http-sweep-XXXXXX", name[64];
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        snprintf(name, sizeof name, "%s/%s", folder, files[i].name);
        FILE *f = fopen(name, "w");
        assert_non_null(f);
        fclose(f);
        struct timespec then = {.tv_sec = time(NULL) - files[i].age_s};
        assert_int_equal(utimensat(AT_FDCWD, name, (struct timespec[]){then, then}, 0), 0);
    }
    body_sweep(folder);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        snprintf(name, sizeof name, "%s/%s", folder, files[i].name);
        assert_int_equal(unlink(name) == 0, files[i].stays);
    }
    rmdir(folder);
    body_sweep(folder); /* no folder, no trouble */
}

/* ---- assets ---- */

static const unsigned char raw[] = "raw raw raw", gz[] = "gz", br[] = "b";
static const struct http_asset assets[] = {
    {"/index.html", "text/html; charset=utf-8", "\"i\"", false, raw, raw + 11, NULL, NULL, NULL,
     NULL},
    {"/assets/a-12345678.js", NULL, "\"a\"", true, raw, raw + 11, gz, gz + 2, br, br + 1},
};

static const struct http_config page = {.routes = routes,
                                        .route_count = COUNT_OF(routes),
                                        .assets = assets,
                                        .asset_count = COUNT_OF(assets),
                                        .fallback_asset = "/index.html"};

static int get_asset(struct http_exchange *x, const char *path, const char *header,
                     const char *value, struct str *content)
{
    *x = (struct http_exchange){0};
    exchange_begin(x, NULL);
    exchange_header_add(x, str_c(header), str_c(value));
    assert_int_equal(exchange_target(x, str_c(path)), 0);
    int status = assets_find(x, &page);
    return status == 200 ? asset_prepare(x, content) : status;
}

static void an_asset_comes_in_the_best_form(void **state UNUSED)
{
    static const struct {
        const char *header, *value;
        int status;
        const char *content, *etag, *encoding;
    } cases[] = {
        {"Accept-Encoding", "gzip, deflate, br", 200, "b", "\"a-br\"", "br"},
        {"Accept-Encoding", "gzip;q=0.5, br;q=0", 200, "gz", "\"a-gzip\"", "gzip"},
        {"Accept-Encoding", "identity", 200, "raw raw raw", "\"a\"", NULL},
        {"Accept-Encoding", "gzipped", 200, "raw raw raw", "\"a\"", NULL},
        {"If-None-Match", "\"x\", W/\"a\"", 304, "", "\"a\"", NULL},
        {"If-None-Match", "\"a-br\"", 200, "raw raw raw", "\"a\"", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_exchange x;
        struct str content;
        assert_int_equal(get_asset(&x, assets[1].path, cases[i].header, cases[i].value, &content),
                         cases[i].status);
        assert_text(content, cases[i].content);
        assert_text(response_header(&x, "ETag"), cases[i].etag);
        if (cases[i].encoding)
            assert_text(response_header(&x, "Content-Encoding"), cases[i].encoding);
        else
            assert_null(response_header(&x, "Content-Encoding").ptr);
        assert_text(response_header(&x, "Cache-Control"), "public, max-age=31536000, immutable");
        assert_string_equal(x.response.content_type, "text/javascript; charset=utf-8");
        http_exchange_end(&x);
    }
}

static void the_page_answers_for_unknown_paths(void **state UNUSED)
{
    static const struct {
        const char *path, *accept;
        int status;
    } cases[] = {
        {"/", "*/*", 200},
        {"/campaigns/5", "text/html,application/xhtml+xml;q=0.9", 200},
        {"/campaigns/5", "application/json", 0},
        {"/api/nothing", "text/html", 0},
        {"/r/nothing/there", "text/html", 0},
        {"/assets/gone.js", "*/*", 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_exchange x;
        struct str content;
        assert_int_equal(get_asset(&x, cases[i].path, "Accept", cases[i].accept, &content),
                         cases[i].status);
        if (cases[i].status)
            assert_text(response_header(&x, "Cache-Control"), "no-cache");
        http_exchange_end(&x);
    }
}

static void the_development_folder_hides_what_is_outside(void **state UNUSED)
{
    char folder[] = "/tmp/http-assets-XXXXXX", name[64];
    assert_non_null(mkdtemp(folder));
    snprintf(name, sizeof name, "%s/a.css", folder);
    FILE *f = fopen(name, "w");
    assert_non_null(f);
    fputs("body{}", f);
    fclose(f);
    const struct http_config development = {.asset_folder = folder};
    static const struct {
        const char *path;
        int status;
    } cases[] = {{"/a.css", 200}, {"/b.css", 0}, {"/../etc/passwd", 0}, {"/%2e%2e/x", 0}, {"/", 0}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_exchange x = {0};
        exchange_begin(&x, NULL);
        assert_int_equal(exchange_target(&x, str_c(cases[i].path)), 0);
        assert_int_equal(assets_find(&x, &development), cases[i].status);
        if (cases[i].status) {
            assert_text(buf_view(&x.response.body), "body{}");
            assert_string_equal(x.response.content_type, "text/css; charset=utf-8");
        }
        http_exchange_end(&x);
    }
    unlink(name);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes_are_found),
        cmocka_unit_test(wrong_method_names_the_right_ones),
        cmocka_unit_test(damaged_targets_are_refused),
        cmocka_unit_test(json_is_strict),
        cmocka_unit_test(forms_are_decoded),
        cmocka_unit_test(refusals_speak_the_clients_language),
        cmocka_unit_test(cookies_are_found),
        cmocka_unit_test(too_many_headers_are_refused),
        cmocka_unit_test(hooks_surround_the_handler),
        cmocka_unit_test(an_answer_that_does_not_fit_is_an_error),
        cmocka_unit_test(redirects_are_private),
        cmocka_unit_test(a_moved_file_stays_and_others_go),
        cmocka_unit_test(a_refused_file_is_never_made),
        cmocka_unit_test(leftovers_are_swept),
        cmocka_unit_test(an_asset_comes_in_the_best_form),
        cmocka_unit_test(the_page_answers_for_unknown_paths),
        cmocka_unit_test(the_development_folder_hides_what_is_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
