/*
 * file.c - see file.h.
 */
#include "api/file.h"
#include "base/log.h"
#include "domain/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_MAX_OURS 4096

static atomic_int files; /* that are being made */

int api_file_kind(struct http_exchange *x, enum sheet_out_kind *kind)
{
    struct str word = http_query(x, "format");
    *kind = SHEET_OUT_XLSX;
    if (!word.ptr || str_eq(word, sheet_out_suffix(SHEET_OUT_XLSX)))
        return 0;
    *kind = SHEET_OUT_CSV;
    if (str_eq(word, sheet_out_suffix(SHEET_OUT_CSV)))
        return 0;
    return api_problem(x, scope_fail(api_scope(x), PROBLEM_BAD_REQUEST, STR("format")));
}

/* A file without a name; where the file system knows none, one whose name is gone at once. */
static int file_open(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
        return fd;
    char path[PATH_MAX_OURS];
    int n = snprintf(path, sizeof path, "%s/export-XXXXXX", folder);
    fd = n < (int)sizeof path ? mkostemp(path, O_CLOEXEC) : -1;
    if (fd >= 0)
        unlink(path);
    return fd;
}

int api_file_begin(struct http_exchange *x, struct api_file *f, enum sheet_out_kind kind)
{
    *f = (struct api_file){.fd = -1, .kind = kind};
    if (atomic_fetch_add(&files, 1) >= API_FILES_MAX) {
        atomic_fetch_sub(&files, 1);
        return api_problem(x, PROBLEM_EXPORTS_MANY);
    }
    f->fd = file_open(api_app(x)->upload_folder);
    if (f->fd >= 0)
        return 0;
    atomic_fetch_sub(&files, 1);
    return api_problem(x, export_problem(errno));
}

void api_file_sheet(struct api_file *f, const struct sheet_out_head *head)
{
    f->out = sheet_out_open(f->kind, f->fd, head);
    if (!f->out)
        fatalx("out of memory (file)");
}

static int file_answer(struct http_exchange *x, const struct api_file *f, const char *ascii,
                       struct str name)
{
    struct stat about;
    struct str suffix = sheet_out_suffix(f->kind);
    struct str date = kst_date_compact(&x->arena, scope_now(api_scope(x)));
    if (fstat(f->fd, &about) != 0)
        fatalx("cannot stat a file that is open");
    struct str plain = str_printf(&x->arena, "%s-%.*s.%.*s", ascii, STR_ARG(date), STR_ARG(suffix));
    x->response.content_type = sheet_out_media_type(f->kind);
    http_attachment(
        x, plain.ptr,
        str_printf(&x->arena, "%.*s_%.*s.%.*s", STR_ARG(name), STR_ARG(date), STR_ARG(suffix)));
    http_file(x, f->fd, about.st_size);
    return 200;
}

int api_file_end(struct http_exchange *x, struct api_file *f, enum problem p, const char *ascii,
                 struct str name)
{
    enum problem written = export_problem(sheet_out_close(&f->out));
    atomic_fetch_sub(&files, 1);
    p = p ? p : written;
    if (!p)
        return file_answer(x, f, ascii, name);
    close(f->fd);
    return api_problem(x, p);
}
