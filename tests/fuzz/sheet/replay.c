/*
 * replay.c - runs a fuzz target without libFuzzer, so that every compiler and every `make test`
 * does.
 *
 *     PROGRAM SECONDS FILE-OR-FOLDER…
 *
 * Every file once as it is, then mutations of them (bytes turned, cut out, doubled, exchanged with
 * those of another file) until the time is over. The seed is printed; SENDINGO_SEED sets it.
 */
#include "base/buf.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SEEDS_MAX 256
#define INPUT_MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf seeds[SEEDS_MAX];
static size_t seed_count;
static unsigned short state[3];

static size_t random_below(size_t n)
{
    return n ? (size_t)nrand48(state) % n : 0;
}

static void seed_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    assert(f && seed_count < SEEDS_MAX);
    struct buf *b = &seeds[seed_count++];
    buf_init(b, INPUT_MAX);
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_append(b, chunk, n);
    fclose(f);
}

static void seeds_read(const char *path)
{
    DIR *d = opendir(path);
    if (!d) {
        seed_read(path);
        return;
    }
    for (struct dirent *e; (e = readdir(d));) {
        char name[4096];
        if (e->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        seed_read(name);
    }
    closedir(d);
}

static void mutate_bytes(struct buf *b)
{
    static const char interesting[] = "<>&;\"'/!?[]-=\0\xFF\x80\x7F 019aA\r\n,\t";
    for (size_t n = random_below(4) + 1; n > 0 && b->len; n--)
        b->ptr[random_below(b->len)] = random_below(2)
                                           ? (char)random_below(256)
                                           : interesting[random_below(sizeof interesting)];
}

/* Cuts a piece out of b, or puts a piece of `other` into it. */
static void mutate_pieces(struct buf *b, struct str other)
{
    size_t at = random_below(b->len), n = random_below(b->len - at);
    if (random_below(2)) {
        memmove(b->ptr + at, b->ptr + at + n, b->len - at - n);
        b->len -= n;
        return;
    }
    size_t from = random_below(other.len), take = random_below(other.len - from);
    if (!buf_reserve(b, take))
        return;
    memmove(b->ptr + at + take, b->ptr + at, b->len - at);
    memcpy(b->ptr + at, other.ptr + from, take);
    b->len += take;
}

static void run_mutations(time_t seconds)
{
    size_t runs = 0;
    for (time_t end = time(NULL) + seconds; seed_count > 0 && time(NULL) < end; runs++) {
        BUF(input, INPUT_MAX);
        buf_str(&input, buf_view(&seeds[random_below(seed_count)]));
        for (size_t n = random_below(3) + 1; n > 0; n--) {
            if (random_below(2))
                mutate_bytes(&input);
            else
                mutate_pieces(&input, buf_view(&seeds[random_below(seed_count)]));
        }
        LLVMFuzzerTestOneInput((const uint8_t *)input.ptr, input.len);
    }
    printf("# %zu mutations\n", runs);
}

int main(int argc, char **argv)
{
    const char *wish = getenv("SENDINGO_SEED");
    long seed = wish ? strtol(wish, NULL, 10) : time(NULL);
    state[0] = (unsigned short)seed;
    state[1] = (unsigned short)(seed >> 16);
    for (int i = 2; i < argc; i++)
        seeds_read(argv[i]);
    printf("1..1\n# seed %ld, %zu files\n", seed, seed_count);
    fflush(stdout);
    for (size_t i = 0; i < seed_count; i++)
        LLVMFuzzerTestOneInput((const uint8_t *)seeds[i].ptr, seeds[i].len);
    run_mutations(argc > 1 ? strtol(argv[1], NULL, 10) : 0);
    printf("ok 1 - nothing went wrong\n");
    for (size_t i = 0; i < seed_count; i++)
        buf_free(&seeds[i]);
    return 0;
}
