/*
 * body.c - see body.h. A file's name is random and its
 * mode 0600; it is never held in memory, and exchange_end removes it unless the handler moved it.
 */
#include "http/body.h"
#include "base/log.h"
#include "http/response.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PREFIX     "upload-"
#define LEFTOVER_S 3600 /* far beyond any pause that the body's deadline permits */

size_t body_max(const struct http_exchange *x)
{
    return x->route->body_max ? x->route->body_max : HTTP_JSON_MAX;
}

void body_begin(struct body *b)
{
    *b = (struct body){.fd = -1};
}

int body_open(struct body *b, struct http_exchange *x, const char *folder)
{
    uint64_t name[2];
    ssize_t got = getrandom(name, sizeof name, 0);
    assert(got == (ssize_t)sizeof name);
    struct str path = str_printf(&x->arena, "%s/" PREFIX "%016llx%016llx", folder,
                                 (unsigned long long)name[0], (unsigned long long)name[1]);
    b->fd = open(path.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (b->fd < 0) {
        log_warn("upload: cannot make a file in %s", folder);
        return response_refuse(x, REFUSAL_STORAGE, STR(""));
    }
    x->request.file_path = path;
    return 0;
}

static bool file_write(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        n -= (size_t)written;
    }
    return true;
}

int body_take(struct body *b, struct http_exchange *x, const void *bytes, size_t n)
{
    size_t max = body_max(x);
    if (n > max || (uint64_t)b->size > max - n)
        return response_refuse(x, REFUSAL_TOO_LARGE, STR(""));
    if (b->fd < 0) {
        b->bytes.max = max;
        buf_append(&b->bytes, bytes, n);
        if (b->bytes.failed)
            return response_refuse(x, REFUSAL_BUSY, STR(""));
    } else if (!file_write(b->fd, bytes, n)) {
        log_warn("upload: cannot write");
        return response_refuse(x, REFUSAL_STORAGE, STR(""));
    }
    b->size += (int64_t)n;
    return 0;
}

void body_finish(struct body *b, struct http_exchange *x)
{
    x->request.file_size = b->fd >= 0 ? b->size : 0;
    x->request.body = buf_view(&b->bytes);
}

void body_drop(struct body *b)
{
    if (b->fd >= 0)
        close(b->fd);
    b->fd = -1;
    buf_free(&b->bytes);
}

void body_sweep(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    struct stat about;
    while (dir && (entry = readdir(dir))) {
        bool ours = str_starts(str_c(entry->d_name), STR(PREFIX)) &&
                    fstatat(dirfd(dir), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0;
        if (ours && about.st_mtime < time(NULL) - LEFTOVER_S)
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    if (dir)
        closedir(dir);
}
