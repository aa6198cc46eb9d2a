/*
 * seal.c - see seal.h.
 */
#include "domain/seal.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

static unsigned char key[crypto_secretbox_KEYBYTES];

/* A new key file, complete or not there at all: written aside, then linked into place. */
static bool key_make(const char *path)
{
    ARENA(a, 4096);
    struct str aside = str_printf(&a, "%s.%ld", path, (long)getpid());
    unsigned char fresh[sizeof key];
    randombytes_buf(fresh, sizeof fresh);
    int fd = open(aside.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, fresh, sizeof fresh) == (ssize_t)sizeof fresh && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    /* Another process may have been faster: then its key is the one. */
    ok = ok && (link(aside.ptr, path) == 0 || errno == EEXIST);
    if (!ok)
        log_warn("%s cannot be made", path);
    unlink(aside.ptr);
    return ok;
}

bool seal_key_load(const char *path)
{
    if (sodium_init() < 0)
        fatalx("libsodium does not start");
    if (access(path, F_OK) != 0 && !key_make(path))
        return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && read(fd, key, sizeof key) == (ssize_t)sizeof key;
    if (fd >= 0)
        close(fd);
    if (!ok)
        log_warnx("%s holds no key of %zu bytes", path, sizeof key);
    return ok;
}

struct str seal_text(struct arena *a, struct str plain)
{
    size_t n = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.len;
    unsigned char *box = arena_alloc(a, n);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES,
                          (const unsigned char *)(plain.ptr ? plain.ptr : ""), plain.len, box, key);
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(a, room);
    sodium_bin2base64(text, room, box, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_c(text);
}

bool seal_open(struct arena *a, struct str sealed, struct str *plain)
{
    size_t n = 0, head = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    unsigned char *box = arena_alloc(a, sealed.len + 1);
    if (sodium_base642bin(box, sealed.len, sealed.ptr, sealed.len, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        n < head)
        return false;
    char *text = arena_alloc(a, n - head + 1);
    if (crypto_secretbox_open_easy((unsigned char *)text, box + crypto_secretbox_NONCEBYTES,
                                   n - crypto_secretbox_NONCEBYTES, box, key) != 0)
        return false;
    *plain = str_n(text, n - head);
    return true;
}
