/*
 * http.h - what a handler sees of HTTP: a route, a request, a response.
 *
 * A server (http/server.h) reads a request from its socket, finds the route by method and path,
 * lets the body stream into memory or into a file, and calls the route's handler in a worker thread
 * with an exchange. A handler is a plain function from exchange to status; a test makes an exchange
 * without a socket (http_exchange_run). This room knows no domain: the application hangs its own
 * state on `app` and `call`.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"

#include <stdatomic.h>

enum http_method {
    HTTP_GET, /* HEAD is answered by the GET route without its body */
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
};

/* How a route takes its body. */
enum http_body {
    HTTP_BODY_NONE, /* a body is refused */
    HTTP_BODY_JSON, /* at most body_max bytes, parsed strictly into request.json */
    HTTP_BODY_FORM, /* at most body_max bytes, left raw in request.body */
    HTTP_BODY_FILE, /* streamed to a file in the server's upload folder, at most body_max bytes */
};

#define HTTP_PARAMS_MAX  4                 /* path parameters of one route */
#define HTTP_QUERY_MAX   32                /* query parameters of one request */
#define HTTP_HEADERS_MAX 64                /* request headers kept */
#define HTTP_JSON_MAX    ((size_t)1 << 20) /* usual maximum of a JSON body */

struct http_field {
    struct str name, value;
};

struct http_exchange;

/* Answers the exchange and returns the HTTP status. Anything it allocates comes from x->arena. */
typedef int http_handler(struct http_exchange *x);

/* One row of the route table. `{name}` in a path is one segment, decimal unless it ends in `*`
 * (`{token*}`: any text); a segment that does not fit makes the path unknown (404). The first row
 * that fits wins. */
struct http_route {
    enum http_method method;
    const char *path;
    int permission; /* meaning belongs to the application's `enter` hook */
    http_handler *handler;
    const char *operation; /* operationId in the OpenAPI file; NULL when not part of the API */
    enum http_body body;
    size_t body_max; /* 0: HTTP_JSON_MAX */
    bool quick; /* handler and hooks never block: they run in the epoll thread, without a hop */
};

struct http_request {
    enum http_method method;
    bool head;       /* a HEAD request on a GET route */
    struct str path; /* decoded, without the query */
    struct str peer; /* address of the other end as text (behind a trusted proxy: its header) */
    struct http_field query[HTTP_QUERY_MAX];
    size_t query_count;
    struct http_field headers[HTTP_HEADERS_MAX];
    size_t header_count;
    struct str params[HTTP_PARAMS_MAX]; /* in the order of the path */
    struct str body;                    /* HTTP_BODY_JSON and HTTP_BODY_FORM */
    json_t *json; /* HTTP_BODY_JSON: the parsed body; freed with the exchange */
    struct str
        file_path; /* HTTP_BODY_FILE: NUL-terminated; removed after the handler unless moved */
    int64_t file_size;
};

/* How a response may misbehave on purpose (practice gateway only). */
enum http_fault {
    HTTP_FAULT_NONE,
    HTTP_FAULT_CUT,  /* close the connection instead of answering */
    HTTP_FAULT_HALF, /* close it after half of the body */
    HTTP_FAULT_HANG, /* never answer until the client gives up or the server stops */
};

/* A source of server-sent events. `next` appends complete events ("id: …\nevent: …\ndata: …\n\n")
 * that are new since the last call; it runs in the server's event thread about twice a second and
 * returns false to end the stream. `close` is called once, whatever ended it. */
struct http_stream {
    bool (*next)(void *ctx, struct buf *out);
    void (*close)(void *ctx);
    void *ctx;
};

struct http_asset; /* http/assets.h */

/* A body that lies in a file: its first `size` bytes. */
struct http_file {
    bool given;
    int fd; /* closed by the exchange */
    int64_t size;
};

#define HTTP_RESPONSE_HEADERS_MAX 24 /* five of them the room's own */
#define HTTP_RESPONSE_MAX         ((size_t)32 << 20)

struct http_response {
    struct buf body;
    const char *content_type; /* NULL: application/json; charset=utf-8 */
    struct http_field headers[HTTP_RESPONSE_HEADERS_MAX];
    size_t header_count;
    const struct http_asset *asset; /* set: the body is this embedded file */
    struct http_file file;          /* given: the body is a file */
    struct http_stream stream;      /* next set: server-sent events */
    enum http_fault fault;
    int64_t delay_ms; /* answer only after so long (practice gateway only) */
};

struct http_exchange {
    struct arena arena;
    const struct http_route *route;
    struct http_request request;
    struct http_response response;
    /* Becomes true when the server stops: whoever works for long ends early. NULL without one. */
    const atomic_bool *stopping;
    void *connection; /* libmicrohttpd's; NULL without a socket */
    void *app;        /* the application, as given to the server */
    void *call;       /* what the `enter` hook made for this call */
};

/* What the application adds around every handler; both run in the worker thread. */
struct http_hooks {
    /* Before the handler (also when no route matched: x->route NULL is not passed; only found
     * routes are). Returns 0 to go on, or the status of the refusal it has answered itself. */
    int (*enter)(struct http_exchange *x);
    /* After the handler, always when enter was called. */
    void (*leave)(struct http_exchange *x);
    /* May be NULL. Before the body of an HTTP_BODY_FILE route is taken, so that a stranger cannot
     * fill the disk: 0, or the status of the refusal it has answered. It keeps nothing in the
     * exchange; enter comes afterwards all the same. */
    int (*admit)(struct http_exchange *x);
};

/* ---- reading the request ---- */

/* First header of that name (case-blind) or a str with ptr NULL. */
struct str http_header(const struct http_exchange *x, const char *name);
/* First query parameter of that name, decoded, or ptr NULL. */
struct str http_query(const struct http_exchange *x, const char *name);
/* Cookie of that name or ptr NULL. */
struct str http_cookie(const struct http_exchange *x, const char *name);
/* Path parameter as number; the router has checked that it is one. */
int64_t http_param_i64(const struct http_exchange *x, size_t index);
/* True when Accept-Language prefers English over Korean; Korean is the default. */
bool http_wants_english(const struct http_exchange *x);
/* Next field of a form body (application/x-www-form-urlencoded), decoded into the arena; false at
 * the end. `rest` starts as the body. A malformed escape stays as it is written. */
bool http_form_next(struct arena *a, struct str *rest, struct http_field *field);
/* Takes one piece of a field of a multipart/form-data body; a field larger than a few kilobytes
 * comes in several, and `first` marks the one that begins it. */
typedef void http_multipart_take(void *ctx, struct str name, struct str piece, bool first);
/* Hands every field of a body that came as multipart/form-data (on an HTTP_BODY_FORM route) to
 * `take`, in order. False when it is none, or is broken: what was handed out is then worth
 * nothing. Needs a socket beneath the exchange. */
bool http_multipart_read(struct http_exchange *x, http_multipart_take *take, void *ctx) MUST_CHECK;

/* ---- writing the response ---- */

/* Adds a header; both texts must live as long as the arena. CR, LF and NUL are a programming error.
 */
void http_set_header(struct http_exchange *x, const char *name, struct str value);
/* An application/problem+json answer (RFC 9457) and its status. `detail` may be empty; `member`
 * names what there is beyond the standard members, as ready JSON, or is NULL. */
int http_problem(struct http_exchange *x, int status, const char *code, struct str title,
                 struct str detail, const char *member, struct str json);
/* A Content-Security-Policy: everything from our own files, images from `images` as well. */
#define HTTP_POLICY(images)                                                                        \
    "default-src 'self'; img-src 'self' data: " images "; style-src 'self' 'unsafe-inline'; "      \
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

/* A JSON writer on the response body. */
struct json http_json(struct http_exchange *x);
/* The body is the first `size` bytes of `fd`, which the exchange owns from here on. Set the
 * content_type. */
void http_file(struct http_exchange *x, int fd, int64_t size);
/* Content-Disposition: the browser saves the body under `name` (UTF-8; what cannot stand in a
 * file's name becomes _); `ascii` is for those that read no RFC 5987. */
void http_attachment(struct http_exchange *x, const char *ascii, struct str name);
/* 302 to `url` with no-store and no-referrer. */
int http_redirect(struct http_exchange *x, struct str url);

/* ---- without a socket ---- */

struct http_call {
    const struct http_route *routes;
    size_t route_count;
    const struct http_hooks *hooks; /* may be NULL */
    void *app;
    const char *upload_folder; /* for HTTP_BODY_FILE; NULL: /tmp */
};

/* Routes and runs one request in the calling thread as a server would (404, 405, 400, 413 … come
 * out too) and returns the status; `target` is path and query. The exchange must be zeroed; end it
 * with http_exchange_end. `headers` may be NULL. */
int http_exchange_run(const struct http_call *call, struct http_exchange *x,
                      enum http_method method, const char *target, const struct http_field *headers,
                      size_t header_count, struct str body);
void http_exchange_end(struct http_exchange *x);

#endif
