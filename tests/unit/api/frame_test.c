/*
 * frame_test.c - the frame around every handler, without a socket: who may, what is refused and
 * how, what a repeated request gets. What each operation answers is judged by tests/api.
 */
#include "../domain/tests.h"
#include "../domain/world.h"
#include "api/api.h"
#include "api/file.h"
#include "base/log.h"
#include "domain/seal.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

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

/* ---- answers that are files ---- */

static int entries(const char *folder)
{
    int n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (const struct dirent *e; (e = readdir(dir));)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

static void quota_set(rlim_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_file_that_cannot_be_written_is_a_problem(void **state)
{
    (void)state;
    static const char *const targets[] = {"/api/v1/contacts/export",
                                          "/api/v1/contacts/export?format=csv&lang=en"};
    int files = entries(world.folder), descriptors = entries("/proc/self/fd");
    const char *folder = app.upload_folder;
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        quota_set(16);
        struct call c;
        run(&c, HTTP_GET, targets[i], "");
        quota_set(RLIM_INFINITY);
        assert_int_equal(c.status, 507);
        assert_true(says(&c, "storage_full"));
        assert_false(c.x.response.file.given);
        assert_null(answer_header(&c, "Content-Disposition").ptr);
        end(&c);
        app.upload_folder = "/nowhere";
        expect(HTTP_GET, targets[i], "", 507, "storage_full");
        app.upload_folder = folder;
        assert_int_equal(run(&c, HTTP_GET, targets[i], ""), 200);
        assert_true(c.x.response.file.given && c.x.response.file.size > 20);
        assert_int_equal(c.x.response.body.len, 0);
        end(&c);
    }
    assert_int_equal(entries(world.folder), files);
    assert_int_equal(entries("/proc/self/fd"), descriptors);
}

/* What one handler makes of more files than may be made at once. */
static int greedy(struct http_exchange *x)
{
    struct api_file list[API_FILES_MAX + 1];
    for (int i = 0; i < API_FILES_MAX; i++)
        assert_int_equal(api_file_begin(x, &list[i], SHEET_OUT_CSV), 0);
    assert_int_equal(api_file_begin(x, &list[API_FILES_MAX], SHEET_OUT_CSV), 503);
    for (int i = 1; i < API_FILES_MAX; i++)
        assert_int_equal(api_file_end(x, &list[i], PROBLEM_NOT_FOUND, "x", STR("x")), 404);
    static const struct sheet_out_column one = {STR_INIT("값"), SHEET_OUT_TEXT, 0};
    const struct sheet_out_head head = {STR_INIT("값"), &one, 1};
    api_file_sheet(&list[0], &head);
    return api_file_end(x, &list[0], PROBLEM_NONE, "list", STR("명단"));
}

static void files_are_made_few_at_a_time(void **state)
{
    (void)state;
    const struct http_route routes[] = {
        {.path = "/greedy", .handler = greedy, .permission = ROLE_VIEWER}};
    const struct http_call how = {routes, 1, &api_hooks, &app, NULL};
    int descriptors = entries("/proc/self/fd");
    world.now = INT64_C(1763964183000);
    for (int i = 0; i < 2; i++) { /* all places are free again the second time */
        struct call c = {0};
        c.status = http_exchange_run(&how, &c.x, HTTP_GET, "/greedy", fields, field_count, STR(""));
        assert_int_equal(c.status, 200);
        assert_true(str_eq(answer_header(&c, "Content-Disposition"),
                           STR("attachment; filename=\"list-20251124.csv\"; "
                               "filename*=UTF-8''%EB%AA%85%EB%8B%A8_20251124.csv")));
        end(&c);
    }
    assert_int_equal(entries("/proc/self/fd"), descriptors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(every_route_asks_for_its_role),
        EACH(other_sites_are_refused),
        EACH(https_has_a_bound_cookie),
        EACH(wrong_fields_are_all_named),
        EACH(a_key_is_done_once),
        EACH(a_file_that_cannot_be_written_is_a_problem),
        EACH(files_are_made_few_at_a_time),
    };
    log_level_set(LOG_ERROR);
    int failed = cmocka_run_group_tests_name("frame on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("frame on PostgreSQL", tests, NULL, NULL);
    return failed;
}
