/*
 * assets.h - the files of the web page inside the binary.
 *
 * The table is generated from ui/dist at build time: content, type, entity tag, and the gzip and
 * brotli forms where they are smaller. Names that carry a hash are immutable to caches.
 */
#ifndef HTTP_ASSETS_H
#define HTTP_ASSETS_H

#include "base/str.h"

struct http_asset {
    const char *path; /* "/assets/index-3f9c.js" */
    const char *mime;
    const char *etag; /* quoted */
    bool immutable;
    const unsigned char *raw, *raw_end;
    const unsigned char *gzip, *gzip_end;     /* NULL: not smaller */
    const unsigned char *brotli, *brotli_end; /* NULL: not smaller */
};

extern const struct http_asset ui_assets[];
extern const size_t ui_asset_count;

#endif
