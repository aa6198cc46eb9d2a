/*
 * practice_command.c - `sendingo practice-gateway`: the practice gateway alone, on its own port.
 *
 * For programmers who test their own client against it, and for our crash tests, which kill it.
 * Every option is one row; each checks its text at once, and --fault may come again and again. They
 * are not read from the environment, where --data and --listen mean the server's.
 */
#include "cli/practice.h"

#include "base/options.h"
#include <getopt.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define FAULTS_MAX 64

struct command {
    struct practice_options options;
    char address[64];
    uint16_t port;
    struct str faults[FAULTS_MAX];
    size_t fault_count;
};

/* ---- what an option's text becomes ---- */

typedef bool setter(struct command *c, size_t offset, struct str text);

static bool set_text(struct command *c, size_t offset, struct str text)
{
    memcpy((char *)c + offset, &text, sizeof text);
    return true;
}

static bool set_path(struct command *c, size_t offset, struct str text)
{
    (void)offset;
    c->options.path = text.ptr;
    return text.len > 0;
}

static bool set_number(struct command *c, size_t offset, struct str text)
{
    int64_t n;
    if (!str_i64(text, 0, INT64_MAX / 2, &n))
        return false;
    memcpy((char *)c + offset, &n, sizeof n);
    return true;
}

/* A decimal number from 0 to `max`; -1 for anything else. */
static double decimal(struct str text, double max)
{
    char *end;
    double value = strtod(text.ptr, &end);
    return text.len > 0 && *end == '\0' && value >= 0 && value <= max ? value : -1;
}

static bool set_rate(struct command *c, size_t offset, struct str text)
{
    double rate = decimal(text, 1);
    memcpy((char *)c + offset, &rate, sizeof rate);
    return rate >= 0;
}

static bool set_won(struct command *c, size_t offset, struct str text)
{
    int64_t thousandths = (int64_t)(decimal(text, 1e12) * 1000);
    memcpy((char *)c + offset, &thousandths, sizeof thousandths);
    return thousandths >= 0;
}

static bool set_strict(struct command *c, size_t offset, struct str text)
{
    (void)offset, (void)text;
    c->options.strict = true;
    return true;
}

static bool set_scheme(struct command *c, size_t offset, struct str text)
{
    return (str_eq(text, STR("http")) || str_eq(text, STR("https"))) && set_text(c, offset, text);
}

static bool set_fault(struct command *c, size_t offset, struct str text)
{
    (void)offset;
    if (c->fault_count == FAULTS_MAX)
        return false;
    c->faults[c->fault_count++] = text;
    return true;
}

static bool set_listen(struct command *c, size_t offset, struct str text)
{
    (void)offset;
    return option_listen(text.ptr, c->address, sizeof c->address, &c->port);
}

/* ---- the options ---- */

#define AT(member) offsetof(struct command, options.member)

static const struct row {
    const char *name, *value; /* value NULL: a switch */
    setter *set;
    size_t offset;
    const char *korean, *english;
} rows[] = {
    {"listen", "ADDRESS:PORT", set_listen, 0, "들을 주소와 포트 (기본 127.0.0.1:8790)",
     "where to listen"},
    {"data", "FILE", set_path, 0, "기록 파일 (기본 practice.db)", "its file"},
    {"seed", "N", set_number, AT(seed), "무작위 씨앗", "decides every draw"},
    {"fault", "SPEC", set_fault, 0, "장애 주문, 여러 번 가능 (예: send=cut-after@0.1)",
     "what shall go wrong; may be repeated"},
    {"answer-delay", "MS", set_number, AT(answer_delay_ms), "모든 응답 앞의 지연",
     "before every answer"},
    {"result-delay", "MS", set_number, AT(result_delay_ms), "접수부터 결과까지 (기본 3000)",
     "from acceptance to result"},
    {"detail-lag", "MS", set_number, AT(detail_lag_ms),
     "일부 수신자가 늦게 보이는 시간 (기본 1000)", "some receivers are missing so long"},
    {"history-lag", "MS", set_number, AT(history_lag_ms),
     "전송내역에 늦게 나타나는 시간 (기본 1000)", "requests are missing from the history so long"},
    {"inspection-delay", "MS", set_number, AT(inspection_delay_ms),
     "검수요청부터 검수 결과까지, 0이면 저절로 끝나지 않음 (기본 10000)",
     "from template/request to the inspection's end; 0: by order only"},
    {"page-size", "N", set_number, AT(page_size), "한 쪽의 줄 수, 0이면 요청대로 (기본 50)",
     "rows of a page; 0: as asked"},
    {"points", "WON", set_won, AT(points_thousandth), "새 계정의 포인트", "of a new account"},
    {"unit-price", "WON", set_won, AT(unit_thousandth), "건당 단가 (기본 6.5)", "of a message"},
    {"failure-rate", "RATE", set_rate, AT(failure_rate), "실패하는 수신자의 비율 0-1",
     "of receivers that fail"},
    {"sends-per-second", "N", set_number, AT(sends_per_second), "초당 전송요청 한도, 0이면 없음",
     "beyond it a send is refused; 0: no limit"},
    {"strict", NULL, set_strict, 0, "템플릿과 다르면 바로 거절", "refuse a mismatch at once"},
    {"accounts", "USER:KEY,…", set_text, AT(accounts), "이 계정만 허용", "nobody else"},
    {"link-scheme", "http|https", set_scheme, AT(link_scheme), "추적 버튼의 주소 형식",
     "of tracked buttons"},
};

static void print_help(void)
{
    puts("sendingo practice-gateway: 연습용 게이트웨이 / a gateway to practise with\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char option[48];
        snprintf(option, sizeof option, "--%s %s", rows[i].name,
                 rows[i].value ? rows[i].value : "");
        printf("  %-26s %s / %s\n", option, rows[i].korean, rows[i].english);
    }
}

/* What to do after the options: -1 to run, or the exit status. */
static int read_options(struct command *c, int argc, char **argv)
{
    struct option list[COUNT_OF(rows) + 2] = {
        [COUNT_OF(rows)] = {"help", no_argument, NULL, 'h'},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        list[i] =
            (struct option){rows[i].name, rows[i].value ? required_argument : no_argument, NULL, 0};
    int found, which = 0;
    optind = 1;
    while ((found = getopt_long(argc, argv, "h", list, &which)) != -1) {
        if (found == 'h') {
            print_help();
            return 0;
        }
        if (found != 0)
            return 2; /* getopt has said why */
        if (rows[which].set(c, rows[which].offset, str_c(optarg)))
            continue;
        fprintf(stderr, "--%s: %s?\n", rows[which].name, optarg);
        return 2;
    }
    if (optind == argc)
        return -1;
    fprintf(stderr, "%s?\n", argv[optind]);
    return 2;
}

/* ---- running ---- */

static bool add_faults(struct practice *p, const struct command *c)
{
    for (size_t i = 0; i < c->fault_count; i++) {
        if (practice_wish(p, c->faults[i]))
            continue;
        fprintf(stderr, "--fault: %.*s?\n", STR_ARG(c->faults[i]));
        return false;
    }
    return true;
}

/* Serves until a signal of `stop` comes. */
static int serve(struct practice *p, const struct command *c, const sigset_t *stop)
{
    int signal_number;
    struct http_server *server = practice_listen(p, c->address, c->port);
    if (!server)
        return 1;
    bool bare = !strchr(c->address, ':');
    printf("http://%s%s%s:%u\n", bare ? "" : "[", c->address, bare ? "" : "]",
           http_server_port(server));
    fflush(stdout);
    sigwait(stop, &signal_number);
    http_server_stop(&server);
    return 0;
}

int practice_command(int argc, char **argv)
{
    struct command c = {.options = practice_options_default(), .address = "127.0.0.1"};
    c.options.path = "practice.db";
    c.port = 8790;
    int status = read_options(&c, argc, argv);
    if (status >= 0)
        return status;
    /* Blocked before any thread starts, so that only sigwait sees them. */
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    struct practice *p = practice_open(&c.options);
    if (!p)
        return 1;
    status = add_faults(p, &c) ? serve(p, &c, &stop) : 2;
    practice_close(&p);
    return status;
}
