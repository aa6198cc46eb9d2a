/*
 * multipart.c - http_multipart_read, see http.h: libmicrohttpd's reader over a body in memory.
 *
 * Called by the practice gateway, whose clients send a template's image that way. It looks at the
 * connection's headers once, which nobody changes while the connection sleeps. Nested parts and
 * transfer encodings are not decoded.
 */
#include "http/http.h"

#include <microhttpd.h>

#define READ_BUFFER 4096

struct reading {
    http_multipart_take *take;
    void *ctx;
    bool any;
};

static enum MHD_Result on_piece(void *cls, enum MHD_ValueKind kind UNUSED, const char *key,
                                const char *file UNUSED, const char *type UNUSED,
                                const char *coding UNUSED, const char *data, uint64_t offset,
                                size_t size)
{
    struct reading *r = cls;
    r->any = true;
    r->take(r->ctx, str_c(key), str_n(data ? data : "", size), offset == 0);
    return MHD_YES;
}

static bool is_multipart(const struct http_exchange *x)
{
    static const struct str wanted = STR_INIT("multipart/form-data");
    struct str type = http_header(x, "Content-Type");
    return type.ptr && str_eq_nocase(str_slice(type, 0, wanted.len), wanted);
}

bool http_multipart_read(struct http_exchange *x, http_multipart_take *take, void *ctx)
{
    struct reading r = {take, ctx, false};
    if (!x->connection || !is_multipart(x))
        return false;
    struct MHD_PostProcessor *reader =
        MHD_create_post_processor(x->connection, READ_BUFFER, on_piece, &r);
    if (!reader)
        return false; /* no boundary */
    struct str body = x->request.body;
    bool read = MHD_post_process(reader, body.ptr, body.len) == MHD_YES;
    bool ended = MHD_destroy_post_processor(reader) == MHD_YES;
    return read && ended && r.any; /* a body without its boundary is read as nothing */
}
