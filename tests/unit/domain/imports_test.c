/*
 * imports_test.c - files of all kinds on their way to contacts, on both engines.
 *
 * Lists come from tests/fixtures/make_customers.py, which tells what must be found in them, from
 * texts made here, and from the collection of Korean lists when the checkout has one.
 */
#include "base/log.h"
#include "domain/contact.h"
#include "domain/group.h"
#include "domain/import.h"
#include "domain/seal.h"
#include "domain/signup.h"
#include "tests.h"
#include "world.h"

#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_LENGTH 512
#define TEXT_LENGTH ((size_t)1 << 20)

static struct world world;
static enum store_engine engine;
static struct db *db;
static struct scope scope;
static int64_t company;

static struct scope *begin(void)
{
    arena_free(&world.arena);
    scope =
        (struct scope){.company = company, .db = db, .arena = &world.arena, .clock = &world.clock};
    return &scope;
}

static int setup(void **state)
{
    (void)state;
    char path[PATH_LENGTH];
    world_begin(&world, engine);
    snprintf(path, sizeof path, "%s/secret.key", world.folder);
    assert_true(seal_key_load(path));
    db = store_borrow(world.store);
    struct signup form = {STR("가게"), STR("홍길동"), STR("a@example.com"), STR("long enough")};
    company = 0;
    assert_int_equal(company_sign_up(begin(), &form), PROBLEM_NONE);
    company = scope.company;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    store_return(&db);
    world_end(&world);
    return 0;
}

/* ---- files ---- */

/* A path in the world's folder that stays valid until the next call. */
static const char *in_folder(const char *name)
{
    static char path[PATH_LENGTH];
    snprintf(path, sizeof path, "%s/%s", world.folder, name);
    return path;
}

static void file_write(const char *path, struct str text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text.ptr, 1, text.len, f), text.len);
    fclose(f);
}

static struct str file_read(const char *path)
{
    static char text[TEXT_LENGTH];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text, f);
    assert_true(n < sizeof text);
    fclose(f);
    return str_n(text, n);
}

static enum problem upload(const char *path, int64_t *id)
{
    enum problem p = import_create(begin(), STR("명단.xlsx"), path, world.folder, id);
    assert_int_not_equal(access(path, F_OK), 0); /* taken, or removed */
    return p;
}

static int64_t upload_text(const char *text)
{
    int64_t id = 0;
    file_write(in_folder("upload"), str_c(text));
    assert_int_equal(upload(in_folder("upload"), &id), PROBLEM_NONE);
    return id;
}

static struct import import_now(int64_t id)
{
    struct import i;
    assert_int_equal(import_get(begin(), id, &i), PROBLEM_NONE);
    return i;
}

static struct import_row row_now(int64_t id, int64_t number)
{
    struct import_row r;
    assert_int_equal(import_row_get(begin(), id, number, &r), PROBLEM_NONE);
    return r;
}

static void confirm(int64_t id, int64_t group, const char *name)
{
    struct import_target target = {.group = group, .new_group_name = str_c(name)};
    assert_int_equal(import_confirm(begin(), world.folder, id, &target), PROBLEM_NONE);
}

/* ---- lists made by rule ---- */

static json_t *customers(const char *format, int rows, int seed, const char *path)
{
    char command[PATH_LENGTH * 2];
    snprintf(command, sizeof command,
             "python3 " FIXTURES "/make_customers.py --rows %d --seed %d --format %s --out %s",
             rows, seed, format, path);
    FILE *told = popen(command, "r");
    assert_non_null(told);
    json_t *expected = json_loadf(told, 0, NULL);
    assert_int_equal(pclose(told), 0);
    return expected;
}

static int64_t wanted(const json_t *expected, const char *key)
{
    return json_integer_value(json_object_get(json_object_get(expected, "counts"), key));
}

/* SHA-256 over the numbers that are taken, in the order of the file. */
static void assert_numbers(int64_t id, const json_t *expected)
{
    crypto_hash_sha256_state sha;
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof digest + 1];
    crypto_hash_sha256_init(&sha);
    begin();
    DB_ROWS(rows);
    db_query(db, &rows,
             "SELECT phone FROM import_row WHERE company_id = $1 AND import_id = $2"
             " AND verdict IN ('ok', 'repaired') ORDER BY number",
             DB_ARGS(DB_N(company), DB_N(id)));
    while (db_next(&rows)) {
        struct str line = str_printf(&world.arena, "%s\n", db_text(&rows, 0, &world.arena).ptr);
        crypto_hash_sha256_update(&sha, (const unsigned char *)line.ptr, line.len);
    }
    crypto_hash_sha256_final(&sha, digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    assert_string_equal(hex, json_string_value(json_object_get(expected, "phones_sha256")));
}

static void check_customers(const char *format, int rows, int seed)
{
    int64_t id = 0;
    json_t *expected = customers(format, rows, seed, in_folder("customers"));
    assert_int_equal(upload(in_folder("customers"), &id), PROBLEM_NONE);
    struct import i = import_now(id);
    assert_int_equal(i.counts.rows, rows);
    assert_int_equal(i.counts.ok, wanted(expected, "ok"));
    assert_int_equal(i.counts.repaired, wanted(expected, "repaired"));
    assert_int_equal(i.counts.duplicate, wanted(expected, "duplicate"));
    assert_int_equal(i.counts.error, wanted(expected, "error"));
    assert_numbers(id, expected);
    world_verify(&world);
    int64_t before = world_get(&world, "SELECT count(*) FROM contact", DB_NO_ARGS);
    confirm(id, 0, "명단");
    i = import_now(id);
    assert_int_equal(i.created + i.updated, i.counts.ok + i.counts.repaired);
    assert_int_equal(world_get(&world, "SELECT count(*) FROM contact", DB_NO_ARGS),
                     before + i.created);
    assert_int_equal(world_get(&world, "SELECT member_count FROM contact_group WHERE id = $1",
                               DB_ARGS(DB_N(i.group))),
                     i.created + i.updated);
    world_verify(&world);
    json_decref(expected);
}

static void lists_of_every_kind_give_the_promised_verdicts(void **state)
{
    (void)state;
    check_customers("xlsx", 1000, 1);
    check_customers("csv", 1500, 1); /* the first thousand are known by now */
    check_customers("xlsx", 12, 7);
}

/* ---- columns ---- */

static void columns_are_guessed_and_corrected(void **state)
{
    (void)state;
    int64_t id = upload_text("가게 명단,,\n\n받는 분,구매자 전화,수취인 연락처(필수)*,메일,비고\n"
                             "하나,02-123-4567,010-0000-0001,one@example.com,가\n"
                             "두리,010-0000-0009,10-0000-0002,nothing,\n"
                             "합계,2,,,\n");
    struct import i = import_now(id);
    assert_int_equal(i.header_row, 3);
    assert_int_equal(i.counts.rows, 2);
    struct import_row one = row_now(id, 4), two = row_now(id, 5);
    assert_true(str_eq(one.phone, STR("01000000001")) && str_eq(one.verdict, STR("ok")));
    two = row_now(id, 5);
    assert_true(str_eq(two.phone, STR("01000000002")) && str_eq(two.verdict, STR("repaired")));
    assert_null(two.email.ptr);
    one = row_now(id, 4);
    assert_true(str_eq(one.attributes, STR("{\"구매자 전화\":\"02-123-4567\",\"비고\":\"가\"}")));

    const struct import_column buyer[] = {
        {0, COLUMN_NAME, STR("")}, {1, COLUMN_PHONE, STR("")}, {4, COLUMN_ATTRIBUTE, STR("메모")}};
    struct import_mapping m = {
        .sheet = -1, .header_row = -1, .columns_given = true, .columns = buyer, .count = 3};
    assert_int_equal(import_row_drop(begin(), id, 5, true), PROBLEM_NONE);
    assert_int_equal(import_remap(begin(), world.folder, id, &m), PROBLEM_NONE);
    one = row_now(id, 4);
    assert_true(str_eq(one.verdict, STR("error")) && str_eq(one.reason, STR("PHONE_LANDLINE")));
    assert_true(str_eq(row_now(id, 4).attributes, STR("{\"메모\":\"가\"}")));
    assert_true(row_now(id, 5).dropped);
    world_verify(&world);

    m.count = 1; /* no number at all */
    assert_int_equal(import_remap(begin(), world.folder, id, &m), PROBLEM_PHONE_COLUMN_MISSING);
    struct import_column strange[] = {{9, COLUMN_PHONE, STR("")}};
    m.columns = strange;
    assert_int_equal(import_remap(begin(), world.folder, id, &m), PROBLEM_INVALID);
    struct import_mapping no_sheet = {.sheet = 3, .header_row = -1};
    assert_int_equal(import_remap(begin(), world.folder, id, &no_sheet), PROBLEM_INVALID);
    struct import_mapping below = {.sheet = -1, .header_row = 900};
    assert_int_equal(import_remap(begin(), world.folder, id, &below), PROBLEM_SHEET_EMPTY);
    assert_int_equal(import_now(id).counts.rows, 2); /* nothing of the refused ones happened */
    struct import_mapping no_header = {.sheet = -1, .header_row = 0};
    assert_int_equal(import_remap(begin(), world.folder, id, &no_header), PROBLEM_NONE);
    assert_int_equal(import_now(id).counts.rows, 4);
    world_verify(&world);
}

static void without_a_header_the_content_tells(void **state)
{
    (void)state;
    int64_t id = upload_text("이채예,010-0549-9438\n손연현,1003036581\n성아혜,없음\n"
                             "김하나,01000000003\n김두리,01000000004\n김세나,01000000005\n"
                             "김네모,01000000006\n김다섯,01000000007\n김여섯,01000000008\n"
                             "김일곱,01000000009\n");
    struct import i = import_now(id);
    assert_int_equal(i.header_row, 0);
    assert_int_equal(i.counts.rows, 10);
    assert_int_equal(i.counts.error, 1);
    assert_true(str_eq(row_now(id, 2).name, STR("손연현")));
}

static void a_list_without_numbers_waits_for_its_column(void **state)
{
    (void)state;
    int64_t id = upload_text("이름,주문번호\n하나,1\n두리,2\n");
    struct import i = import_now(id);
    struct import_target target = {.new_group_name = STR("x")};
    assert_int_equal(i.counts.error, 2);
    assert_true(str_eq(row_now(id, 2).reason, STR("PHONE_COLUMN_MISSING")));
    assert_int_equal(import_confirm(begin(), world.folder, id, &target), PROBLEM_IMPORT_NOTHING);
}

/* ---- rows and confirmation ---- */

static void dropping_keeps_the_counts(void **state)
{
    (void)state;
    int64_t id =
        upload_text("이름,휴대폰\n하나,01000000001\n하나,01000000001\n두리,1\n세나,01000000003\n");
    assert_int_equal(import_row_drop(begin(), id, 2, true), PROBLEM_NONE);
    assert_int_equal(import_row_drop(begin(), id, 2, true), PROBLEM_NONE);
    assert_int_equal(import_row_drop(begin(), id, 4, true), PROBLEM_NONE);
    assert_int_equal(import_row_drop(begin(), id, 99, true), PROBLEM_NOT_FOUND);
    world_verify(&world);
    struct import_counts n = import_now(id).counts;
    assert_int_equal(n.dropped, 2);
    assert_int_equal(n.create, 1);
    assert_int_equal(import_row_drop(begin(), id, 2, false), PROBLEM_NONE);
    assert_int_equal(import_now(id).counts.create, 2);
    confirm(id, 0, "셋");
    assert_int_equal(import_now(id).created, 2);
    assert_int_equal(import_row_drop(begin(), id, 2, true), PROBLEM_IMPORT_STATE);
    world_verify(&world);
}

static void known_people_are_updated(void **state)
{
    (void)state;
    struct contact c;
    struct contact_filter filter = {.query = STR("00000001")};
    struct page page = {.limit = 5, .cursor = STR("")};
    const struct contact *list;
    size_t count;
    struct str next;
    int64_t first = upload_text("이름,휴대폰,등급,이메일\n하나,01000000001,일반,a@example.com\n");
    confirm(first, 0, "처음");
    int64_t again =
        upload_text("이름,휴대폰,메모,이메일\n,010-0000-0001,새,\n두리,01000000002,,\n");
    assert_int_equal(import_now(again).counts.update, 1);
    assert_int_equal(import_now(again).counts.create, 1);
    confirm(again, 0, "처음"); /* the name is taken */
    assert_true(str_eq(import_now(again).group_name, STR("처음(1)")));
    assert_int_equal(contact_list(begin(), &filter, &page, &list, &count, &next), PROBLEM_NONE);
    assert_int_equal(count, 1);
    c = list[0];
    assert_true(str_eq(c.name, STR("하나")) && str_eq(c.email, STR("a@example.com")));
    assert_true(str_eq(c.attributes, STR("{\"등급\":\"일반\",\"메모\":\"새\"}")));
    assert_int_equal(c.group_count, 2);
    world_verify(&world);
}

static void into_the_default_group_goes_who_is_nowhere(void **state)
{
    (void)state;
    int64_t home = group_default_id(begin());
    confirm(upload_text("이름,휴대폰\n하나,01000000001\n"), 0, "단골");
    confirm(upload_text("이름,휴대폰\n하나,01000000001\n두리,01000000002\n"), home, NULL);
    assert_int_equal(world_get(&world, "SELECT member_count FROM contact_group WHERE id = $1",
                               DB_ARGS(DB_N(home))),
                     1);
    world_verify(&world);
}

static void confirming_is_all_or_nothing(void **state)
{
    (void)state;
    int64_t id = upload_text("이름,휴대폰\n하나,01000000001\n");
    struct import_target nowhere = {.group = 4711}, unnamed = {.new_group_name = STR(" ")};
    assert_int_equal(import_confirm(begin(), world.folder, id, &nowhere), PROBLEM_INVALID);
    assert_int_equal(import_confirm(begin(), world.folder, id, &unnamed), PROBLEM_INVALID);
    assert_int_equal(world_get(&world, "SELECT count(*) FROM contact", DB_NO_ARGS), 0);
    company++;
    assert_int_equal(import_confirm(begin(), world.folder, id, &unnamed), PROBLEM_NOT_FOUND);
    company--;
    confirm(id, 0, "그룹");
    assert_int_equal(import_confirm(begin(), world.folder, id, &unnamed), PROBLEM_IMPORT_STATE);
    assert_int_equal(import_discard(begin(), world.folder, id), PROBLEM_IMPORT_STATE);
}

static void discarding_leaves_no_file(void **state)
{
    (void)state;
    int64_t id = upload_text("이름,휴대폰\n하나,01000000001\n");
    char path[PATH_LENGTH];
    snprintf(path, sizeof path, "%s/%s", world.folder, import_now(id).file.ptr);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(import_discard(begin(), world.folder, id), PROBLEM_NONE);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_true(str_eq(import_now(id).state, STR("discarded")));
    assert_int_equal(import_discard(begin(), world.folder, id), PROBLEM_IMPORT_STATE);
    world_verify(&world);
}

/* A file that looks as old as if a process had died over it. */
static void file_age(const char *path)
{
    const struct timespec long_ago[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
}

static void orphans_are_swept(void **state)
{
    (void)state;
    char kept[PATH_LENGTH], folder[PATH_LENGTH];
    snprintf(folder, sizeof folder, "%s/imports", world.folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    int64_t id = 0;
    file_write(in_folder("upload"), STR("이름,휴대폰\n하나,01000000001\n"));
    assert_int_equal(import_create(begin(), STR("a.csv"), in_folder("upload"), folder, &id),
                     PROBLEM_NONE);
    snprintf(kept, sizeof kept, "%s/%s", folder, import_now(id).file.ptr);
    file_age(kept);
    file_write(in_folder("imports/orphan"), STR("x"));
    file_age(in_folder("imports/orphan"));
    file_write(in_folder("imports/young"), STR("x"));
    import_sweep(begin(), folder);
    assert_int_equal(access(kept, F_OK), 0);
    assert_int_not_equal(access(in_folder("imports/orphan"), F_OK), 0);
    assert_int_equal(access(in_folder("imports/young"), F_OK), 0);
}

static void what_is_no_list_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum problem wanted;
    } files[] = {
        {"", PROBLEM_SHEET_REFUSED},
        {"%PDF-1.4 hello", PROBLEM_SHEET_REFUSED},
        {"\n\n\n", PROBLEM_SHEET_EMPTY},
        {"이름,휴대폰\n", PROBLEM_SHEET_EMPTY},
    };
    int64_t id;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        file_write(in_folder("upload"), str_c(files[i].text));
        assert_int_equal(upload(in_folder("upload"), &id), files[i].wanted);
    }
    assert_int_equal(world_get(&world, "SELECT count(*) FROM import", DB_NO_ARGS), 0);
    assert_int_equal(world_get(&world, "SELECT count(*) FROM import_row", DB_NO_ARGS), 0);
}

/* ---- the collection of Korean lists ---- */

static const json_t *at(const json_t *object, const char *key)
{
    return json_object_get(object, key);
}

static void check_row(const char *file, int64_t id, const json_t *row)
{
    struct import_row got;
    const char *result = json_string_value(at(row, "result"));
    int64_t number = json_integer_value(at(row, "row"));
    enum problem p = import_row_get(begin(), id, number, &got);
    if (strcmp(result, "skip") == 0) {
        if (p != PROBLEM_NOT_FOUND)
            fail_msg("%s row %d is no row", file, (int)number);
        return;
    }
    assert_int_equal(p, PROBLEM_NONE);
    bool taken = str_eq(got.verdict, STR("ok")) || str_eq(got.verdict, STR("repaired"));
    struct str phone = json_get_str(row, "phone"), reason = json_get_str(row, "reason");
    struct str name = json_get_str(row, "name");
    if (taken != (strcmp(result, "accept") == 0) || (phone.ptr && !str_eq(phone, got.phone)) ||
        (!taken && !str_eq(reason, got.reason)) || (name.ptr && !str_eq(name, got.name)) ||
        got.duplicate_of != json_integer_value(at(row, "duplicate_of")))
        fail_msg("%s row %d: %.*s %.*s %.*s", file, (int)number, STR_ARG(got.verdict),
                 STR_ARG(got.phone), STR_ARG(got.name));
}

static void check_columns(const char *file, const struct import *i, const json_t *expected)
{
    struct columns columns;
    columns_read(&world.arena, i->columns, &columns);
    const json_t *roles = at(expected, "columns");
    int64_t phone = columns_find(&columns, COLUMN_PHONE) + 1;
    int64_t name = columns_find(&columns, COLUMN_NAME) + 1;
    int64_t email = columns_find(&columns, COLUMN_EMAIL) + 1;
    if (i->header_row != json_integer_value(at(expected, "header_row")) ||
        phone != json_integer_value(at(roles, "phone")) ||
        name != json_integer_value(at(roles, "name")) ||
        email != json_integer_value(at(roles, "email")))
        fail_msg("%s: header %d, name %d, phone %d, email %d", file, (int)i->header_row, (int)name,
                 (int)phone, (int)email);
}

/* True when the file was read; kinds that come later are refused. */
static bool check_list(const char *folder, const json_t *expected)
{
    char from[PATH_LENGTH];
    int64_t id = 0;
    size_t k;
    json_t *row;
    const char *file = json_string_value(at(expected, "file"));
    snprintf(from, sizeof from, "%s/files/%s", folder, file);
    file_write(in_folder("upload"), file_read(from));
    enum problem p = upload(in_folder("upload"), &id);
    if (p == PROBLEM_SHEET_REFUSED)
        return false;
    if (str_eq(json_get_str(expected, "reason"), STR("NO_PHONE_COLUMN"))) {
        assert_int_equal(import_now(id).counts.ok, 0);
        return true;
    }
    if (str_eq(json_get_str(expected, "result"), STR("reject"))) {
        assert_int_equal(p, PROBLEM_SHEET_EMPTY);
        return true;
    }
    assert_int_equal(p, PROBLEM_NONE);
    struct import i = import_now(id);
    check_columns(file, &i, expected);
    json_array_foreach(at(expected, "rows"), k, row) check_row(file, id, row);
    i = import_now(id);
    if (i.counts.ok + i.counts.repaired != json_integer_value(at(at(expected, "counts"), "accept")))
        fail_msg("%s: %d rows", file, (int)i.counts.rows);
    return true;
}

static void korean_lists_are_understood(void **state)
{
    (void)state;
    char folder[PATH_LENGTH - 100], path[PATH_LENGTH];
    const char *shared = getenv("SENDINGO_SHARED");
    int read = 0, later = 0;
    snprintf(folder, sizeof folder, "%s/corpora/korean", shared ? shared : "");
    snprintf(path, sizeof path, "%s/expected", folder);
    DIR *dir = shared ? opendir(path) : NULL;
    if (!dir)
        skip();
    for (struct dirent *e; (e = readdir(dir));) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/expected/%.200s", folder, e->d_name);
        json_t *expected = json_load_file(path, 0, NULL);
        assert_non_null(expected);
        if (check_list(folder, expected))
            read++;
        else
            later++;
        json_decref(expected);
    }
    closedir(dir);
    world_verify(&world);
    print_message("# %d lists read, %d refused\n", read, later);
    assert_true(read >= 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(lists_of_every_kind_give_the_promised_verdicts),
        EACH(columns_are_guessed_and_corrected),
        EACH(without_a_header_the_content_tells),
        EACH(a_list_without_numbers_waits_for_its_column),
        EACH(dropping_keeps_the_counts),
        EACH(known_people_are_updated),
        EACH(into_the_default_group_goes_who_is_nowhere),
        EACH(confirming_is_all_or_nothing),
        EACH(discarding_leaves_no_file),
        EACH(orphans_are_swept),
        EACH(what_is_no_list_is_refused),
        EACH(korean_lists_are_understood),
    };
    log_level_set(LOG_ERROR);
    int failed = cmocka_run_group_tests_name("imports on SQLite", tests, NULL, NULL);
    engine = STORE_POSTGRESQL;
    if (world_has_postgresql())
        failed += cmocka_run_group_tests_name("imports on PostgreSQL", tests, NULL, NULL);
    return failed;
}
