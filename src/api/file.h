/*
 * file.h - an answer that is a spreadsheet: made by the handler row by row, then sent.
 *
 * The file has no name in the data folder, so nothing is left behind whatever happens, and it is
 * whole before the first byte leaves: a slow reader holds neither a thread nor the database, and
 * trouble is still answered as a problem. Called by exports.c and imports.c:
 *
 *     struct api_file f;
 *     int status = api_file_begin(x, &f, SHEET_OUT_XLSX);
 *     if (status)
 *         return status;
 *     api_file_sheet(&f, &head);
 *     … sheet_out_row(f.out, cells, count) …
 *     return api_file_end(x, &f, problem, "errors", STR("오류 행"));
 */
#ifndef API_FILE_H
#define API_FILE_H

#include "api/api.h"
#include "sheet/sheet_out.h"

/* Files that are made at once: they are work for a core, and the other handlers need some too. */
#define API_FILES_MAX 4

struct api_file {
    int fd;
    enum sheet_out_kind kind;
    struct sheet_out *out; /* after api_file_sheet */
};

/* Reads ?format=, xlsx when it is absent; 0, or 400 answered. */
int api_file_kind(struct http_exchange *x, enum sheet_out_kind *kind);

/* Makes the file. 0, and then api_file_end must follow; or a refusal (503, 507) answered. */
int api_file_begin(struct http_exchange *x, struct api_file *f, enum sheet_out_kind kind);
/* Begins the sheet in it; for handlers that write rows themselves. `head` as in sheet_out_open. */
void api_file_sheet(struct api_file *f, const struct sheet_out_head *head);
/* Ends the file and answers with it, or with the problem `p` when that is not NONE, or with 507
 * when it could not be written. The browser saves it as `name`, today's date and the suffix;
 * `ascii` (a literal) is the name for old programs. Returns the status. */
int api_file_end(struct http_exchange *x, struct api_file *f, enum problem p, const char *ascii,
                 struct str name);

#endif
