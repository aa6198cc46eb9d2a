/*
 * frame_test.c - the frame around every handler, without a socket: who may, what is refused and
 * how, what a repeated request gets. What each operation answers is judged by tests/api.
 */
#include "../domain/tests.h"
#include "../domain/world.h"
#include "api/api.h"
#include "base/log.h"
#include "domain/seal.h"

#include <stdio.h>

static struct world world;
static enum store_engine engine;
static struct api_app app;
static char cookie[128];

#define CALL_HEADERS_MAX 8

/* One request and what became of it. */
struct call {
    struct http_exchange x;
    int status;
};

static struct http_field fields[CALL_HEADERS_MAX];
static size_t field_count;

static void header(const char *name, const char *value)
{
    assert_true(field_count < CALL_HEADERS_MAX);
    fields[field_count++] = (struct http_field){str_c(name), str_c(value)};
}

/* The headers that the page sends. */
static void as_page(void)
{
    field_count = 0;
    header("Content-Type", "application/json");
    header("Host", "localhost:8080");
    header("Cookie", cookie);
    header("X-Requested-With", "sendingo");
}

static int run(struct call *c, enum http_method method, const char *target, const char *body)
{
    const struct http_call how = {.routes = api_routes,
                                  .route_count = api_route_count,
                                  .hooks = &api_hooks,
                                  .app = &app,
                                  .upload_folder = world.folder};
    *c = (struct call){0};
    c->status = http_exchange_run(&how, &c->x, method, target, fields, field_count, str_c(body));
    return c->status;
}

static void end(struct call *c)
{
    http_exchange_end(&c->x);
}

static struct str answer_header(const struct call *c, const char *name)
{
    for (size_t i = 0; i < c->x.response.header_count; i++)
        if (str_eq_nocase(c->x.response.headers[i].name, str_c(name)))
            return c->x.response.headers[i].value;
    return (struct str){NULL, 0};
}

static bool says(const struct call *c, const char *text)
{
    return str_find(buf_view(&c->x.response.body), str_c(text), 0) >= 0;
}

/* Fails unless the request is answered with that status and text. */
static void expect(enum http_method method, const char *target, const char *body, int status,
                   const char *text)
{
    struct call c;
    run(&c, method, target, body);
    if (c.status != status || !says(&c, text))
        fail_msg("%s: %d %.*s", target, c.status, STR_ARG(buf_view(&c.x.response.body)));
    end(&c);
}

#define SIGN_UP                                                                                    \
    "{\"company_name\":\"가게\",\"name\":\"홍\",\"email\":\"a@example.com\","                   \
    "\"password\":\"long enough\"}"

static int setup(void **state)
{
    (void)state;
    char path[128];
    struct call c;
    world_begin(&world, engine);
    snprintf(path, sizeof path, "%s/secret.key", world.folder);
    assert_true(seal_key_load(path));
    app = (struct api_app){
        .store = world.store, .clock = &world.clock, .upload_folder = world.folder};
    cookie[0] = '\0';
    as_page();
    assert_int_equal(run(&c, HTTP_POST, "/api/v1/companies", SIGN_UP), 201);
    struct str set = answer_header(&c, "Set-Cookie");
    snprintf(cookie, sizeof cookie, "%.*s", (int)str_find(set, STR(";"), 0), set.ptr);
    end(&c);
    as_page();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static void role_set(enum role role)
{
    world_exec(&world, "UPDATE user_account SET role = $1", DB_ARGS(DB_N(role)));
}

static void every_route_asks_for_its_role(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_route_count; i++) {
        const struct http_route *r = &api_routes[i];
        struct call c;
        char target[128] = "";
        if (r->permission <= ROLE_NONE)
            continue;
        for (const char *p = r->path; *p; p++) { /* every {id} is 9 */
            size_t n = strlen(target);
            target[n] = *p == '{' ? '9' : *p;
            p = *p == '{' ? strchr(p, '}') : p;
        }
        const char *body = r->body == HTTP_BODY_JSON ? "{}" : "";
        as_page();
        role_set((enum role)(r->permission - 1));
        assert_int_equal(run(&c, r->method, target, body), 403);
        end(&c);
        field_count = 1; /* without the cookie */
        assert_int_equal(run(&c, r->method, target, body), 401);
        end(&c);
    }
}

static void other_sites_are_refused(void **state)
{
    (void)state;
    static const char *const origins[] = {"http://evil.example", "https://localhost:8080", "null",
                                          "http://localhost:8081"};
    const char *group = "{\"name\":\"단골\"}";
    for (size_t i = 0; i < COUNT_OF(origins); i++) {
        as_page();
        header("Origin", origins[i]);
        expect(HTTP_POST, "/api/v1/groups", group, 403, "\"csrf\"");
    }
    as_page();
    field_count--; /* no form of another site can send X-Requested-With */
    expect(HTTP_POST, "/api/v1/groups", group, 403, "\"csrf\"");
    expect(HTTP_GET, "/api/v1/groups", "", 200, "미지정");
    as_page();
    header("Origin", "http://localhost:8080");
    expect(HTTP_POST, "/api/v1/groups", group, 201, "단골");
}

static void https_has_a_bound_cookie(void **state)
{
    (void)state;
    struct call c;
    app.public_url = "https://send.example.kr";
    field_count = 1;
    header("Origin", "https://send.example.kr");
    assert_int_equal(run(&c, HTTP_POST, "/api/v1/sessions",
                         "{\"email\":\"a@example.com\",\"password\":\"long enough\"}"),
                     201);
    struct str set = answer_header(&c, "Set-Cookie");
    assert_true(str_starts(set, STR("__Host-sendingo_session=")));
    assert_true(str_ends(set, STR("; Secure")));
    end(&c);
    as_page(); /* the cookie of http is no cookie here */
    expect(HTTP_GET, "/api/v1/groups", "", 401, "login_required");
}

static void wrong_fields_are_all_named(void **state)
{
    (void)state;
    struct call c;
    header("Accept-Language", "en");
    assert_int_equal(run(&c, HTTP_POST, "/api/v1/contacts",
                         "{\"name\":7,\"email\":null,\"attributes\":[],\"surplus\":1}"),
                     422);
    assert_true(
        says(&c, "{\"field\":\"name\",\"code\":\"type\",\"detail\":\"This must be a string.\"}"));
    assert_true(says(&c, "{\"field\":\"phone\",\"code\":\"required\""));
    assert_true(says(&c, "{\"field\":\"attributes\",\"code\":\"type\""));
    assert_true(says(&c, "{\"field\":\"surplus\",\"code\":\"unknown\""));
    assert_false(says(&c, "email"));
    end(&c);
    expect(HTTP_POST, "/api/v1/contacts", "[1]", 422, "must be a JSON object");
    expect(HTTP_GET, "/api/v1/contacts?limit=501", "", 400, "'limit'");
    expect(HTTP_GET, "/api/v1/contacts?cursor=nonsense", "", 400, "'cursor'");
}

static void a_key_is_done_once(void **state)
{
    (void)state;
    struct call c;
    header("Idempotency-Key", "k1");
    expect(HTTP_POST, "/api/v1/groups", "{\"name\":\"단골\"}", 201, "\"name\":\"단골\"");
    assert_int_equal(run(&c, HTTP_POST, "/api/v1/groups", "{\"name\":\"단골\"}"), 201);
    assert_true(str_eq(answer_header(&c, "Idempotency-Replayed"), STR("true")));
    assert_true(says(&c, "\"name\":\"단골\""));
    end(&c);
    expect(HTTP_POST, "/api/v1/groups", "{\"name\":\"다른\"}", 422, "idempotency_mismatch");
    world_exec(&world, "UPDATE idempotency SET status = 0", DB_NO_ARGS);
    expect(HTTP_POST, "/api/v1/groups", "{\"name\":\"단골\"}", 409, "idempotency_running");
    world.now += 11 * MINUTE_MS; /* whoever ran it is dead */
    expect(HTTP_POST, "/api/v1/groups", "{\"name\":\"단골\"}", 201, "단골(1)");
    world.now += DAY_MS + 1;
    expect(HTTP_POST, "/api/v1/groups", "{\"name\":\"단골\"}", 201, "단골(2)");
    /* Answers of nobody's requests hold no session. */
    as_page();
    header("Idempotency-Key", "k1");
    assert_int_equal(run(&c, HTTP_POST, "/api/v1/companies", SIGN_UP), 409);
    assert_null(answer_header(&c, "Set-Cookie").ptr);
    end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(every_route_asks_for_its_role),
        EACH(other_sites_are_refused),
        EACH(https_has_a_bound_cookie),
        EACH(wrong_fields_are_all_named),
        EACH(a_key_is_done_once),
    };
    log_level_set(LOG_ERROR);
    int failed = cmocka_run_group_tests_name("frame on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("frame on PostgreSQL", tests, NULL, NULL);
    return failed;
}
