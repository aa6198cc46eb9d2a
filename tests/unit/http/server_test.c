/*
 * server_test.c - real servers on free ports, and clients that are slow, rude, gone or many.
 *
 * Each test starts its own server with limits short enough to be waited for. Answers are checked
 * byte by byte where the promise is about bytes.
 */
#include "base/log.h"
#include "client.h"
#include "http/assets.h"
#include "http/server.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define BIG ((size_t)100 << 20)

static char folder[] = "/tmp/http-server-XXXXXX";

/* ---- the application ---- */

static atomic_int handled, closed;

static int echo(struct http_exchange *x)
{
    struct json j = http_json(x);
    atomic_fetch_add(&handled, 1);
    json_begin_object(&j);
    json_put_str_or_null(&j, "q", http_query(x, "q"));
    json_put_str(&j, "peer", x->request.peer);
    json_put_str_or_null(&j, "cookie", http_cookie(x, "c"));
    json_end_object(&j);
    return 200;
}

static int twice(struct http_exchange *x)
{
    buf_str(&x->response.body, x->request.body);
    buf_str(&x->response.body, x->request.body);
    return 201;
}

/* Every field of a multipart body as "name=value;". */
static void write_piece(void *ctx, struct str name, struct str piece, bool first)
{
    struct buf *out = ctx;
    if (first)
        buf_printf(out, "%s%.*s=", out->len ? ";" : "", STR_ARG(name));
    buf_str(out, piece);
}

static int fields(struct http_exchange *x)
{
    if (http_multipart_read(x, write_piece, &x->response.body))
        return 201;
    buf_clear(&x->response.body);
    return http_problem(x, 400, "bad_request", STR("형식"), STR(""), NULL, STR(""));
}

static int upload(struct http_exchange *x)
{
    struct stat about;
    assert_int_equal(stat(x->request.file_path.ptr, &about), 0);
    buf_i64(&x->response.body, about.st_size);
    return 201;
}

static int slow(struct http_exchange *x)
{
    atomic_fetch_add(&handled, 1);
    usleep(600000);
    buf_lit(&x->response.body, "\"late\"");
    return 200;
}

static int large(struct http_exchange *x)
{
    for (int i = 0; i < 8 << 10; i++)
        buf_printf(&x->response.body, "%01023d\n", i);
    return 200;
}

#define FILE_BYTES ((size_t)3 << 20)

/* A file without a name whose bytes tell their own place. */
static int download(struct http_exchange *x)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    uint32_t *places = malloc(FILE_BYTES);
    assert_true(fd >= 0 && places);
    for (uint32_t i = 0; i < FILE_BYTES / sizeof i; i++)
        places[i] = i;
    assert_int_equal(pwrite(fd, places, FILE_BYTES, 0), FILE_BYTES);
    free(places);
    x->response.content_type = "application/x-test";
    http_attachment(x, "list.bin", STR("고객 명단/\"1\"\r\n.bin"));
    http_file(x, fd, (int64_t)FILE_BYTES - 2); /* not all of it */
    if (!http_query(x, "bad").ptr)
        return 200;
    return http_problem(x, 409, "changed", STR("그사이 바뀌었습니다"), STR(""), NULL, STR(""));
}

static int fault(struct http_exchange *x)
{
    static const struct {
        struct str name;
        enum http_fault fault;
    } faults[] = {{STR_INIT("cut"), HTTP_FAULT_CUT},
                  {STR_INIT("half"), HTTP_FAULT_HALF},
                  {STR_INIT("hang"), HTTP_FAULT_HANG}};
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        if (str_eq(x->request.params[0], faults[i].name))
            x->response.fault = faults[i].fault;
    if (str_eq(x->request.params[0], STR("delay")))
        x->response.delay_ms = 400;
    atomic_fetch_add(&handled, 1);
    buf_lit(&x->response.body, "0123456789");
    return 200;
}

static bool count_next(void *ctx, struct buf *out)
{
    int *n = ctx;
    buf_printf(out, "id: %d\nevent: tick\ndata: %d\n\n", *n, *n);
    return ++*n < 4;
}

static bool silent_next(void *ctx UNUSED, struct buf *out UNUSED)
{
    return true;
}

/* More than a socket holds, so that the reader's pace decides. */
static bool flood_next(void *ctx, struct buf *out)
{
    int *n = ctx;
    for (int i = 0; i < 1000; i++)
        buf_printf(out, "data: %0990d\n\n", *n * 1000 + i);
    return ++*n < 8;
}

static void counter_close(void *ctx)
{
    atomic_fetch_add(&closed, 1);
    free(ctx);
}

static int events(struct http_exchange *x)
{
    int *n = calloc(1, sizeof *n);
    bool (*next)(void *, struct buf *) = count_next;
    assert_non_null(n);
    if (str_eq(x->request.params[0], STR("silent")))
        next = silent_next;
    if (str_eq(x->request.params[0], STR("flood")))
        next = flood_next;
    if (str_eq(http_header(x, "Last-Event-ID"), STR("2")))
        *n = 3;
    x->response.stream = (struct http_stream){next, counter_close, n};
    return 200;
}

static int refuse(struct http_exchange *x)
{
    return http_header(x, "X-Allowed").ptr
               ? 0
               : http_problem(x, 401, "login_required", STR("로그인"), STR(""), NULL, STR(""));
}

static const struct http_route routes[] = {
    {.path = "/echo", .handler = echo},
    {.path = "/quick", .handler = echo, .quick = true},
    {.path = "/slow", .handler = slow},
    {.path = "/large", .handler = large},
    {.path = "/download", .handler = download},
    {.path = "/fault/{name*}", .handler = fault},
    {.path = "/events/{kind*}", .handler = events},
    {HTTP_POST, "/twice", 0, twice, NULL, HTTP_BODY_JSON, 1000, false},
    {HTTP_POST, "/form", 0, twice, NULL, HTTP_BODY_FORM, (size_t)1 << 20, false},
    {HTTP_POST, "/fields", 0, fields, NULL, HTTP_BODY_FORM, (size_t)1 << 20, false},
    {HTTP_POST, "/upload", 0, upload, NULL, HTTP_BODY_FILE, BIG, false},
};

static const unsigned char page[] = "<!doctype html>";
static const struct http_asset assets[] = {
    {.path = "/index.html", .etag = "\"p\"", .raw = page, .raw_end = page + 15},
};

static struct http_server *start(struct http_config config)
{
    config.name = "test";
    config.address = "127.0.0.1";
    config.routes = routes;
    config.route_count = COUNT_OF(routes);
    config.assets = assets;
    config.asset_count = COUNT_OF(assets);
    config.fallback_asset = "/index.html";
    config.upload_folder = folder;
    atomic_store(&handled, 0);
    atomic_store(&closed, 0);
    struct http_server *s = http_server_start(&config);
    assert_non_null(s);
    return s;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: t\r\n\r\n"
#define POST(path, type, length)                                                                   \
    "POST " path " HTTP/1.1\r\nHost: t\r\nContent-Type: " type "\r\nContent-Length: " length       \
    "\r\n\r\n"

static void expect(uint16_t port, const char *request, int status, const char *piece)
{
    struct answer a = fetch(port, request);
    buf_char(&a.body, '\0');
    if (a.status != status || (!strstr(a.body.ptr, piece) && !answer_has(&a, piece)))
        fail_msg("%s -> %s%s, want %d %s", request, a.head, a.body.ptr, status, piece);
    answer_free(&a);
}

static int files_left(void)
{
    char command[128];
    snprintf(command, sizeof command, "ls %s | wc -l", folder);
    FILE *p = popen(command, "r");
    int n = -1;
    assert_non_null(p);
    assert_int_equal(fscanf(p, "%d", &n), 1);
    pclose(p);
    return n;
}

/* ---- ordinary requests ---- */

static void a_connection_is_kept(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    struct client c = client_open(http_server_port(s));
    static const char *const requests[] = {
        GET("/echo?q=1"),  GET("/none"),
        GET("/quick?q=2"), POST("/twice", "application/json", "4") "[12]",
        GET("/"),          "HEAD /echo HTTP/1.1\r\nHost: t\r\n\r\n",
        GET("/"),
    };
    static const int statuses[] = {200, 404, 200, 201, 200, 200, 200};
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        client_send(&c, requests[i]);
        struct answer a = client_read(&c, i == 5);
        assert_int_equal(a.status, statuses[i]);
        assert_true(answer_has(&a, "X-Content-Type-Options: nosniff"));
        assert_true(answer_has(&a, "frame-ancestors 'none'"));
        answer_free(&a);
    }
    client_close(&c);
    http_server_stop(&s);
    assert_null(s);
}

static void pipelined_requests_are_answered_in_order(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    struct client c = client_open(http_server_port(s));
    client_send(&c, GET("/echo?q=a") GET("/slow") GET("/quick?q=b") GET("/echo?q=c"));
    static const char *const pieces[] = {"\"q\":\"a\"", "late", "\"q\":\"b\"", "\"q\":\"c\""};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct answer a = client_read(&c, false);
        assert_int_equal(a.status, 200);
        assert_true(str_find(buf_view(&a.body), str_c(pieces[i]), 0) >= 0);
        answer_free(&a);
    }
    client_close(&c);
    http_server_stop(&s);
}

static void refusals_are_problems(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    uint16_t port = http_server_port(s);
    expect(port, GET("/none"), 404, "찾을 수 없습니다");
    expect(port, "GET /none HTTP/1.1\r\nHost: t\r\nAccept-Language: en\r\n\r\n", 404, "Not found");
    expect(port, GET("/none"), 404, "application/problem+json");
    expect(port, "DELETE /echo HTTP/1.1\r\nHost: t\r\n\r\n", 405, "Allow: HEAD, GET, OPTIONS");
    expect(port, "BREW /echo HTTP/1.1\r\nHost: t\r\n\r\n", 405, "method_not_allowed");
    expect(port, "OPTIONS /twice HTTP/1.1\r\nHost: t\r\n\r\n", 204, "Allow: POST, OPTIONS");
    expect(port, GET("/%00"), 400, "bad_request");
    expect(port, GET("/echo?q=%ff"), 400, "bad_request");
    expect(port, POST("/twice", "text/plain", "2") "{}", 415, "unsupported_media_type");
    expect(port, POST("/twice", "application/json", "2") "{]", 400, "line 1, column");
    expect(port, POST("/twice", "application/json", "1001"), 413, "too_large");
    expect(port, POST("/twice", "application/json", "99999999"), 413, "too_large");
    expect(port, "GET /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\nx", 400, "bad_request");
    expect(port, "GET /events/none HTTP/1.1\r\nHost: t\r\nAccept: text/html\r\n\r\n", 200,
           "text/event-stream");
    expect(port, "GET /elsewhere HTTP/1.1\r\nHost: t\r\nAccept: text/html\r\n\r\n", 200,
           "<!doctype");
    http_server_stop(&s);
}

static void multipart_fields_are_read(void **state UNUSED)
{
#define PART(name) "--frontier\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
    static const struct {
        const char *type, *body, *want;
        int status;
    } rows[] = {
        {"multipart/form-data; boundary=frontier",
         PART("a") "1\r\n2&=\r\n" PART("b") "x\r\n--frontier--\r\n", "a=1\r\n2&=;b=x", 201},
        {"Multipart/Form-Data; boundary=\"frontier\"", PART("a") "--\r\n-b\r\n--frontier--\r\n",
         "a=--\r\n-b", 201},
        {"multipart/form-data; boundary=frontier", PART("a") "cut in the midd", "bad_request", 400},
        {"multipart/form-data; boundary=frontier", "--c\r\n\r\nx\r\n--c--\r\n", "bad_request", 400},
        {"multipart/form-data", PART("a") "1\r\n--frontier--\r\n", "bad_request", 400},
        {"application/x-www-form-urlencoded", "a=1", "bad_request", 400},
    };
    struct http_server *s = start((struct http_config){0});
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char request[1024];
        snprintf(request, sizeof request,
                 "POST /fields HTTP/1.1\r\nHost: t\r\nContent-Type: %s\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 rows[i].type, strlen(rows[i].body), rows[i].body);
        expect(http_server_port(s), request, rows[i].status, rows[i].want);
    }
    http_server_stop(&s);
}

/* A field larger than any buffer on the way comes whole, whatever its bytes are. */
static void large_multipart_fields_come_whole(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    BUF(value, (size_t)1 << 20);
    BUF(request, (size_t)1 << 20);
    for (size_t i = 0; i < 500000; i++)
        buf_char(&value, "\r\n-b\xff"[i * i % 5]);
    static const char part[] = PART("a"), end[] = "\r\n--frontier--\r\n";
    buf_printf(
        &request,
        "POST /fields HTTP/1.1\r\nHost: t\r\n"
        "Content-Type: multipart/form-data; boundary=frontier\r\nContent-Length: %zu\r\n\r\n",
        value.len + sizeof part + sizeof end - 2);
    buf_lit(&request, part);
    buf_str(&request, buf_view(&value));
    buf_lit(&request, end);
    struct client c = client_open(http_server_port(s));
    client_write(&c, request.ptr, request.len);
    struct answer a = client_read(&c, false);
    assert_int_equal(a.status, 201);
    assert_true(str_eq(str_slice(buf_view(&a.body), 2, a.body.len), buf_view(&value)));
    answer_free(&a);
    client_close(&c);
    http_server_stop(&s);
}

static void contradicting_lengths_are_refused(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    uint16_t port = http_server_port(s);
    static const char *const framings[] = {
        "Content-Length: 2\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: 4, 4\r\n",
        "Host: other\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(framings); i++) {
        char request[512];
        snprintf(request, sizeof request,
                 "POST /twice HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n%s\r\n"
                 "[12]GET /echo HTTP/1.1\r\nHost: t\r\n\r\n",
                 framings[i]);
        struct client c = client_open(port);
        client_send(&c, request);
        struct answer a = client_read(&c, false);
        if (a.status != 400 && a.status != 0)
            fail_msg("%s: %d", framings[i], a.status);
        answer_free(&a);
        assert_true(client_ended(&c, 3000));
        client_close(&c);
    }
    assert_int_equal(atomic_load(&handled), 0);
    http_server_stop(&s);
}

static void heads_have_a_limit(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    BUF(request, (size_t)1 << 20);
    buf_lit(&request, "GET /echo HTTP/1.1\r\nHost: t\r\nCookie: big=");
    for (int i = 0; i < 4000; i++)
        buf_char(&request, 'a');
    buf_lit(&request, "; c=last\r\n\r\n");
    buf_char(&request, '\0');
    expect(http_server_port(s), request.ptr, 200, "\"cookie\":\"last\"");

    buf_clear(&request);
    buf_lit(&request, "GET /echo HTTP/1.1\r\nHost: t\r\nX-Big: ");
    for (int i = 0; i < 40000; i++)
        buf_char(&request, 'a');
    buf_lit(&request, "\r\n\r\n");
    struct client c = client_open(http_server_port(s));
    client_write(&c, request.ptr, request.len);
    assert_true(client_ended(&c, 3000));
    client_close(&c);
    http_server_stop(&s);
}

static void the_proxys_word_counts_only_when_told(void **state UNUSED)
{
    static const char request[] =
        "GET /echo HTTP/1.1\r\nHost: t\r\n"
        "X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-For: 1.1.1.1, 2.2.2.2 \r\n\r\n";
    static const char odd[] = "GET /echo HTTP/1.1\r\nHost: t\r\nX-Forwarded-For: <b>\r\n\r\n";
    struct http_server *s = start((struct http_config){0});
    expect(http_server_port(s), request, 200, "\"peer\":\"127.0.0.1\"");
    http_server_stop(&s);
    s = start((struct http_config){.behind_proxy = true});
    expect(http_server_port(s), request, 200, "\"peer\":\"2.2.2.2\"");
    expect(http_server_port(s), odd, 200, "\"peer\":\"127.0.0.1\"");
    http_server_stop(&s);
}

static void an_address_has_its_limit(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){.per_address_max = 2});
    struct client first = client_open(http_server_port(s)),
                  second = client_open(http_server_port(s));
    client_send(&first, GET("/echo"));
    client_send(&second, GET("/echo"));
    struct answer a = client_read(&first, false), b = client_read(&second, false);
    assert_int_equal(a.status, 200);
    assert_int_equal(b.status, 200);
    struct client third = client_open(http_server_port(s));
    client_send(&third, GET("/echo"));
    assert_true(client_ended(&third, 3000));
    assert_int_equal(atomic_load(&handled), 2);
    answer_free(&a);
    answer_free(&b);
    client_close(&first);
    client_close(&second);
    client_close(&third);
    http_server_stop(&s);
}

/* ---- bodies ---- */

static long peak_kb(void)
{
    char line[128];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
        if (strncmp(line, "VmHWM:", 6) == 0)
            kb = strtol(line + 6, NULL, 10);
    fclose(f);
    return kb;
}

static void send_big(struct client *c, size_t n, bool chunked)
{
    static char block[65536];
    for (size_t sent = 0; sent < n; sent += sizeof block) {
        if (chunked)
            client_send(c, "10000\r\n");
        client_write(c, block, sizeof block);
        if (chunked)
            client_send(c, "\r\n");
    }
    if (chunked)
        client_send(c, "0\r\n\r\n");
}

static void a_large_upload_costs_no_memory(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    long before = peak_kb();
    for (int chunked = 0; chunked < 2; chunked++) {
        struct client c = client_open(http_server_port(s));
        client_send(&c, "POST /upload HTTP/1.1\r\nHost: t\r\n");
        client_send(&c, chunked ? "Transfer-Encoding: chunked\r\n\r\n"
                                : "Content-Length: 104857600\r\n\r\n");
        send_big(&c, BIG, chunked);
        struct answer a = client_read(&c, false);
        assert_int_equal(a.status, 201);
        buf_char(&a.body, '\0');
        assert_string_equal(a.body.ptr, "104857600");
        answer_free(&a);
        client_send(&c, GET("/echo"));
        a = client_read(&c, false);
        assert_int_equal(a.status, 200);
        answer_free(&a);
        client_close(&c);
    }
    print_message("# two uploads of 100 MB: peak memory grew by %ld kB\n", peak_kb() - before);
    assert_true(peak_kb() - before < 16384);
    http_server_stop(&s);
    assert_int_equal(files_left(), 0);
}

static void a_refused_client_still_reads_why(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    struct client c = client_open(http_server_port(s));
    client_send(&c, POST("/twice", "application/json", "10485760"));
    send_big(&c, (size_t)10 << 20, false);
    struct answer a = client_read(&c, false);
    assert_int_equal(a.status, 413);
    answer_free(&a);
    client_close(&c);

    c = client_open(http_server_port(s));
    client_send(&c, "POST /twice HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n");
    client_send(&c, "400\r\n");
    for (int i = 0; i < 0x400; i++)
        client_send(&c, "x");
    client_send(&c, "\r\n0\r\n\r\n");
    a = client_read(&c, false);
    assert_int_equal(a.status, 413);
    answer_free(&a);
    client_close(&c);

    c = client_open(http_server_port(s)); /* endless chunks are not read to their end */
    client_send(&c, "POST /twice HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n");
    send_big(&c, (size_t)1 << 20, true);
    assert_true(client_ended(&c, 3000));
    client_close(&c);
    http_server_stop(&s);
}

static void a_stranger_cannot_fill_the_disk(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){.hooks = {.admit = refuse}});
    uint16_t port = http_server_port(s);
    expect(port, POST("/upload", "a/b", "104857600"), 401, "login_required");
    expect(port,
           "POST /upload HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
           401, "login_required");
    expect(port, "POST /upload HTTP/1.1\r\nHost: t\r\nX-Allowed: 1\r\nContent-Length: 3\r\n\r\nabc",
           201, "3");
    struct client c = client_open(port);
    client_send(&c, "POST /upload HTTP/1.1\r\nHost: t\r\nX-Allowed: 1\r\nExpect: 100-continue\r\n"
                    "Content-Length: 3\r\n\r\n");
    assert_true(client_await(&c, "100 Continue", 2000));
    client_send(&c, "abc");
    struct answer a = client_read(&c, false);
    assert_int_equal(a.status, 201);
    answer_free(&a);
    client_close(&c);
    http_server_stop(&s);
    assert_int_equal(files_left(), 0);
}

/* ---- clients that trickle ---- */

/* Sends a byte every 100 ms; how long the server bears it, -1: for ever. */
static int64_t trickle(struct client *c, const char *bytes, int limit_ms)
{
    int64_t from = clock_ms();
    char seen;
    for (size_t i = 0; clock_ms() - from < limit_ms; i++) {
        char byte = bytes[i % strlen(bytes)];
        if (send(c->fd, &byte, 1, MSG_NOSIGNAL) < 0 || recv(c->fd, &seen, 1, MSG_DONTWAIT) == 0)
            return clock_ms() - from;
        usleep(100000);
    }
    return -1;
}

static void a_trickled_head_loses_its_connection(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){.head_timeout_s = 1, .idle_timeout_s = 2});
    struct client c = client_open(http_server_port(s));
    client_send(&c, "GET /echo HTTP/1.1\r\nX-Slow: ");
    int64_t borne = trickle(&c, "a", 5000);
    assert_in_range(borne, 700, 2500);
    client_close(&c);

    c = client_open(http_server_port(s)); /* the second head of a kept connection */
    client_send(&c, GET("/echo"));
    struct answer a = client_read(&c, false);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    client_send(&c, "GET /echo HTTP/1.1\r\nX-Slow: ");
    borne = trickle(&c, "a", 6000);
    assert_in_range(borne, 1500, 3500);
    client_close(&c);

    c = client_open(http_server_port(s)); /* and one that says nothing at all */
    assert_true(client_ended(&c, 4000));
    client_close(&c);
    http_server_stop(&s);
}

static void a_trickled_body_loses_its_connection(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){.body_grace_s = 1});
    static const char *const heads[] = {POST("/twice", "application/json", "900"),
                                        POST("/upload", "a/b", "1000000")};
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        struct client c = client_open(http_server_port(s));
        client_send(&c, heads[i]);
        int64_t borne = trickle(&c, "1", 5000);
        assert_in_range(borne, 700, 2500);
        client_close(&c);
    }
    http_server_stop(&s);
    assert_int_equal(files_left(), 0);
}

static void an_answer_nobody_reads_is_dropped(void **state UNUSED)
{
    /* 8 MiB at 4 MiB/s on top of one second: about three seconds, idle time-out far away. */
    struct http_server *s = start(
        (struct http_config){.body_grace_s = 1, .body_rate_min = 4U << 20, .connections_max = 1});
    struct client c = client_open(http_server_port(s));
    setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, &(int){4096}, sizeof(int));
    client_send(&c, GET("/large"));
    int64_t from = clock_ms();
    struct client next = client_open(http_server_port(s)); /* waits for the only place */
    client_send(&next, GET("/echo"));
    struct answer a = client_read(&next, false);
    assert_int_equal(a.status, 200);
    assert_in_range(clock_ms() - from, 1500, 6000);
    answer_free(&a);
    client_close(&c);
    client_close(&next);
    http_server_stop(&s);
}

static int descriptors(void)
{
    int n = 0;
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static void a_file_is_sent_whole(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    struct client c = client_open(http_server_port(s));
    client_send(&c, GET("/download"));
    struct answer a = client_read(&c, false);
    assert_int_equal(a.status, 200);
    assert_int_equal(a.body.len, FILE_BYTES - 2);
    for (uint32_t i = 0, got; i < a.body.len / sizeof i; i++) {
        memcpy(&got, a.body.ptr + i * sizeof i, sizeof got);
        assert_int_equal(got, i);
    }
    assert_true(answer_has(&a, "Content-Type: application/x-test"));
    assert_true(answer_has(&a, "Content-Disposition: attachment; filename=\"list.bin\"; "
                               "filename*=UTF-8''%EA%B3%A0%EA%B0%9D%20%EB%AA%85%EB%8B%A8__1___"
                               ".bin"));
    answer_free(&a);
    client_send(&c, "HEAD /download HTTP/1.1\r\nHost: t\r\n\r\n"); /* on the same connection */
    a = client_read(&c, true);
    assert_int_equal(a.status, 200);
    assert_true(answer_has(&a, "Content-Length: 3145726"));
    answer_free(&a);
    client_send(&c, GET("/download?bad=1")); /* a problem has no file behind it */
    a = client_read(&c, false);
    assert_int_equal(a.status, 409);
    assert_true(str_find(buf_view(&a.body), STR("changed"), 0) > 0);
    answer_free(&a);
    client_close(&c);
    http_server_stop(&s);
}

static void files_are_closed_whatever_ends_them(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){.body_grace_s = 1});
    uint16_t port = http_server_port(s);
    expect(port, GET("/echo"), 200, "peer");
    int before = descriptors();
    for (int i = 0; i < 20; i++) { /* they leave before, while and after it is sent */
        struct client c = client_open(port);
        setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, &(int){4096}, sizeof(int));
        client_send(&c, i % 4 == 3 ? GET("/download?bad=1") : GET("/download"));
        if (i % 4 == 1)
            assert_true(client_await(&c, "200 OK", 5000));
        client_close(&c);
    }
    for (int i = 0; i < 100 && descriptors() > before; i++)
        usleep(50000);
    assert_in_range(descriptors(), 1, before);
    http_server_stop(&s);
}

static void a_client_that_has_said_all_is_answered(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    struct client c = client_open(http_server_port(s));
    client_send(&c, GET("/slow"));
    shutdown(c.fd, SHUT_WR);
    struct answer a = client_read(&c, false);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    client_close(&c);
    http_server_stop(&s);
}

/* ---- events ---- */

static void wait_closed(int count)
{
    for (int i = 0; i < 300 && atomic_load(&closed) < count; i++)
        usleep(10000);
    assert_int_equal(atomic_load(&closed), count);
}

static void events_come_and_end(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    struct client c = client_open(http_server_port(s));
    int64_t from = clock_ms();
    client_send(&c, GET("/events/count"));
    assert_true(client_await(&c, "event: tick\ndata: 0\n\n", 300));
    struct answer a = client_read(&c, false);
    assert_int_equal(a.status, 200);
    assert_in_range(clock_ms() - from, 1000, 4000);
    assert_true(answer_has(&a, "Content-Type: text/event-stream"));
    assert_true(answer_has(&a, "Cache-Control: no-store"));
    assert_true(str_find(buf_view(&a.body), STR("id: 3\nevent: tick\ndata: 3\n\n"), 0) > 0);
    answer_free(&a);
    wait_closed(1);
    client_send(&c, "GET /events/count HTTP/1.1\r\nHost: t\r\nLast-Event-ID: 2\r\n\r\n");
    a = client_read(&c, false);
    assert_true(str_starts(buf_view(&a.body), STR("id: 3\n")));
    answer_free(&a);
    client_close(&c);
    http_server_stop(&s);
}

static void a_slow_reader_gets_every_event(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    struct client c = client_open(http_server_port(s));
    client_send(&c, GET("/events/flood"));
    usleep(1500000);
    struct answer a = client_read(&c, false);
    assert_int_equal(a.status, 200);
    assert_int_equal(a.body.len, 8 * 1000 * (size_t)998);
    answer_free(&a);
    client_close(&c);
    http_server_stop(&s);
}

static void streams_have_a_limit_and_notice_who_left(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){.streams_max = 2, .heartbeat_s = 1});
    uint16_t port = http_server_port(s);
    struct client first = client_open(port), second = client_open(port);
    client_send(&first, GET("/events/silent"));
    client_send(&second, GET("/events/silent"));
    assert_true(client_await(&first, "\r\n\r\n", 2000));
    assert_true(client_await(&second, "\r\n\r\n", 2000));
    expect(port, GET("/events/silent"), 503, "unavailable");
    wait_closed(1);
    expect(port, "HEAD /events/silent HTTP/1.1\r\nHost: t\r\n\r\n", 200, "text/event-stream");
    wait_closed(2);
    assert_true(client_await(&first, ": still here\n\n", 3000));
    client_close(&first);
    wait_closed(3);
    expect(port, GET("/events/count"), 200, "data: 3");
    wait_closed(4);
    http_server_stop(&s);
    assert_int_equal(atomic_load(&closed), 5);
    assert_true(client_await(&second, "0\r\n\r\n", 2000)); /* ended in good order */
    client_close(&second);
}

/* ---- faults on purpose ---- */

static void faults_happen_as_ordered(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){.workers = 1});
    uint16_t port = http_server_port(s);
    struct client c = client_open(port);
    client_send(&c, GET("/fault/cut"));
    assert_true(client_ended(&c, 2000));
    assert_int_equal(c.in.len, 0);
    client_close(&c);

    c = client_open(port);
    client_send(&c, GET("/fault/half"));
    struct answer a = client_read(&c, false);
    assert_int_equal(a.status, 0);
    assert_true(answer_has(&a, "Content-Length: 10\r\n"));
    assert_true(str_eq(buf_view(&a.body), STR("01234")));
    answer_free(&a);
    client_close(&c);

    struct client hung = client_open(port); /* and with it the only worker, if it were held */
    client_send(&hung, GET("/fault/hang"));
    expect(port, GET("/echo"), 200, "q");
    assert_false(client_await(&hung, "H", 700));
    client_close(&hung);

    struct client waiting[5];
    int64_t from = clock_ms();
    for (size_t i = 0; i < COUNT_OF(waiting); i++) {
        waiting[i] = client_open(port);
        client_send(&waiting[i], GET("/fault/delay"));
    }
    for (size_t i = 0; i < COUNT_OF(waiting); i++) {
        a = client_read(&waiting[i], false);
        assert_int_equal(a.status, 200);
        answer_free(&a);
        client_close(&waiting[i]);
    }
    assert_in_range(clock_ms() - from, 400, 1200);

    hung = client_open(port);
    client_send(&hung, GET("/fault/hang"));
    usleep(100000);
    http_server_stop(&s);
    assert_true(client_ended(&hung, 1000));
    client_close(&hung);
}

/* ---- many at once, and the end ---- */

#define CROWD  32
#define ROUNDS 100

static uint16_t crowd_port;

static void *crowd_main(void *arg)
{
    intptr_t id = (intptr_t)arg, good = 0;
    struct client c = client_open(crowd_port);
    for (int i = 0; i < ROUNDS; i++) {
        char request[128], want[64];
        snprintf(request, sizeof request, "GET /%s?q=%d-%d HTTP/1.1\r\nHost: t\r\n\r\n",
                 i % 3 ? "echo" : "quick", (int)id, i);
        snprintf(want, sizeof want, "{\"q\":\"%d-%d\",", (int)id, i);
        client_send(&c, request);
        struct answer a = client_read(&c, false);
        good += a.status == 200 && str_starts(buf_view(&a.body), str_c(want));
        answer_free(&a);
        if (i % 25 == 24) {
            client_close(&c);
            c = client_open(crowd_port);
        }
    }
    client_close(&c);
    return (void *)good;
}

static void many_clients_get_their_own_answers(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    pthread_t crowd[CROWD];
    crowd_port = http_server_port(s);
    for (intptr_t i = 0; i < CROWD; i++)
        assert_int_equal(pthread_create(&crowd[i], NULL, crowd_main, (void *)i), 0);
    for (int i = 0; i < CROWD; i++) {
        void *good;
        pthread_join(crowd[i], &good);
        assert_int_equal((intptr_t)good, ROUNDS);
    }
    http_server_stop(&s);
    assert_int_equal(atomic_load(&handled), CROWD * ROUNDS);
}

/* One of the crowd: whole, cut and joined requests, closed in every way that a socket can be. */
static void *rude_main(void *arg)
{
    static const char *const requests[] = {
        GET("/echo"),
        GET("/quick"),
        GET("/events/silent"),
        GET("/events/count"),
        GET("/fault/hang"),
        GET("/fault/delay"),
        GET("/fault/half"),
        GET("/%00"),
        (POST("/upload", "a/b", "8") "12345678"),
        (POST("/twice", "application/json", "4") "[12]"),
        (POST("/twice", "application/json", "99999999") "123"),
        ("POST /upload HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
         "2\r\nab\r\n0\r\n\r\n"),
        "garbage\r\n\r\n",
    };
    unsigned seed = (unsigned)(intptr_t)arg;
    for (int64_t until = clock_ms() + 2000; clock_ms() < until;) {
        struct client c = client_open(crowd_port);
        for (int i = 0; i < 1 + rand_r(&seed) % 4; i++) {
            const char *request = requests[(unsigned)rand_r(&seed) % COUNT_OF(requests)];
            size_t n = strlen(request);
            client_write(&c, request, rand_r(&seed) % 4 ? n : (unsigned)rand_r(&seed) % n);
            if (rand_r(&seed) % 2)
                client_await(&c, "\r\n\r\n", 50);
        }
        if (rand_r(&seed) % 4 == 0)
            setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
        if (rand_r(&seed) % 8 == 0)
            shutdown(c.fd, SHUT_WR);
        client_close(&c);
    }
    return NULL;
}

static void a_rude_crowd_leaves_nothing_behind(void **state UNUSED)
{
    const char *text = getenv("SENDINGO_SEED");
    intptr_t seed = text ? strtol(text, NULL, 10) : clock_ms() % 100000;
    struct http_server *s = start((struct http_config){.workers = 3});
    pthread_t crowd[CROWD / 2];
    print_message("# seed %ld\n", (long)seed);
    crowd_port = http_server_port(s);
    for (intptr_t i = 0; i < CROWD / 2; i++)
        assert_int_equal(pthread_create(&crowd[i], NULL, rude_main, (void *)(seed + i)), 0);
    usleep(1000000);
    expect(crowd_port, GET("/echo?q=polite"), 200, "polite");
    usleep(500000);
    http_server_stop(&s); /* in the middle of it */
    for (int i = 0; i < CROWD / 2; i++)
        pthread_join(crowd[i], NULL);
    assert_int_equal(files_left(), 0);
}

static void stopping_finishes_what_runs(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){.workers = 2});
    uint16_t port = http_server_port(s);
    struct client busy[6], idle = client_open(port), sending = client_open(port);
    for (size_t i = 0; i < COUNT_OF(busy); i++) {
        busy[i] = client_open(port);
        client_send(&busy[i], GET("/slow"));
    }
    client_send(&sending, POST("/upload", "a/b", "1000000") "begun");
    usleep(200000);
    http_server_stop(&s);
    for (size_t i = 0; i < COUNT_OF(busy); i++) {
        struct answer a = client_read(&busy[i], false);
        assert_int_equal(a.status, 200);
        assert_true(answer_has(&a, "Connection: close"));
        answer_free(&a);
        client_close(&busy[i]);
    }
    assert_int_equal(atomic_load(&handled), COUNT_OF(busy));
    assert_true(client_ended(&idle, 1000));
    assert_true(client_ended(&sending, 1000));
    client_close(&idle);
    client_close(&sending);
    struct client late = client_open(port);
    assert_int_equal(late.fd, -1);
    assert_int_equal(files_left(), 0);
}

static void a_taken_port_is_refused(void **state UNUSED)
{
    struct http_server *s = start((struct http_config){0});
    struct http_config same = {
        .name = "second", .address = "127.0.0.1", .port = http_server_port(s)};
    assert_null(http_server_start(&same));
    same.address = "not an address";
    assert_null(http_server_start(&same));
    http_server_stop(&s);
    http_server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_upload_costs_no_memory), /* first: it measures the peak */
        cmocka_unit_test(a_connection_is_kept),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(refusals_are_problems),
        cmocka_unit_test(multipart_fields_are_read),
        cmocka_unit_test(large_multipart_fields_come_whole),
        cmocka_unit_test(contradicting_lengths_are_refused),
        cmocka_unit_test(heads_have_a_limit),
        cmocka_unit_test(the_proxys_word_counts_only_when_told),
        cmocka_unit_test(an_address_has_its_limit),
        cmocka_unit_test(a_refused_client_still_reads_why),
        cmocka_unit_test(a_stranger_cannot_fill_the_disk),
        cmocka_unit_test(a_trickled_head_loses_its_connection),
        cmocka_unit_test(a_trickled_body_loses_its_connection),
        cmocka_unit_test(an_answer_nobody_reads_is_dropped),
        cmocka_unit_test(a_file_is_sent_whole),
        cmocka_unit_test(files_are_closed_whatever_ends_them),
        cmocka_unit_test(a_client_that_has_said_all_is_answered),
        cmocka_unit_test(events_come_and_end),
        cmocka_unit_test(a_slow_reader_gets_every_event),
        cmocka_unit_test(streams_have_a_limit_and_notice_who_left),
        cmocka_unit_test(faults_happen_as_ordered),
        cmocka_unit_test(many_clients_get_their_own_answers),
        cmocka_unit_test(a_rude_crowd_leaves_nothing_behind),
        cmocka_unit_test(stopping_finishes_what_runs),
        cmocka_unit_test(a_taken_port_is_refused),
    };
    if (!mkdtemp(folder))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
