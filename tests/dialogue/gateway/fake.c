/*
 * fake.c - see fake.h.
 */
#include "fake.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_MAX ((size_t)32 << 20)

static bool readable(const struct fake *f, int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (!atomic_load(&f->stopping))
        if (poll(&p, 1, 20) > 0)
            return true;
    return false;
}

/* The length the head announces, 0 without one. */
static size_t content_length(struct str head)
{
    static const char name[] = "\r\nContent-Length: ";
    ptrdiff_t at = str_find(head, STR(name), 0);
    return at < 0 ? 0 : strtoul(head.ptr + at + sizeof name - 1, NULL, 10);
}

/* Reads one request into f->last; false when the client went before its end. */
static bool read_request(struct fake *f, int fd)
{
    static const struct str end = STR_INIT("\r\n\r\n");
    size_t want = 0;
    buf_clear(&f->last);
    while (want == 0 || f->last.len < want) {
        char *to = buf_reserve(&f->last, 65536);
        assert(to);
        if (!readable(f, fd))
            return false;
        ssize_t n = recv(fd, to, 65536, 0);
        if (n <= 0)
            return false;
        f->last.len += (size_t)n;
        ptrdiff_t head = str_find(buf_view(&f->last), end, 0);
        if (want == 0 && head >= 0)
            want = (size_t)head + end.len + content_length(buf_view(&f->last));
    }
    atomic_fetch_add(&f->requests, 1);
    return true;
}

static void write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = send(fd, bytes, n, MSG_NOSIGNAL);
        if (done <= 0)
            return;
        bytes += done;
        n -= (size_t)done;
    }
}

static void write_slowly(const struct fake *f, int fd, const char *bytes, int delay_ms)
{
    for (; *bytes && !atomic_load(&f->stopping); bytes++) {
        write_all(fd, bytes, 1);
        poll(NULL, 0, delay_ms);
    }
}

static void write_answer(const struct fake *f, int fd, const struct fake_step *step)
{
    if (step->head)
        write_all(fd, step->head, strlen(step->head));
    if (step->body && step->byte_delay_ms)
        write_slowly(f, fd, step->body, step->byte_delay_ms);
    else if (step->body)
        for (size_t i = 0; i < (step->body_times ? step->body_times : 1); i++)
            write_all(fd, step->body, strlen(step->body));
}

static void end_connection(const struct fake *f, int fd, enum fake_end end)
{
    char byte;
    if (end == FAKE_HOLD)
        while (readable(f, fd) && recv(fd, &byte, 1, 0) > 0)
            ;
    if (end == FAKE_RESET)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1},
                   sizeof(struct linger));
    close(fd);
}

/* One connection; *turn is the step of the next request. */
static void serve(struct fake *f, int fd, size_t *turn)
{
    const struct fake_step *step;
    do {
        step = &f->steps[*turn < f->count ? *turn : f->count - 1];
        if (!step->unread && !read_request(f, fd)) {
            close(fd);
            return;
        }
        (*turn)++;
        write_answer(f, fd, step);
    } while (step->end == FAKE_KEEP);
    end_connection(f, fd, step->end);
}

static void *run(void *ctx)
{
    struct fake *f = ctx;
    size_t turn = 0;
    while (readable(f, f->listener)) {
        int fd = accept(f->listener, NULL, NULL);
        assert(fd >= 0);
        atomic_fetch_add(&f->connections, 1);
        serve(f, fd, &turn);
    }
    return NULL;
}

void fake_start(struct fake *f, const struct fake_step *steps, size_t count)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    buf_free(&f->last);
    *f = (struct fake){.steps = steps, .count = count, .last = BUF_INIT(REQUEST_MAX)};
    f->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int failed = bind(f->listener, (struct sockaddr *)&address, sizeof address) ||
                 listen(f->listener, 8) ||
                 getsockname(f->listener, (struct sockaddr *)&address, &length) ||
                 pthread_create(&f->thread, NULL, run, f);
    assert(!failed);
    f->running = true;
    f->port = ntohs(address.sin_port);
}

void fake_stop(struct fake *f)
{
    if (!f->running)
        return;
    f->running = false;
    atomic_store(&f->stopping, true);
    pthread_join(f->thread, NULL);
    close(f->listener);
}
