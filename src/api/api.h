/*
 * api.h - what every handler of the API stands on: who is calling, how to read, how to refuse.
 *
 * The hooks borrow a connection, find the session, check the role of the route's row and that the
 * request comes from our own page; a handler then reads its input with api_body or api_page, calls
 * one verb of the domain and writes the answer. Handlers live in one file per resource; routes.c
 * has them all in one table.
 */
#ifndef API_API_H
#define API_API_H

#include "domain/session.h"
#include "http/http.h"

/* Permission of a route's row: an enum role, or: */
#define API_NO_STORE (-1) /* anybody, and no connection is borrowed */

/* What the handlers share; one per process, read-only while it runs. */
struct api_app {
    struct store *store;
    const struct clock *clock;
    const char *public_url;    /* "https://send.example.kr", no slash at the end; NULL in tests */
    const char *practice_url;  /* where the practice gateway listens; NULL: it is off */
    const char *upload_folder; /* uploads become files of an import here */
    struct links *links;       /* the redirect's state; NULL in tests */
    struct sender *sender;     /* to be woken; NULL in tests */
    struct importer *importer; /* likewise */
};

/* One call; made by the enter hook, lives in the exchange's arena. */
struct api_call {
    struct scope scope;
    struct session session; /* of a route that needs a role */
    struct str token;       /* the session cookie; ptr NULL: none */
    bool english;
};

extern const struct http_route api_routes[];
extern const size_t api_route_count;
extern const struct http_hooks api_hooks;

static inline struct api_app *api_app(const struct http_exchange *x)
{
    return x->app;
}

static inline struct api_call *api_call(const struct http_exchange *x)
{
    return x->call;
}

static inline struct scope *api_scope(const struct http_exchange *x)
{
    return &api_call(x)->scope;
}

static inline bool api_english(const struct http_exchange *x)
{
    return api_call(x)->english;
}

/* ---- refusing ---- */

/* Answers with the problem, its arguments and field errors from the scope; returns the status. For
 * PROBLEM_NONE returns 0, so that a handler can say: if ((status = api_problem(x, …))) return
 * status. */
int api_problem(struct http_exchange *x, enum problem p);

/* ---- reading ---- */

enum api_type {
    API_TEXT,   /* struct str; "" is given, ptr NULL is not */
    API_NUMBER, /* int64_t, not negative */
    API_BOOL,   /* bool */
    API_IDS,    /* struct api_ids */
    API_OBJECT, /* const json_t *, owned by the request */
    API_ARRAY,  /* const json_t *, likewise */
};

struct api_ids {
    const int64_t *list;
    size_t count;
};

/* One member of a JSON body and where it goes. */
struct api_field {
    const char *name;
    size_t offset; /* into the handler's struct */
    size_t max;    /* characters of a text, elements of a list; 0: API_TEXT_MAX, API_LIST_MAX */
    enum api_type type;
    bool required;
    bool nullable; /* null is taken as given but empty */
};

#define API_TEXT_MAX ((size_t)10000)
#define API_LIST_MAX ((size_t)10000)

/* A row of a table of fields; what differs from the usual follows: .required = true, .max = 100 …
 */
#define API_FIELD(struct_, member, ...)                                                            \
    {                                                                                              \
        .name = #member, .offset = offsetof(struct_, member), .type = __VA_ARGS__                  \
    }

/* Reads the JSON body into *out by the table. `given`, when not NULL, gets one bit per row for the
 * members that were there (null included). Notes every wrong, missing or unknown member and answers
 * 422; returns 0 when all is well. */
int api_body(struct http_exchange *x, const struct api_field *fields, size_t count, void *out,
             unsigned *given);
/* The same for an object inside the body, without answering: notes errors under `field`. */
void api_object(struct http_exchange *x, const json_t *object, const struct api_field *fields,
                size_t count, void *out, unsigned *given);
/* Reads ?limit= and ?cursor=; 0, or 400 answered. */
int api_page(struct http_exchange *x, struct page *page);
/* Reads a number in the query, *out untouched when it is absent; 0, or 400 answered. */
int api_query_i64(struct http_exchange *x, const char *name, int64_t min, int64_t *out);

/* The part of a short list, read whole, that a page shows; `next` has ptr NULL at its end. */
struct api_slice {
    size_t from, to;
    struct str next;
};
struct api_slice api_slice(struct http_exchange *x, const struct page *page, size_t count);

/* ---- writing ---- */

/* {"items": [ … ], "next_cursor": …}: begin, write the items, end. */
struct json api_list_begin(struct http_exchange *x);
int api_list_end(struct json *j, struct str next);
/* 204 */
int api_no_content(struct http_exchange *x);
/* {"id": …, "name": …} */
void api_ref(struct json *j, const char *key, int64_t id, struct str name);

/* ---- within the frame ---- */

/* True when people reach us by https, as far as we were told. */
bool api_is_https(const struct api_app *app);
/* The session cookie of the request, or ptr NULL. */
struct str api_cookie(const struct http_exchange *x);
/* Sets or (empty token) removes the session cookie. */
void api_cookie_set(struct http_exchange *x, struct str token);
/* Runs the handler of a POST that carries an Idempotency-Key, or answers for it. */
int api_idempotent(struct http_exchange *x, struct str key);

#endif
