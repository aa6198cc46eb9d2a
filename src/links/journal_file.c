/*
 * journal_file.c - see journal_file.h.
 */
#include "links/journal_file.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/log.h"
#include "base/token.h"

#include <assert.h>
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define MAGIC       "SGclick1"
#define SUFFIX      ".clicks"
#define HEAD        ((size_t)8) /* length and CRC */
#define PAYLOAD     (JOURNAL_RECORD - HEAD)
#define PAYLOAD_MAX ((uint32_t)4096) /* of any version */
#define CHUNK       ((size_t)64 << 10)

_Static_assert(sizeof MAGIC - 1 == CLICK_FILE_START, "records begin behind the magic");

/* ---- records ---- */

static void put_u32(unsigned char *at, uint32_t n)
{
    n = htole32(n);
    memcpy(at, &n, sizeof n);
}

static uint32_t get_u32(const unsigned char *at)
{
    uint32_t n;
    memcpy(&n, at, sizeof n);
    return le32toh(n);
}

static void put_i64(unsigned char *at, int64_t value)
{
    uint64_t n = htole64((uint64_t)value);
    memcpy(at, &n, sizeof n);
}

static int64_t get_i64(const unsigned char *at)
{
    uint64_t n;
    memcpy(&n, at, sizeof n);
    return (int64_t)le64toh(n);
}

/* The length goes into the sum as well: zeros, as a file system may leave them, are no record. */
static uint32_t checksum(const unsigned char *record, uint32_t length)
{
    uLong sum = crc32(0, record, 4);
    return (uint32_t)crc32(sum, record + HEAD, length);
}

void journal_record_encode(const struct click *click, unsigned char out[JOURNAL_RECORD])
{
    unsigned char *payload = out + HEAD;
    memset(out, 0, JOURNAL_RECORD);
    put_i64(payload, click->company);
    put_i64(payload + 8, click->campaign);
    put_i64(payload + 16, click->ordinal);
    put_i64(payload + 24, click->at);
    payload[32] = (unsigned char)click->button;
    payload[33] = (unsigned char)click->kind;
    payload[34] = (unsigned char)click->agent;
    put_u32(out, PAYLOAD);
    put_u32(out + 4, checksum(out, PAYLOAD));
}

size_t journal_record_decode(const unsigned char *bytes, size_t n, struct click *click)
{
    if (n < JOURNAL_RECORD)
        return 0;
    uint32_t length = get_u32(bytes);
    if (length < PAYLOAD || length > PAYLOAD_MAX || length > n - HEAD ||
        get_u32(bytes + 4) != checksum(bytes, length))
        return 0;
    const unsigned char *payload = bytes + HEAD;
    *click = (struct click){
        .company = get_i64(payload),
        .campaign = get_i64(payload + 8),
        .ordinal = get_i64(payload + 16),
        .at = get_i64(payload + 24),
        .button = payload[32],
        /* What a newer version has told apart is no person to us. */
        .kind =
            payload[33] == CLICK_PERSON || payload[33] == CLICK_PREVIEW ? payload[33] : CLICK_BOT,
        .agent = payload[34] <= AGENT_PROGRAM ? payload[34] : AGENT_OTHER,
    };
    return HEAD + length;
}

/* ---- reading ---- */

/* As many bytes as there are up to n; -1 with errno. */
static ssize_t read_at(int fd, unsigned char *bytes, size_t n, int64_t offset)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got = pread(fd, bytes + done, n - done, offset + (int64_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* Decodes what stands at *offset up to `end`; stops at the first thing that is no record. */
static ptrdiff_t read_records(int fd, int64_t end, int64_t *offset, struct click *clicks,
                              size_t max)
{
    static _Thread_local unsigned char chunk[CHUNK];
    size_t count = 0;
    while (count < max && *offset < end) {
        size_t want = end - *offset < (int64_t)CHUNK ? (size_t)(end - *offset) : CHUNK;
        ssize_t got = read_at(fd, chunk, want, *offset);
        if (got < 0)
            return -1;
        size_t used = 0, size = 0;
        while (count < max &&
               (size = journal_record_decode(chunk + used, (size_t)got - used, &clicks[count]))) {
            used += size;
            count++;
        }
        *offset += (int64_t)used;
        if (used == 0)
            break;
    }
    return (ptrdiff_t)count;
}

ptrdiff_t journal_file_read(const struct journal_file *file, int64_t *offset, struct click *clicks,
                            size_t max)
{
    assert(*offset >= CLICK_FILE_START);
    ptrdiff_t count = read_records(file->fd, file->public.end, offset, clicks, max);
    if (count < 0)
        log_warn("click journal file %s", file->public.name);
    if (count == 0 && *offset < file->public.end) {
        log_warnx("click journal file %s is damaged at byte %" PRId64, file->public.name, *offset);
        return -1;
    }
    return count;
}

/* ---- files ---- */

static bool sync_folder(const struct journal_folder *folder)
{
    return fsync(folder->fd) == 0;
}

bool journal_file_create(struct journal_folder *folder, struct journal_file *file)
{
    char token[TOKEN_LENGTH + 1];
    token_make(token);
    *file = (struct journal_file){.public = {.end = CLICK_FILE_START, .merged = -1}};
    snprintf(file->public.name, sizeof file->public.name, "%013" PRId64 "-%s" SUFFIX,
             clock_now(&clock_system), token);
    file->fd = openat(folder->fd, file->public.name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file->fd < 0)
        return false;
    /* A process that opens the journal just now may have been faster; then this one is its own. */
    if (flock(file->fd, LOCK_EX | LOCK_NB) == 0 &&
        pwrite(file->fd, MAGIC, CLICK_FILE_START, 0) == CLICK_FILE_START && fsync(file->fd) == 0 &&
        sync_folder(folder))
        return true;
    int error = errno;
    unlinkat(folder->fd, file->public.name, 0);
    close(file->fd);
    file->fd = -1;
    errno = error;
    return false;
}

bool journal_file_unlink(struct journal_folder *folder, struct journal_file *file)
{
    if (unlinkat(folder->fd, file->public.name, 0) != 0 && errno != ENOENT) {
        log_warn("click journal file %s", file->public.name);
        return false;
    }
    if (!sync_folder(folder)) {
        log_warn("click journal %s", folder->path);
        return false;
    }
    close(file->fd);
    return true;
}

static bool write_at(int fd, const unsigned char *bytes, size_t n, int64_t offset)
{
    for (size_t done = 0; done < n;) {
        ssize_t put = pwrite(fd, bytes + done, n - done, offset + (int64_t)done);
        if (put < 0 && errno != EINTR)
            return false;
        done += put > 0 ? (size_t)put : 0;
    }
    return true;
}

enum journal_append journal_file_append(struct journal_file *file, const unsigned char *bytes,
                                        size_t n)
{
    bool written = write_at(file->fd, bytes, n, file->public.end);
    crash_point("click_written");
    if (written && fdatasync(file->fd) == 0) {
        file->public.end += (int64_t)n;
        return JOURNAL_WRITTEN;
    }
    int error = errno;
    bool clean = ftruncate(file->fd, file->public.end) == 0 && !written;
    errno = error;
    /* After a failed sync nobody knows which pages reached the disk (fsync(2)). */
    return clean ? JOURNAL_CLEAN : JOURNAL_DOUBTFUL;
}

/* ---- the folder ---- */

bool journal_folder_open(struct journal_folder *folder, const char *path)
{
    *folder = (struct journal_folder){.fd = -1};
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        log_warn("click journal %s", path);
        return false;
    }
    folder->path = strdup(path);
    if (!folder->path)
        fatal("click journal");
    folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd < 0)
        log_warn("click journal %s", path);
    return folder->fd >= 0;
}

void journal_folder_close(struct journal_folder *folder)
{
    free(folder->path);
    if (folder->fd >= 0)
        close(folder->fd);
    *folder = (struct journal_folder){.fd = -1};
}

/* End of the last whole record; -1 when the file cannot be read. */
static int64_t whole_end(int fd, int64_t size)
{
    struct click clicks[256];
    int64_t offset = CLICK_FILE_START;
    ptrdiff_t count;
    do
        count = read_records(fd, size, &offset, clicks, COUNT_OF(clicks));
    while (count > 0);
    return count < 0 ? -1 : offset;
}

static bool start_anew(struct journal_file *file)
{
    file->public.end = CLICK_FILE_START;
    return ftruncate(file->fd, 0) == 0 &&
           pwrite(file->fd, MAGIC, CLICK_FILE_START, 0) == CLICK_FILE_START && fsync(file->fd) == 0;
}

static bool cut_off(struct journal_file *file, int64_t size)
{
    file->public.end = whole_end(file->fd, size);
    if (file->public.end < 0 || file->public.end == size)
        return file->public.end >= 0;
    log_info("click journal file %s: %" PRId64 " bytes of a torn write cut off", file->public.name,
             size - file->public.end);
    return ftruncate(file->fd, file->public.end) == 0 && fsync(file->fd) == 0;
}

/* Cuts off what a crash has torn. A file torn within its magic holds nothing and starts anew. */
static bool repair(struct journal_file *file, int64_t size)
{
    static const char nothing[CLICK_FILE_START];
    char magic[CLICK_FILE_START];
    ssize_t got = read_at(file->fd, (unsigned char *)magic, sizeof magic, 0);
    bool whole = got == (ssize_t)sizeof magic;
    if (whole && memcmp(magic, MAGIC, sizeof magic) != 0 &&
        memcmp(magic, nothing, sizeof magic) != 0) {
        log_warnx("%s is no click journal file of this version and is left alone",
                  file->public.name);
        return false;
    }
    bool good = got >= 0 && (whole && magic[0] ? cut_off(file, size) : start_anew(file));
    if (!good)
        log_warn("click journal file %s is left alone", file->public.name);
    return good;
}

/* Opens and locks a file that lies there; false when another process has it, or has removed it. */
static bool file_take(struct journal_folder *folder, const char *name, struct journal_file *file)
{
    struct stat st;
    *file = (struct journal_file){.public = {.merged = -1}};
    memcpy(file->public.name, name,
           strnlen(name, CLICK_FILE_NAME_MAX - 1)); /* is_journal: it fits */
    file->fd = openat(folder->fd, name, O_RDWR | O_CLOEXEC);
    if (file->fd < 0)
        return false;
    if (flock(file->fd, LOCK_EX | LOCK_NB) == 0 && fstat(file->fd, &st) == 0 && st.st_nlink > 0 &&
        repair(file, st.st_size))
        return true;
    close(file->fd);
    return false;
}

static int is_journal(const struct dirent *entry)
{
    struct str name = str_c(entry->d_name);
    return str_ends(name, STR(SUFFIX)) && name.len < CLICK_FILE_NAME_MAX;
}

bool journal_folder_adopt(struct journal_folder *folder,
                          void (*take)(void *ctx, const struct journal_file *file), void *ctx)
{
    struct dirent **names;
    int count = scandir(folder->path, &names, is_journal, alphasort);
    if (count < 0) {
        log_warn("click journal %s", folder->path);
        return false;
    }
    for (int i = 0; i < count; i++) {
        struct journal_file file;
        if (file_take(folder, names[i]->d_name, &file))
            take(ctx, &file);
        free(names[i]);
    }
    free(names);
    return true;
}
