/*
 * storm_test.c - four threads send through a practice gateway that cuts, halves, lies and is killed
 * with SIGKILL again and again. Afterwards its journal is compared with what the driver said:
 *
 *   OK          accepted exactly once
 *   REFUSED     not accepted
 *   UNREACHED   not accepted
 *   UNKNOWN     accepted once or not at all
 *
 * Nothing may be accepted twice, and nothing that was answered may be missing.
 */
#include "cli/practice.h"
#include "gateway/gateway.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define THREADS 4
#define SENDS   60 /* of each thread */
#define BATCH   5
#define KILLS   8
#define PEOPLE  (THREADS * SENDS * BATCH)

struct process {
    pid_t pid;
    int go, told;
};

static struct storm {
    char folder[64], path[96];
    uint64_t seed;
    uint16_t port;
    struct process gateways[KILLS + 1];
    struct arena a;
    enum gateway_answer said[PEOPLE];
    int accepted[PEOPLE];
    int64_t counts[4]; /* of each answer */
} storm;

static const char *const wishes[] = {
    "send=cut-before@0.06", "send=cut-after@0.06",
    "send=half@0.05",       "send=5xx@0.04",
    "send=5xx-after@0.04",  "send=html-after@0.04",
    "send=html@0.04",       "send=refuse:-99:포인트가 부족합니다.@0.05",
};

/* ---- the gateway, in a process of its own ---- */

/* Listens on `port` (0: any) and tells which one it is; 0 when it does not start. */
static void run_gateway(uint16_t port, int tell)
{
    struct practice_options options = practice_options_default();
    options.path = storm.path;
    options.seed = storm.seed;
    struct practice *p = practice_open(&options);
    struct http_server *server = NULL;
    for (int attempt = 0; p && !server && attempt < 50; attempt++) {
        server = practice_listen(p, "127.0.0.1", port);
        if (!server)
            usleep(20000); /* the port of the one before is not free yet */
    }
    for (size_t i = 0; server && i < COUNT_OF(wishes); i++)
        if (!practice_wish(p, str_c(wishes[i])))
            _exit(1);
    port = server ? http_server_port(server) : 0;
    if (write(tell, &port, sizeof port) != sizeof port || !server)
        _exit(1);
    for (;;)
        pause();
}

/* All are forked before the first thread starts, and each waits until it is told its port. */
static void fork_gateways(void)
{
    for (size_t i = 0; i < COUNT_OF(storm.gateways); i++) {
        struct process *g = &storm.gateways[i];
        int go[2], tell[2];
        uint16_t port;
        assert_int_equal(pipe(go) | pipe(tell), 0);
        g->pid = fork();
        if (g->pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (read(go[0], &port, sizeof port) == sizeof port)
                run_gateway(port, tell[1]);
            _exit(1);
        }
        close(go[0]);
        close(tell[1]);
        g->go = go[1];
        g->told = tell[0];
    }
}

/* The first one takes a free port, the others the same. */
static void start_gateway(struct process *g)
{
    uint16_t port;
    assert_int_equal(write(g->go, &storm.port, sizeof port), sizeof port);
    assert_int_equal(read(g->told, &port, sizeof port), sizeof port);
    assert_int_not_equal(port, 0);
    if (storm.port == 0)
        storm.port = port;
    close(g->go);
    close(g->told);
}

static void kill_gateway(struct process *g)
{
    kill(g->pid, SIGKILL);
    waitpid(g->pid, NULL, 0);
}

/* ---- the senders ---- */

static struct str phone_of(struct arena *a, size_t person)
{
    return str_printf(a, "0107%07zu", person + 10000);
}

static enum gateway_answer send_batch(struct gateway *g, size_t first)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    struct gateway_message messages[BATCH];
    struct gateway_receipt receipt;
    struct gateway_fault fault;
    for (size_t i = 0; i < BATCH; i++)
        messages[i] = (struct gateway_message){
            .phone = phone_of(&a, first + i), .subject = STR("안내"), .body = STR("글")};
    const struct gateway_batch batch = {STR("TP_1002"), messages, BATCH};
    return gateway_driver(g)->send(g, &batch, &a, &receipt, &fault);
}

static void *run_sender(void *ctx)
{
    size_t thread = (size_t)(uintptr_t)ctx;
    ARENA(a, ARENA_MAX_DEFAULT);
    struct gateway_account account = {
        .base_url = str_printf(&a, "http://127.0.0.1:%u", storm.port),
        .user_id = STR("shop"),
        .api_key = STR("key"),
        .sender_key = practice_sender_key(&a, STR("shop")),
        .sender = STR("0212345678"),
    };
    struct gateway *g = gateway_open(gateway_driver_find(STR("aligo")), &account);
    for (size_t i = 0; i < SENDS; i++) {
        size_t first = (thread * SENDS + i) * BATCH;
        enum gateway_answer answer = send_batch(g, first);
        for (size_t k = 0; k < BATCH; k++)
            storm.said[first + k] = answer;
        usleep(answer == GATEWAY_UNREACHED ? 20000 : 3000);
    }
    gateway_close(&g);
    return NULL;
}

/* ---- the comparison ---- */

static void count_accepted(const json_t *items)
{
    for (size_t i = 0; i < json_array_size(items); i++) {
        struct str phone = json_get_str(json_array_get(items, i), "phone");
        int64_t person = 0; /* cmocka does not tell clang that it does not return */
        assert_true(phone.ptr && str_i64(str_slice(phone, 4, phone.len), 0, INT64_MAX, &person));
        assert_in_range(person - 10000, 0, PEOPLE - 1);
        storm.accepted[person - 10000]++;
    }
}

static void read_journal(void)
{
    struct practice_options options = practice_options_default();
    options.path = storm.path;
    struct practice *p = practice_open(&options);
    assert_non_null(p);
    int64_t after = 0;
    do {
        struct practice_answer answer;
        struct str query = str_printf(&storm.a, "after=%lld", (long long)after);
        practice_handle(p, STR("/practice/journal"), query, &storm.a, &answer);
        json_t *tree = json_parse(answer.body, &storm.a, NULL);
        count_accepted(json_object_get(tree, "items"));
        after = json_integer_value(json_object_get(tree, "next"));
        json_decref(tree);
    } while (after);
    practice_close(&p);
}

static void what_is_said_is_true(void **state)
{
    pthread_t threads[THREADS];
    (void)state;
    fork_gateways();
    start_gateway(&storm.gateways[0]);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_sender, (void *)(uintptr_t)i), 0);
    for (int i = 0; i < KILLS; i++) {
        usleep((useconds_t)(20000 + (storm.seed * 2654435761U >> i) % 60000));
        kill_gateway(&storm.gateways[i]);
        start_gateway(&storm.gateways[i + 1]);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    kill_gateway(&storm.gateways[KILLS]);
    read_journal();
    for (size_t i = 0; i < PEOPLE; i++) {
        storm.counts[storm.said[i]]++;
        if (storm.said[i] == GATEWAY_UNKNOWN)
            assert_in_range(storm.accepted[i], 0, 1);
        else
            assert_int_equal(storm.accepted[i], storm.said[i] == GATEWAY_OK);
    }
    print_message("# seed %llu: %lld ok, %lld refused, %lld unreached, %lld unknown\n",
                  (unsigned long long)storm.seed, (long long)storm.counts[GATEWAY_OK],
                  (long long)storm.counts[GATEWAY_REFUSED],
                  (long long)storm.counts[GATEWAY_UNREACHED],
                  (long long)storm.counts[GATEWAY_UNKNOWN]);
    assert_true(storm.counts[GATEWAY_OK] > 0 && storm.counts[GATEWAY_UNKNOWN] > 0);
}

static int open_room(void **state)
{
    const char *seed = getenv("SENDINGO_TEST_SEED");
    (void)state;
    storm.seed = seed ? strtoull(seed, NULL, 10) : (uint64_t)clock_now(&clock_system);
    strcpy(storm.folder, "/tmp/practice-storm-XXXXXX");
    assert_non_null(mkdtemp(storm.folder));
    snprintf(storm.path, sizeof storm.path, "%s/practice.db", storm.folder);
    arena_init(&storm.a, ARENA_MAX_DEFAULT);
    return 0;
}

static int close_room(void **state)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    char path[128];
    (void)state;
    arena_free(&storm.a);
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        snprintf(path, sizeof path, "%s%s", storm.path, endings[i]);
        unlink(path);
    }
    rmdir(storm.folder);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_said_is_true, open_room, close_room),
    };
    gateway_timeouts_set(
        &(struct gateway_timeouts){.connect_ms = 2000, .send_ms = 5000, .read_ms = 5000});
    return cmocka_run_group_tests(tests, NULL, NULL);
}
