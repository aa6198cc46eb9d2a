/*
 * xlsx_package.h - the parts of a workbook file and how they refer to each other.
 *
 * A workbook is a ZIP of XML parts held together by relationships (ECMA-376 part 2). This file
 * finds the workbook part, opens parts by name and reads relationships; it reads no part that
 * nobody asked for, and external targets are never opened. It also knows the packages that are
 * something else
 * (.xlsb, .ods, .docx) and refuses them by name. Called by xlsx_book.c and xlsx_styles.c.
 */
#ifndef SHEET_XLSX_PACKAGE_H
#define SHEET_XLSX_PACKAGE_H

#include "base/buf.h"
#include "sheet/xml_scan.h"
#include "sheet/zip.h"

struct xlsx_package {
    struct zip zip;
    struct arena *arena; /* the caller's: names and paths */
    struct trouble *trouble;
    struct str workbook; /* path of the workbook part */
};

/* Opens the package in `fd`; -1: trouble. `p` is the caller's to xlsx_package_close in either case.
 */
int xlsx_package_open(struct xlsx_package *p, int fd, int64_t file_size, struct arena *a,
                      struct trouble *t) MUST_CHECK;
void xlsx_package_close(struct xlsx_package *p);

/* Opens a part as a stream; NULL: trouble, also when it is not there. */
struct zip_stream *xlsx_package_part(struct xlsx_package *p, struct str path) MUST_CHECK;

/* Called for every element of a part when it opens; may look at name, depth (the root has 1) and
 * attributes. -1: trouble. */
typedef int xlsx_on_open(struct xlsx_package *p, struct xml *x, void *ctx);
/* Walks through a whole part; -1: trouble. */
int xlsx_package_walk(struct xlsx_package *p, struct str path, xlsx_on_open *on_open,
                      void *ctx) MUST_CHECK;
/* The value of an attribute, decoded into the arena; -1: too long or broken. */
int xlsx_package_text(struct xlsx_package *p, struct str value, struct str *out) MUST_CHECK;

/* A relationship of the kinds that matter to us. */
struct link {
    struct str id, target; /* the target as a path from the root of the package */
    enum link_type {
        LINK_OTHER, /* not kept */
        LINK_WORKBOOK,
        LINK_SHEET,
        LINK_STYLES,
        LINK_SHARED,
        LINK_OTHER_SHEET, /* in the list of sheets, but without cells */
    } type;
};

struct links {
    struct buf bytes; /* of struct link */
    const struct link *items;
    size_t count;
};

/* Reads the relationships of the part at `part` (empty: of the package); -1: trouble. `links`
 * begins zeroed and is the caller's to xlsx_links_free in either case. */
int xlsx_links_read(struct xlsx_package *p, struct str part, struct links *links) MUST_CHECK;
void xlsx_links_free(struct links *links);
/* The first target of a type; ptr NULL: none. */
struct str xlsx_links_target(const struct links *links, enum link_type type);
/* The relationship called `id`, or NULL. */
const struct link *xlsx_links_find(const struct links *links, struct str id);

#endif
