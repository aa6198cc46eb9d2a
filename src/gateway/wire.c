/*
 * wire.c - see wire.h.
 *
 * Whether anything was written is not guessed from error codes: libcurl calls us between "the
 * connection stands" and "the request is issued" (CURLOPT_PREREQFUNCTION), and that call is the
 * line between unreached and broken.
 */
#include "gateway/wire.h"

#include "base/log.h"
#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct wire {
    CURL *curl;
    struct curl_slist *headers;
    struct buf answer;
    char error[CURL_ERROR_SIZE];
    unsigned starts; /* how often the present call was issued */
    bool once;
};

/* libcurl leaves SIGPIPE to the program when told to use no signals; a peer that closes early must
 * be an error code, not our end. */
static void start_libcurl(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        fatalx("libcurl does not start");
    signal(SIGPIPE, SIG_IGN);
}

static int on_request(void *ctx, char *remote, char *local, int remote_port, int local_port)
{
    struct wire *w = ctx;
    (void)remote, (void)local, (void)remote_port, (void)local_port;
    if (w->once && w->starts > 0)
        return CURL_PREREQFUNC_ABORT;
    w->starts++;
    return CURL_PREREQFUNC_OK;
}

static size_t on_bytes(char *bytes, size_t size, size_t count, void *ctx)
{
    struct wire *w = ctx;
    size_t n = size * count;
    buf_append(&w->answer, bytes, n);
    return w->answer.failed ? 0 : n;
}

#define SET(w, option, value)                                                                      \
    do {                                                                                           \
        CURLcode set_ = curl_easy_setopt((w)->curl, option, value);                                \
        if (set_ != CURLE_OK)                                                                      \
            fatalx("libcurl refuses %s: %s", #option, curl_easy_strerror(set_));                   \
    } while (0)

struct wire *wire_open(void)
{
    static pthread_once_t started = PTHREAD_ONCE_INIT;
    pthread_once(&started, start_libcurl);
    struct wire *w = calloc(1, sizeof *w);
    if (!w || !(w->curl = curl_easy_init()))
        fatalx("out of memory");
    buf_init(&w->answer, WIRE_ANSWER_MAX);
    /* "Expect:" without a value keeps libcurl from waiting a second for a 100 Continue. */
    w->headers = curl_slist_append(NULL, "Expect:");
    if (!w->headers)
        fatalx("out of memory");
    SET(w, CURLOPT_NOSIGNAL, 1L);
    SET(w, CURLOPT_PROTOCOLS_STR, "http,https");
    SET(w, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(w, CURLOPT_FOLLOWLOCATION, 0L);
    SET(w, CURLOPT_PROXY, "");
    SET(w, CURLOPT_MAXCONNECTS, 2L);
    SET(w, CURLOPT_USERAGENT, "sendingo");
    SET(w, CURLOPT_HTTPHEADER, w->headers);
    SET(w, CURLOPT_ERRORBUFFER, w->error);
    SET(w, CURLOPT_WRITEFUNCTION, on_bytes);
    SET(w, CURLOPT_WRITEDATA, w);
    SET(w, CURLOPT_PREREQFUNCTION, on_request);
    SET(w, CURLOPT_PREREQDATA, w);
    return w;
}

void wire_close(struct wire **w)
{
    struct wire *gone = *w;
    *w = NULL;
    if (!gone)
        return;
    curl_easy_cleanup(gone->curl);
    curl_slist_free_all(gone->headers);
    buf_free(&gone->answer);
    free(gone);
}

/* ---- the body ---- */

static void check(CURLcode code)
{
    if (code != CURLE_OK)
        fatalx("libcurl refuses a field: %s", curl_easy_strerror(code));
}

static void add_part(curl_mime *mime, const struct wire_part *from)
{
    curl_mimepart *part = curl_mime_addpart(mime);
    if (!part)
        fatalx("out of memory");
    check(curl_mime_name(part, from->name));
    check(curl_mime_data(part, from->value.ptr, from->value.len));
    if (!from->file)
        return;
    check(curl_mime_filename(part, from->file));
    check(curl_mime_type(part, from->type));
}

static curl_mime *make_mime(struct wire *w, const struct wire_call *call)
{
    curl_mime *mime = curl_mime_init(w->curl);
    if (!mime)
        fatalx("out of memory");
    for (size_t i = 0; i < call->part_count; i++)
        add_part(mime, &call->parts[i]);
    return mime;
}

/* Whichever of the two kinds is set last is the one that is sent. */
static void set_form(struct wire *w, struct str body)
{
    SET(w, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    SET(w, CURLOPT_POSTFIELDS, body.ptr);
}

enum wire_outcome wire_post(struct wire *w, const struct wire_call *call,
                            struct wire_answer *answer)
{
    buf_clear(&w->answer);
    w->error[0] = '\0';
    w->starts = 0;
    w->once = call->once;
    SET(w, CURLOPT_URL, call->url);
    curl_mime *mime = call->part_count ? make_mime(w, call) : NULL;
    if (mime)
        SET(w, CURLOPT_MIMEPOST, mime);
    else
        set_form(w, call->body);
    SET(w, CURLOPT_FRESH_CONNECT, call->once ? 1L : 0L);
    SET(w, CURLOPT_FORBID_REUSE, call->once ? 1L : 0L);
    SET(w, CURLOPT_CONNECTTIMEOUT_MS, call->connect_ms);
    SET(w, CURLOPT_TIMEOUT_MS, call->total_ms);

    CURLcode code = curl_easy_perform(w->curl);
    if (mime)
        SET(w, CURLOPT_MIMEPOST, NULL);
    curl_mime_free(mime);
    *answer = (struct wire_answer){.body = buf_view(&w->answer), .what = w->error};
    if (w->answer.failed)
        answer->what = "the answer is longer than any answer should be";
    else if (w->error[0] == '\0')
        answer->what = curl_easy_strerror(code);
    curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &answer->status);
    if (w->starts == 0)
        return WIRE_UNREACHED;
    return code == CURLE_OK ? WIRE_ANSWERED : WIRE_BROKEN;
}
