/*
 * journal_test.c - what the journal has said it kept is there, whatever happens to the process, the
 * disk and the files; and nothing else is.
 */
#include "links/journal.h"
#include "links/journal_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/sendingo-journal-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static int remove_folder(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct click_journal *journal_open(size_t queue, int64_t file_max)
{
    return click_journal_open(
        &(struct click_journal_config){.folder = folder, .queue_max = queue, .file_max = file_max});
}

static struct click click_of(int64_t who, int64_t number)
{
    return (struct click){.company = 7,
                          .campaign = 11,
                          .ordinal = who,
                          .at = number,
                          .button = 5,
                          .kind = CLICK_PREVIEW,
                          .agent = AGENT_PROGRAM};
}

static enum click_kept append(struct click_journal *j, int64_t who, int64_t number)
{
    struct click click = click_of(who, number);
    return click_journal_append(j, &click);
}

/* Everything in the journal's files, in order; the caller frees. */
static struct click *read_all(struct click_journal *j, size_t *count)
{
    size_t room = 64;
    struct click *all = malloc(room * sizeof *all);
    struct click_file file;
    *count = 0;
    for (size_t i = 0; click_journal_file(j, i, &file); i++) {
        int64_t offset = CLICK_FILE_START;
        ptrdiff_t got;
        while ((got = click_journal_read(j, i, &offset, all + *count, room - *count)) > 0) {
            *count += (size_t)got;
            if (*count == room)
                all = realloc(all, (room *= 2) * sizeof *all);
        }
        assert_int_equal(got, 0);
        assert_int_equal(offset, file.end);
    }
    return all;
}

/* Clicks of `who` are 1, 2, 3 … in order; returns the last. */
static int64_t last_of(const struct click *all, size_t count, int64_t who)
{
    int64_t last = 0;
    for (size_t i = 0; i < count; i++)
        if (all[i].ordinal == who)
            assert_int_equal(all[i].at, ++last);
    return last;
}

static size_t files_in_folder(char name[256])
{
    size_t count = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.') {
            snprintf(name, 256, "%s", e->d_name);
            count++;
        }
    closedir(d);
    return count;
}

/* ---- plain ---- */

static void keeps_what_it_is_given(void **state)
{
    (void)state;
    struct click_journal *j = journal_open(0, 0);
    assert_non_null(j);
    struct click given = {.company = INT64_MAX,
                          .campaign = 1,
                          .ordinal = 123456789012,
                          .at = 1795000000123,
                          .button = 3,
                          .kind = CLICK_PERSON,
                          .agent = AGENT_KAKAOTALK};
    assert_int_equal(click_journal_append(j, &given), CLICK_KEPT);
    size_t count;
    struct click *all = read_all(j, &count);
    assert_int_equal(count, 1);
    assert_int_equal(all->company, given.company);
    assert_int_equal(all->campaign, given.campaign);
    assert_int_equal(all->ordinal, given.ordinal);
    assert_int_equal(all->at, given.at);
    assert_int_equal(all->button, given.button);
    assert_int_equal(all->kind, given.kind);
    assert_int_equal(all->agent, given.agent);
    free(all);
    click_journal_close(&j);
    assert_null(j);
    click_journal_close(&j);
}

static void survives_closing(void **state)
{
    (void)state;
    for (int64_t run = 0; run < 3; run++) {
        struct click_journal *j = journal_open(0, 0);
        size_t count;
        struct click *all = read_all(j, &count);
        assert_int_equal(last_of(all, count, 1), run * 10);
        free(all);
        for (int64_t n = 1; n <= 10; n++)
            assert_int_equal(append(j, 1, run * 10 + n), CLICK_KEPT);
        click_journal_close(&j);
    }
}

static void leaves_files_that_are_full(void **state)
{
    (void)state;
    int64_t max = CLICK_FILE_START + 10 * (int64_t)JOURNAL_RECORD;
    struct click_journal *j = journal_open(0, max);
    for (int64_t n = 1; n <= 35; n++)
        assert_int_equal(append(j, 1, n), CLICK_KEPT);
    struct click_file file;
    for (size_t i = 0; i < 4; i++) {
        assert_true(click_journal_file(j, i, &file));
        assert_int_equal(file.is_current, i == 3);
        assert_int_equal(file.end, i == 3 ? CLICK_FILE_START + 5 * (int64_t)JOURNAL_RECORD : max);
    }
    assert_false(click_journal_file(j, 4, &file));
    click_journal_merged(j, 0, max);
    assert_true(click_journal_remove(j, 0));
    size_t count;
    struct click *all = read_all(j, &count);
    assert_int_equal(count, 25);
    assert_int_equal(all->at, 11);
    free(all);
    char name[256];
    assert_int_equal(files_in_folder(name), 3);
    click_journal_close(&j);
}

static void refuses_a_folder_that_cannot_be(void **state)
{
    (void)state;
    struct click_journal_config config = {.folder = "/proc/no/such/folder"};
    assert_null(click_journal_open(&config));
}

/* ---- torn and foreign files ---- */

static void file_write(const char *name, const void *bytes, size_t n)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

static size_t file_read(const char *name, unsigned char *bytes, size_t room)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(bytes, 1, room, f);
    fclose(f);
    return n;
}

enum {
    WHOLE = 4
}; /* records of the file that is torn */

/* Opens, looks, appends one more: it must stand right behind the whole records. */
static void expect_whole(int64_t whole)
{
    struct click_journal *j = journal_open(0, 0);
    assert_non_null(j);
    size_t count;
    struct click *all = read_all(j, &count);
    assert_int_equal(count, whole);
    assert_int_equal(last_of(all, count, 1), whole);
    free(all);
    assert_int_equal(append(j, 1, whole + 1), CLICK_KEPT);
    all = read_all(j, &count);
    assert_int_equal(last_of(all, count, 1), whole + 1);
    free(all);
    click_journal_close(&j);
}

static size_t make_whole(char name[256], unsigned char *bytes, size_t room)
{
    struct click_journal *j = journal_open(0, 0);
    for (int64_t n = 1; n <= WHOLE; n++)
        assert_int_equal(append(j, 1, n), CLICK_KEPT);
    click_journal_close(&j);
    assert_int_equal(files_in_folder(name), 1);
    size_t size = file_read(name, bytes, room);
    assert_int_equal(size, (size_t)CLICK_FILE_START + WHOLE * JOURNAL_RECORD);
    return size;
}

static void fresh_folder(void)
{
    assert_int_equal(remove_folder(NULL), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
}

static int64_t whole_records(size_t size)
{
    return size < (size_t)CLICK_FILE_START
               ? 0
               : (int64_t)((size - (size_t)CLICK_FILE_START) / JOURNAL_RECORD);
}

static void cuts_off_what_is_torn(void **state)
{
    (void)state;
    char name[256];
    unsigned char bytes[1024];
    size_t size = make_whole(name, bytes, sizeof bytes);
    for (size_t cut = 0; cut <= size; cut++) {
        fresh_folder();
        file_write(name, bytes, cut);
        expect_whole(whole_records(cut));
    }
}

static void sees_every_flipped_bit_of_the_last_record(void **state)
{
    (void)state;
    char name[256];
    unsigned char bytes[1024];
    size_t size = make_whole(name, bytes, sizeof bytes);
    for (size_t bit = 0; bit < JOURNAL_RECORD * 8; bit += 5) {
        size_t at = size - JOURNAL_RECORD + bit / 8;
        bytes[at] ^= (unsigned char)(1u << bit % 8);
        fresh_folder();
        file_write(name, bytes, size);
        expect_whole(WHOLE - 1);
        bytes[at] ^= (unsigned char)(1u << bit % 8);
    }
}

static void takes_zeros_for_nothing(void **state)
{
    (void)state;
    char name[256];
    unsigned char bytes[1024] = {0};
    size_t size = make_whole(name, bytes, sizeof bytes);
    fresh_folder();
    file_write(name, bytes, size + 500); /* a file system may leave zeros where a write was torn */
    expect_whole(WHOLE);
    fresh_folder();
    memset(bytes, 0, sizeof bytes);
    file_write(name, bytes, size);
    expect_whole(0);
}

static void leaves_strangers_alone(void **state)
{
    (void)state;
    file_write("0000000000001-AAAAAAAAAAA.clicks", "SGclick9 from the future", 24);
    file_write("notes.txt", "hello", 5);
    expect_whole(0);
    unsigned char bytes[64];
    assert_int_equal(file_read("0000000000001-AAAAAAAAAAA.clicks", bytes, sizeof bytes), 24);
    assert_int_equal(file_read("notes.txt", bytes, sizeof bytes), 5);
}

static void decodes_whole_records_only(void **state)
{
    (void)state;
    struct click click = click_of(1, 1), got;
    unsigned char bytes[JOURNAL_RECORD * 2];
    journal_record_encode(&click, bytes);
    for (size_t n = 0; n < JOURNAL_RECORD; n++)
        assert_int_equal(journal_record_decode(bytes, n, &got), 0);
    assert_int_equal(journal_record_decode(bytes, JOURNAL_RECORD, &got), JOURNAL_RECORD);
    assert_int_equal(journal_record_decode(bytes, sizeof bytes, &got), JOURNAL_RECORD);
}

/* ---- many at once ---- */

struct appender {
    struct click_journal *journal;
    int64_t who, count, kept, busy;
    _Atomic int64_t *acknowledged; /* told at once, may be NULL */
};

static void *append_many(void *ctx)
{
    struct appender *a = ctx;
    for (int64_t n = 1; n <= a->count; n++) {
        enum click_kept kept = append(a->journal, a->who, a->kept + 1);
        a->kept += kept == CLICK_KEPT;
        a->busy += kept == CLICK_BUSY;
        if (kept == CLICK_KEPT && a->acknowledged)
            atomic_store(a->acknowledged, a->kept);
        if (kept == CLICK_LOST)
            break;
    }
    return NULL;
}

enum {
    THREADS = 12
};

static void run_appenders(struct click_journal *j, int64_t count,
                          struct appender appenders[THREADS], _Atomic int64_t *acknowledged)
{
    pthread_t threads[THREADS];
    for (int64_t t = 0; t < THREADS; t++) {
        appenders[t] = (struct appender){.journal = j,
                                         .who = t,
                                         .count = count,
                                         .acknowledged = acknowledged ? &acknowledged[t] : NULL};
        if (pthread_create(&threads[t], NULL, append_many, &appenders[t]))
            abort();
    }
    for (int t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
}

static void shares_writes_between_threads(void **state)
{
    (void)state;
    struct click_journal *j = journal_open(0, 64 << 10);
    struct appender appenders[THREADS];
    run_appenders(j, 400, appenders, NULL);
    int64_t clicks, writes;
    click_journal_numbers(j, &clicks, &writes);
    assert_int_equal(clicks, THREADS * 400);
    assert_true(writes < clicks);
    size_t count;
    struct click *all = read_all(j, &count);
    assert_int_equal(count, THREADS * 400);
    for (int64_t t = 0; t < THREADS; t++)
        assert_int_equal(last_of(all, count, t), 400);
    free(all);
    click_journal_close(&j);
}

static void says_so_when_the_queue_is_full(void **state)
{
    (void)state;
    struct click_journal *j = journal_open(1, 0);
    struct appender appenders[THREADS];
    run_appenders(j, 200, appenders, NULL);
    size_t count, kept = 0, busy = 0;
    struct click *all = read_all(j, &count);
    for (int64_t t = 0; t < THREADS; t++) {
        assert_int_equal(last_of(all, count, t), appenders[t].kept);
        kept += (size_t)appenders[t].kept;
        busy += (size_t)appenders[t].busy;
    }
    free(all);
    assert_int_equal(kept, count);
    assert_int_equal(kept + busy, THREADS * 200);
    assert_true(busy > 0);
    click_journal_close(&j);
}

/* ---- the disk is full ---- */

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static void keeps_nothing_on_a_full_disk_and_recovers(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    struct click_journal *j = journal_open(0, 0);
    /* Room for ten and a half: the eleventh is torn and must not stay. */
    limit_files((rlim_t)CLICK_FILE_START + 10 * JOURNAL_RECORD + JOURNAL_RECORD / 2);
    int64_t kept = 0;
    while (kept < 100 && append(j, 1, kept + 1) == CLICK_KEPT)
        kept++;
    int lost = 0;
    for (int n = 0; n < 5; n++)
        lost += append(j, 1, kept + 1) == CLICK_LOST;
    limit_files(RLIM_INFINITY);
    assert_int_equal(kept, 10);
    assert_int_equal(lost, 5);
    for (; kept < 20; kept++)
        assert_int_equal(append(j, 1, kept + 1), CLICK_KEPT);
    click_journal_close(&j);
    j = journal_open(0, 0);
    size_t count;
    struct click *all = read_all(j, &count);
    assert_int_equal(count, 20);
    assert_int_equal(last_of(all, count, 1), 20);
    free(all);
    click_journal_close(&j);
}

/* ---- kill -9 ---- */

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* A process that appends from all its threads until it is killed. */
static pid_t start_appending(_Atomic int64_t *acknowledged)
{
    pid_t child = fork();
    if (child)
        return child;
    struct appender appenders[THREADS];
    struct click_journal *j = journal_open(0, 4096);
    if (j)
        run_appenders(j, INT64_MAX, appenders, acknowledged);
    _exit(1);
}

static void keeps_all_it_acknowledged_before_a_kill(void **state)
{
    (void)state;
    _Atomic int64_t *acknowledged = mmap(NULL, THREADS * sizeof *acknowledged,
                                         PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(acknowledged, MAP_FAILED);
    int64_t total = 0;
    for (int round = 0; round < 12; round++) {
        fresh_folder();
        for (int t = 0; t < THREADS; t++)
            acknowledged[t] = 0;
        pid_t child = start_appending(acknowledged);
        while (atomic_load(&acknowledged[0]) == 0 && waitpid(child, NULL, WNOHANG) == 0)
            sleep_ms(1);
        sleep_ms(1 + round * 7 % 30);
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        struct click_journal *j = journal_open(0, 0);
        size_t count;
        struct click *all = read_all(j, &count);
        for (int64_t t = 0; t < THREADS; t++) {
            int64_t last = last_of(all, count, t);
            assert_true(last == acknowledged[t] || last == acknowledged[t] + 1);
            total += last;
        }
        free(all);
        click_journal_close(&j);
    }
    print_message("# %lld clicks before 12 kills\n", (long long)total);
    munmap(acknowledged, THREADS * sizeof *acknowledged);
}

static void takes_over_only_what_nobody_holds(void **state)
{
    (void)state;
    _Atomic int64_t *acknowledged = mmap(NULL, THREADS * sizeof *acknowledged,
                                         PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = start_appending(acknowledged);
    while (atomic_load(&acknowledged[0]) == 0)
        sleep_ms(1);
    struct click_journal *j = journal_open(0, 0);
    struct click_file file;
    assert_false(click_journal_file(j, 0, &file));
    assert_int_equal(append(j, THREADS, 1), CLICK_KEPT);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    click_journal_close(&j);
    j = journal_open(0, 0);
    size_t count;
    struct click *all = read_all(j, &count);
    assert_int_equal(last_of(all, count, THREADS), 1);
    assert_true(last_of(all, count, 0) >= acknowledged[0]);
    free(all);
    click_journal_close(&j);
    munmap(acknowledged, THREADS * sizeof *acknowledged);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_what_it_is_given),
        TEST(survives_closing),
        TEST(leaves_files_that_are_full),
        TEST(refuses_a_folder_that_cannot_be),
        TEST(cuts_off_what_is_torn),
        TEST(sees_every_flipped_bit_of_the_last_record),
        TEST(takes_zeros_for_nothing),
        TEST(leaves_strangers_alone),
        TEST(decodes_whole_records_only),
        TEST(shares_writes_between_threads),
        TEST(says_so_when_the_queue_is_full),
        TEST(keeps_nothing_on_a_full_disk_and_recovers),
        TEST(keeps_all_it_acknowledged_before_a_kill),
        TEST(takes_over_only_what_nobody_holds),
    };
    return cmocka_run_group_tests_name("click journal", tests, NULL, NULL);
}
