/*
 * assets.c - see assets.h. Embedded files are sent from the binary's own pages without a copy; the
 * development folder is read anew for every request and refuses hidden names and "..".
 */
#include "http/assets.h"
#include "http/form.h"
#include "http/response.h"
#include "http/router.h"
#include "http/server.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct mime {
    struct str suffix;
    const char *type;
} mimes[] = {
    {STR_INIT(".html"), "text/html; charset=utf-8"},
    {STR_INIT(".js"), "text/javascript; charset=utf-8"},
    {STR_INIT(".css"), "text/css; charset=utf-8"},
    {STR_INIT(".json"), "application/json; charset=utf-8"},
    {STR_INIT(".map"), "application/json; charset=utf-8"},
    {STR_INIT(".svg"), "image/svg+xml"},
    {STR_INIT(".png"), "image/png"},
    {STR_INIT(".jpg"), "image/jpeg"},
    {STR_INIT(".webp"), "image/webp"},
    {STR_INIT(".ico"), "image/x-icon"},
    {STR_INIT(".woff2"), "font/woff2"},
    {STR_INIT(".txt"), "text/plain; charset=utf-8"},
    {STR_INIT(".webmanifest"), "application/manifest+json"},
    {STR_INIT(".xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
};

static const char *mime_of(struct str path)
{
    for (size_t i = 0; i < COUNT_OF(mimes); i++)
        if (str_ends(path, mimes[i].suffix))
            return mimes[i].type;
    return "application/octet-stream";
}

static bool file_read(int fd, struct buf *out)
{
    for (;;) {
        char *to = buf_reserve(out, (size_t)64 << 10);
        ssize_t n = to ? read(fd, to, (size_t)64 << 10) : -1;
        if (n <= 0)
            return n == 0;
        out->len += (size_t)n;
    }
}

static int folder_answer(struct http_exchange *x, const char *folder, struct str path)
{
    if (str_find(path, STR("/."), 0) >= 0)
        return 0;
    struct str name = str_printf(&x->arena, "%s%.*s", folder, STR_ARG(path));
    int fd = open(name.ptr, O_RDONLY | O_CLOEXEC);
    struct stat about;
    bool good = fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
                file_read(fd, &x->response.body);
    if (fd >= 0)
        close(fd);
    if (!good) {
        buf_clear(&x->response.body);
        return 0;
    }
    x->response.content_type = mime_of(path);
    return 200;
}

static int path_answer(struct http_exchange *x, const struct http_config *config, struct str path)
{
    if (config->asset_folder)
        return folder_answer(x, config->asset_folder, path);
    for (size_t i = 0; i < config->asset_count; i++) {
        if (str_eq(path, str_c(config->assets[i].path))) {
            x->response.asset = &config->assets[i];
            return 200;
        }
    }
    return 0;
}

static bool wants_page(const struct http_exchange *x, const struct http_config *config)
{
    size_t order;
    struct str path = x->request.path;
    if (!config->fallback_asset)
        return false;
    if (str_eq(path, STR("/")))
        return true;
    return accept_weight(http_header(x, "Accept"), STR("text/html"), &order) > 0 &&
           !route_claims(config->routes, config->route_count, path);
}

int assets_find(struct http_exchange *x, const struct http_config *config)
{
    int status = path_answer(x, config, x->request.path);
    if (status == 0) /* a page of its own: /docs is docs.html */
        status =
            path_answer(x, config, str_printf(&x->arena, "%.*s.html", STR_ARG(x->request.path)));
    if (status == 0 && wants_page(x, config))
        status = path_answer(x, config, str_c(config->fallback_asset));
    return status;
}

/* The same file in another encoding is another entity: "abc" becomes "abc-br". */
static struct str etag_of(struct http_exchange *x, const char *encoding)
{
    struct str raw = str_c(x->response.asset->etag);
    if (!encoding)
        return raw;
    return str_printf(&x->arena, "%.*s-%s\"", (int)raw.len - 1, raw.ptr, encoding);
}

static bool client_has(const struct http_exchange *x, struct str etag)
{
    struct str rest = http_header(x, "If-None-Match"), item;
    while (str_split(&rest, ',', &item)) {
        item = str_trim(item);
        if (str_starts(item, STR("W/")))
            item = str_slice(item, 2, item.len);
        if (str_eq(item, etag) || str_eq(item, STR("*")))
            return true;
    }
    return false;
}

static bool client_takes(const struct http_exchange *x, struct str encoding)
{
    size_t order;
    return accept_weight(http_header(x, "Accept-Encoding"), encoding, &order) > 0;
}

static struct str bytes_between(const unsigned char *from, const unsigned char *to)
{
    return str_n((const char *)from, (size_t)(to - from));
}

int asset_prepare(struct http_exchange *x, struct str *content)
{
    const struct http_asset *asset = x->response.asset;
    const char *encoding = NULL;
    *content = bytes_between(asset->raw, asset->raw_end);
    if (asset->brotli && client_takes(x, STR("br"))) {
        encoding = "br";
        *content = bytes_between(asset->brotli, asset->brotli_end);
    } else if (asset->gzip && client_takes(x, STR("gzip"))) {
        encoding = "gzip";
        *content = bytes_between(asset->gzip, asset->gzip_end);
    }
    struct str etag = etag_of(x, encoding);
    http_set_header(x, "ETag", etag);
    http_set_header(x, "Vary", STR("Accept-Encoding"));
    http_set_header(x, "Cache-Control",
                    asset->immutable ? STR("public, max-age=31536000, immutable")
                                     : STR("no-cache"));
    x->response.content_type = asset->mime ? asset->mime : mime_of(str_c(asset->path));
    if (client_has(x, etag)) {
        *content = STR("");
        return 304;
    }
    if (encoding)
        http_set_header(x, "Content-Encoding", str_c(encoding));
    return 200;
}
