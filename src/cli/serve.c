/*
 * serve.c - `sendingo serve`: everything in one process.
 *
 * Starts from the ground up - folder, key, database, practice gateway, clicks, sender, console -
 * and stops in the opposite order when SIGTERM or SIGINT comes. Any step that cannot be taken ends
 * the start with its reason logged; what has been started by then is stopped again.
 */
#include "api/api.h"
#include "base/log.h"
#include "chores/chores.h"
#include "cli/cli.h"
#include "cli/practice.h"
#include "domain/import_work.h"
#include "domain/seal.h"
#include "http/assets.h"
#include "importer/importer.h"
#include "links/merge.h"
#include "links/redirect.h"
#include "sender/account.h"
#include "sender/sender.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADDRESS_MAX     64
#define DISPATCHERS_MAX 64
#define HURRY_MAX       1000

struct options {
    struct data_options data;
    const char *listen, *public_url, *practice_listen, *secret_key, *ui;
    const char *dispatchers, *batch, *hurry;
    bool behind_proxy;
};

static const struct option_row rows[] = {
    DATA_OPTIONS(offsetof(struct options, data)),
    {"listen", "ADDRESS:PORT", "127.0.0.1:8080", offsetof(struct options, listen),
     "들을 주소와 포트", "where to listen"},
    {"public-url", "URL", NULL, offsetof(struct options, public_url),
     "밖에서 보이는 주소 (링크와 쿠키에 쓰입니다)",
     "address seen from outside, for links and cookies"},
    {"behind-proxy", NULL, NULL, offsetof(struct options, behind_proxy),
     "앞의 프록시가 알려 주는 접속 주소를 믿습니다",
     "trust the client address that the proxy tells"},
    {"practice-listen", "ADDRESS:PORT|off", "127.0.0.1:0",
     offsetof(struct options, practice_listen), "연습용 게이트웨이의 주소",
     "where the practice gateway listens"},
    {"secret-key", "FILE", NULL, offsetof(struct options, secret_key),
     "비밀을 봉하는 키 (기본: 자료 폴더의 secret.key)",
     "key that seals secrets; default: in the data folder"},
    {"dispatchers", "N", "4", offsetof(struct options, dispatchers), "동시에 하는 전송요청 수",
     "gateway calls at a time"},
    {"batch", "N", "500", offsetof(struct options, batch), "전송요청 하나에 담는 메시지 수",
     "messages in a gateway call"},
    {"hurry", "N", "1", offsetof(struct options, hurry),
     "개발용: 발송기가 기다리는 시간을 N분의 1로 줄입니다",
     "development: the sender's waiting times are N times shorter"},
    {"ui", "DIR", NULL, offsetof(struct options, ui), "개발용: 화면 파일을 이 폴더에서 읽습니다",
     "development: serve the page from this folder"},
};

/* What runs; members are NULL (lock: -1) until started. */
struct house {
    struct options o;
    struct arena arena;
    int lock;
    struct store *store;
    struct practice *practice;
    struct http_server *practice_server, *console;
    struct click_journal *journal;
    struct click_merger *merger;
    struct links *links;
    struct sender *sender;
    struct importer *importer;
    struct chores *chores;
    struct api_app app;
};

/* ---- the steps ---- */

static bool folder_make(const char *path)
{
    if (mkdir(path, 0700) == 0 || access(path, R_OK | W_OK | X_OK) == 0)
        return true;
    log_warn("folder %s", path);
    return false;
}

/* Uploads that were under way when a former process died. */
static void folder_empty(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir)
        return;
    for (struct dirent *e; (e = readdir(dir));)
        if (e->d_name[0] != '.' && unlinkat(dirfd(dir), e->d_name, 0) != 0)
            log_warn("remove %s/%s", path, e->d_name);
    closedir(dir);
}

static bool start_folder(struct house *h)
{
    const char *incoming = cli_path(&h->arena, &h->o.data, "incoming");
    umask(077);
    if (!folder_make(h->o.data.data) || !folder_make(incoming) ||
        !folder_make(cli_path(&h->arena, &h->o.data, "imports")))
        return false;
    h->lock = open(cli_path(&h->arena, &h->o.data, "lock"), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (h->lock < 0 || flock(h->lock, LOCK_EX | LOCK_NB) != 0) {
        log_warn("%s: another process uses this data folder", h->o.data.data);
        return false;
    }
    folder_empty(incoming);
    h->app.upload_folder = cli_path(&h->arena, &h->o.data, "imports");
    return true;
}

static void stop_folder(struct house *h)
{
    if (h->lock >= 0)
        close(h->lock);
}

static bool uploads_sweep(struct house *h)
{
    struct db *db = store_borrow(h->store);
    if (!db)
        return false;
    struct scope s = {.db = db, .arena = &h->arena, .clock = &clock_system};
    import_work_sweep(&s, h->app.upload_folder);
    store_return(&db);
    return true;
}

static bool start_store(struct house *h)
{
    if (!seal_key_load(h->o.secret_key ? h->o.secret_key
                                       : cli_path(&h->arena, &h->o.data, "secret.key")))
        return false;
    h->store = h->app.store = cli_store_open(&h->arena, &h->o.data);
    return h->store && store_migrate(h->store) && uploads_sweep(h);
}

static void stop_store(struct house *h)
{
    store_close(&h->store);
}

/* Address and port as people write them. */
static struct str url_of(struct house *h, const char *address, uint16_t port)
{
    bool bare = !strchr(address, ':');
    return str_printf(&h->arena, "http://%s%s%s:%u", bare ? "" : "[", address, bare ? "" : "]",
                      port);
}

static bool start_practice(struct house *h)
{
    char address[ADDRESS_MAX];
    uint16_t port;
    if (strcmp(h->o.practice_listen, "off") == 0)
        return true;
    if (!option_listen(h->o.practice_listen, address, sizeof address, &port)) {
        log_warnx("--practice-listen: %s?", h->o.practice_listen);
        return false;
    }
    struct practice_options options = practice_options_default();
    options.path = cli_path(&h->arena, &h->o.data, "practice.db");
    if (h->o.public_url && str_starts(str_c(h->o.public_url), STR("https://")))
        options.link_scheme = STR("https");
    h->practice = practice_open(&options);
    h->practice_server = h->practice ? practice_listen(h->practice, address, port) : NULL;
    if (!h->practice_server)
        return false;
    struct str url = url_of(h, address, http_server_port(h->practice_server));
    h->app.practice_url = url.ptr;
    account_practice_url_set(url);
    return true;
}

static void stop_practice(struct house *h)
{
    http_server_stop(&h->practice_server);
    practice_close(&h->practice);
}

static bool start_links(struct house *h)
{
    struct click_journal_config config = {.folder = cli_path(&h->arena, &h->o.data, "clicks")};
    h->journal = click_journal_open(&config);
    if (!h->journal)
        return false;
    h->merger = click_merger_start(h->store, h->journal, &clock_system);
    h->links = h->app.links = links_open(h->store, h->journal);
    return true;
}

static void stop_links(struct house *h)
{
    click_merger_stop(&h->merger);
    if (h->links)
        links_close(&h->links);
    click_journal_close(&h->journal);
}

/* A number of an option, told when it is none. */
static bool number_read(const char *name, const char *text, int64_t max, int64_t *out)
{
    if (str_i64(str_c(text), 1, max, out))
        return true;
    log_warnx("--%s: %s? (1 to %lld)", name, text, (long long)max);
    return false;
}

/* Below this a busy machine would look like a dead gateway. */
#define CALL_LEAST_MS 2000L

static long call_hurried(long ms, int64_t n)
{
    return ms / n > CALL_LEAST_MS ? ms / n : CALL_LEAST_MS;
}

static void calls_hurry(int64_t n)
{
    struct gateway_timeouts t = gateway_timeouts_get();
    t.connect_ms = call_hurried(t.connect_ms, n);
    t.send_ms = call_hurried(t.send_ms, n);
    t.read_ms = call_hurried(t.read_ms, n);
    gateway_timeouts_set(&t);
}

static struct sender_times times_hurried(int64_t n)
{
    struct sender_times t = sender_times_default;
    t.lease_ms /= n;
    t.result_first_ms /= n;
    t.result_max_ms /= n;
    t.doubt_first_ms /= n;
    t.doubt_max_ms /= n;
    t.settle_ms /= n;
    t.hold_ms /= n;
    t.call_max_ms /= n;
    return t;
}

static bool start_sender(struct house *h)
{
    int64_t dispatchers, batch, hurry;
    if (!number_read("dispatchers", h->o.dispatchers, DISPATCHERS_MAX, &dispatchers) ||
        !number_read("batch", h->o.batch, GATEWAY_BATCH_MAX, &batch) ||
        !number_read("hurry", h->o.hurry, HURRY_MAX, &hurry))
        return false;
    if (hurry > 1)
        calls_hurry(hurry);
    struct sender_config config = {
        .store = h->store,
        .clock = &clock_system,
        .dispatchers = (unsigned)dispatchers,
        .batch_max = batch,
        .times = times_hurried(hurry),
    };
    h->sender = h->app.sender = sender_start(&config);
    return h->sender;
}

static void stop_sender(struct house *h)
{
    sender_stop(&h->sender);
}

#define IMPORTS_AT_ONCE 2
#define IMPORT_LEASE_MS (30 * SECOND_MS)

static bool start_importer(struct house *h)
{
    int64_t hurry;
    if (!number_read("hurry", h->o.hurry, HURRY_MAX, &hurry))
        return false;
    struct importer_config config = {
        .store = h->store,
        .clock = &clock_system,
        .folder = h->app.upload_folder,
        .threads = IMPORTS_AT_ONCE,
        .lease_ms = IMPORT_LEASE_MS / hurry,
    };
    h->importer = h->app.importer = importer_start(&config);
    return h->importer;
}

static void stop_importer(struct house *h)
{
    importer_stop(&h->importer);
}

#define CHORE_LEASE_MS (30 * SECOND_MS)

static bool start_chores(struct house *h)
{
    int64_t hurry;
    if (!number_read("hurry", h->o.hurry, HURRY_MAX, &hurry))
        return false;
    struct chores_config config = {
        .store = h->store,
        .clock = &clock_system,
        .lease_ms = CHORE_LEASE_MS / hurry,
    };
    h->chores = chores_start(&config);
    return h->chores;
}

static void stop_chores(struct house *h)
{
    chores_stop(&h->chores);
}

/* The practice gateway has an image, too, and no https. NULL: the usual policy. */
static const char *policy_of(struct house *h)
{
    return h->app.practice_url
               ? str_printf(&h->arena, HTTP_POLICY("https: %s"), h->app.practice_url).ptr
               : NULL;
}

static bool start_console(struct house *h)
{
    char address[ADDRESS_MAX];
    uint16_t port;
    if (!option_listen(h->o.listen, address, sizeof address, &port)) {
        log_warnx("--listen: %s?", h->o.listen);
        return false;
    }
    if (!h->app.public_url && port) {
        h->app.public_url = url_of(h, address, port).ptr;
        log_info("no --public-url: links in messages lead to %s", h->app.public_url);
    }
    struct http_config config = {
        .name = "console",
        .address = address,
        .port = port,
        .routes = api_routes,
        .route_count = api_route_count,
        .hooks = api_hooks,
        .app = &h->app,
        .assets = ui_assets,
        .asset_count = ui_asset_count,
        .fallback_asset = "/index.html",
        .asset_folder = h->o.ui,
        .upload_folder = cli_path(&h->arena, &h->o.data, "incoming"),
        .behind_proxy = h->o.behind_proxy,
        .security_policy = policy_of(h),
    };
    h->console = http_server_start(&config);
    if (!h->console)
        return false;
    struct str url = url_of(h, address, http_server_port(h->console));
    if (!h->app.public_url)
        h->app.public_url = url.ptr;
    printf("SendinGo is listening on %.*s\n", STR_ARG(url));
    fflush(stdout);
    return true;
}

static void stop_console(struct house *h)
{
    http_server_stop(&h->console);
}

static const struct {
    bool (*start)(struct house *h);
    void (*stop)(struct house *h);
} steps[] = {
    {start_folder, stop_folder}, {start_store, stop_store},     {start_practice, stop_practice},
    {start_links, stop_links},   {start_sender, stop_sender},   {start_importer, stop_importer},
    {start_chores, stop_chores}, {start_console, stop_console},
};

/* ---- running ---- */

static int run(struct house *h, const sigset_t *stop)
{
    size_t started = 0;
    bool ok = true;
    while (ok && started < COUNT_OF(steps))
        ok = steps[started++].start(h);
    if (ok) {
        int number;
        sigwait(stop, &number);
        log_info("stopping");
    }
    while (started > 0)
        steps[--started].stop(h);
    return ok ? 0 : 1;
}

/* The public address without a slash at its end; false when it is no address. */
static bool public_url_read(struct house *h)
{
    if (!h->o.public_url || !*h->o.public_url)
        return true;
    struct str url = str_c(h->o.public_url);
    while (str_ends(url, STR("/")))
        url.len--;
    h->app.public_url = h->o.public_url = str_dup(&h->arena, url).ptr;
    if (str_starts(url, STR("http://")) || str_starts(url, STR("https://")))
        return true;
    log_warnx("--public-url: %s?", h->o.public_url);
    return false;
}

int serve_command(int argc, char **argv)
{
    struct house h = {.lock = -1, .app = {.clock = &clock_system}};
    int status = options_read("serve", rows, COUNT_OF(rows), &h.o, argc, argv, NULL, 0, NULL);
    if (status >= 0)
        return status;
    arena_init(&h.arena, ARENA_MAX_DEFAULT);
    /* Blocked before any thread starts, so that only sigwait sees them. */
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    status = cli_log_level(h.o.data.log_level) && public_url_read(&h) ? run(&h, &stop) : 2;
    arena_free(&h.arena);
    return status;
}
