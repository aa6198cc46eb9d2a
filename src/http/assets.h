/*
 * assets.h - the files of the web page inside the binary.
 *
 * The table is generated from ui/dist at build time: content, type, entity tag, and the gzip and
 * brotli forms where they are smaller (scripts/pack-assets.py). Names that carry a hash are
 * immutable to caches. Read by server.c's visits and by handlers that answer with an asset.
 */
#ifndef HTTP_ASSETS_H
#define HTTP_ASSETS_H

#include "base/str.h"

struct http_asset {
    const char *path; /* "/assets/index-3f9c.js" */
    const char *mime; /* NULL: by the ending of the path */
    const char *etag; /* strong, quoted */
    bool immutable;
    const unsigned char *raw, *raw_end;
    const unsigned char *gzip, *gzip_end;     /* NULL: not smaller */
    const unsigned char *brotli, *brotli_end; /* NULL: not smaller */
};

extern const struct http_asset ui_assets[];
extern const size_t ui_asset_count;

struct http_config;
struct http_exchange;

/* Looks for a GET's path among the assets (or in the development folder): 200 with the response
 * filled, or 0 when there is none. "/" and unknown paths that no route claims get the fallback page
 * when the client accepts text/html. */
int assets_find(struct http_exchange *x, const struct http_config *config);

/* Chooses the form of x->response.asset that the client takes, sets type, caching, entity tag and
 * encoding, and points `content` at its bytes. Returns 200, or 304 when the client has it. */
int asset_prepare(struct http_exchange *x, struct str *content);

#endif
