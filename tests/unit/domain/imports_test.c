/*
 * imports_test.c - files of all kinds on their way to contacts, on both engines.
 *
 * Lists come from tests/fixtures/make_customers.py, which tells what must be found in them, from
 * texts made here, and from the collection of Korean lists when the checkout has one.
 */
#include "base/log.h"
#include "domain/contact.h"
#include "domain/group.h"
#include "domain/import_edit.h"
#include "domain/import_work.h"
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

/* Everything that there is to do for imports, in this thread. */
static void work(void)
{
    const struct import_worker w = {
        .folder = world.folder, .name = STR_INIT("test"), .lease_ms = MINUTE_MS};
    begin();
    while (import_work_once(&scope, &w))
        begin();
}

static int64_t upload_file(const char *path)
{
    int64_t id = 0;
    struct import_upload upload = {.filename = STR_INIT("명단.xlsx"), .path = path};
    assert_int_equal(import_create(begin(), world.folder, &upload, &id), PROBLEM_NONE);
    assert_int_not_equal(access(path, F_OK), 0); /* taken */
    work();
    return id;
}

static int64_t upload_text(const char *text)
{
    file_write(in_folder("upload"), str_c(text));
    return upload_file(in_folder("upload"));
}

static struct import import_now(int64_t id)
{
    struct import i;
    assert_int_equal(import_get(begin(), id, &i), PROBLEM_NONE);
    return i;
}

static void assert_state(int64_t id, const char *state)
{
    struct import i = import_now(id);
    if (!str_eq(i.state, str_c(state)))
        fail_msg("state %.*s, wanted %s", STR_ARG(i.state), state);
}

/* All rows that match; at most a page of them. */
static size_t rows_now(int64_t id, enum import_filter filter, const struct import_row **list)
{
    struct import_row_page page = {.filter = filter,
                                   .page = {.limit = PAGE_LIMIT_MAX, .cursor = STR_INIT("")}};
    size_t count;
    struct str next;
    int64_t total;
    assert_int_equal(import_row_list(begin(), world.folder, id, &page, list, &count, &next, &total),
                     PROBLEM_NONE);
    assert_true(total == (int64_t)count || next.ptr);
    return count;
}

/* The row with that number; `number` 0 in what comes back: there is none. */
static struct import_row row_now(int64_t id, int64_t number)
{
    const struct import_row *list;
    size_t count = rows_now(id, FILTER_ALL, &list);
    for (size_t i = 0; i < count; i++)
        if (list[i].number == number)
            return list[i];
    return (struct import_row){0};
}

static enum problem change(int64_t id, int64_t number, const struct import_row_change *c)
{
    struct import_row out;
    return import_row_change(begin(), world.folder, id, number, c, &out);
}

static enum problem drop(int64_t id, int64_t number, bool dropped)
{
    return change(id, number,
                  &(struct import_row_change){.dropped_given = true, .dropped = dropped});
}

static enum problem correct(int64_t id, int64_t number, int64_t column, const char *value)
{
    struct import_cell_change cell = {column, str_c(value)};
    return change(id, number, &(struct import_row_change){.cells = &cell, .count = 1});
}

/* Says something about the file and has it read again. */
static enum problem remap(int64_t id, const struct import_mapping *m)
{
    enum problem p = import_remap(begin(), id, m);
    work();
    return p;
}

#define MAPPING .sheet = -1, .header_row = -1

static enum problem confirm_start(int64_t id, int64_t group, const char *name)
{
    struct str names[] = {str_c(name)};
    struct import_target target = {
        .groups = &group, .group_count = group != 0, .names = names, .name_count = name != NULL};
    return import_confirm(begin(), id, &target);
}

static void confirm(int64_t id, int64_t group, const char *name)
{
    assert_int_equal(confirm_start(id, group, name), PROBLEM_NONE);
    work();
    assert_state(id, "confirmed");
}

static int64_t count_of(const char *table)
{
    static const struct {
        const char *table, *sql;
    } known[] = {{"contact", "SELECT count(*) FROM contact"},
                 {"group_member", "SELECT count(*) FROM group_member"},
                 {"contact_group", "SELECT count(*) FROM contact_group"},
                 {"import_undo", "SELECT count(*) FROM import_undo"},
                 {"import_chunk", "SELECT count(*) FROM import_chunk"},
                 {"import_joined", "SELECT count(*) FROM import_joined"},
                 {"import_edit", "SELECT count(*) FROM import_edit"}};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(table, known[i].table) == 0)
            return world_get(&world, known[i].sql, DB_NO_ARGS);
    fail_msg("no table %s", table);
    return -1;
}

/* The one contact with that number. */
static struct contact contact_of(const char *phone)
{
    struct contact_filter filter = {.query = str_c(phone)};
    struct page page = {.limit = 5, .cursor = STR_INIT("")};
    const struct contact *list;
    size_t count;
    struct str next;
    assert_int_equal(contact_list(begin(), &filter, &page, &list, &count, &next), PROBLEM_NONE);
    assert_int_equal(count, 1);
    return list[0];
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
    struct import_row_page page = {.page = {.limit = 100, .cursor = STR_INIT("")}};
    crypto_hash_sha256_init(&sha);
    for (int64_t total = 1; page.offset < total; page.offset += page.page.limit) {
        const struct import_row *list;
        size_t count;
        struct str next;
        assert_int_equal(
            import_row_list(begin(), world.folder, id, &page, &list, &count, &next, &total),
            PROBLEM_NONE);
        for (size_t i = 0; i < count; i++) {
            if (list[i].verdict != VERDICT_OK && list[i].verdict != VERDICT_REPAIRED)
                continue;
            struct str line = str_printf(&world.arena, "%s\n", list[i].phone.ptr);
            crypto_hash_sha256_update(&sha, (const unsigned char *)line.ptr, line.len);
        }
    }
    crypto_hash_sha256_final(&sha, digest);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    assert_string_equal(hex, json_string_value(json_object_get(expected, "phones_sha256")));
}

static void check_customers(const char *format, int rows, int seed)
{
    json_t *expected = customers(format, rows, seed, in_folder("customers"));
    int64_t id = upload_file(in_folder("customers"));
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
    assert_int_equal(world_get(&world,
                               "SELECT member_count FROM contact_group WHERE id ="
                               " (SELECT group_id FROM import_group WHERE import_id = $1)",
                               DB_ARGS(DB_N(id))),
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
    struct import_row one = row_now(id, 4), two;
    assert_true(str_eq(one.phone, STR("01000000001")) && one.verdict == VERDICT_OK);
    two = row_now(id, 5);
    assert_true(str_eq(two.phone, STR("01000000002")) && two.verdict == VERDICT_REPAIRED);
    assert_null(two.email.ptr);
    one = row_now(id, 4);
    assert_true(str_eq(one.attributes, STR("{\"구매자 전화\":\"02-123-4567\",\"비고\":\"가\"}")));

    const struct import_column buyer[] = {
        {0, COLUMN_NAME, STR("")}, {1, COLUMN_PHONE, STR("")}, {4, COLUMN_ATTRIBUTE, STR("메모")}};
    struct import_mapping m = {MAPPING, .columns_given = true, .columns = buyer, .count = 3};
    assert_int_equal(drop(id, 5, true), PROBLEM_NONE);
    assert_int_equal(remap(id, &m), PROBLEM_NONE);
    one = row_now(id, 4);
    assert_true(one.verdict == VERDICT_ERROR &&
                str_eq(import_reason_word(one.reason), STR("PHONE_LANDLINE")));
    assert_true(str_eq(row_now(id, 4).attributes, STR("{\"메모\":\"가\"}")));
    assert_true(row_now(id, 5).dropped);
    world_verify(&world);

    m.count = 1; /* no number at all */
    assert_int_equal(remap(id, &m), PROBLEM_PHONE_COLUMN_MISSING);
    struct import_column strange[] = {{900, COLUMN_PHONE, STR("")}};
    m.columns = strange;
    assert_int_equal(remap(id, &m), PROBLEM_INVALID);
    struct import_mapping no_sheet = {.sheet = 3, .header_row = -1};
    assert_int_equal(remap(id, &no_sheet), PROBLEM_INVALID);
    assert_int_equal(import_now(id).counts.rows, 2); /* nothing of the refused ones happened */
    struct import_mapping below = {.sheet = -1, .header_row = 900};
    assert_int_equal(remap(id, &below), PROBLEM_NONE);
    assert_int_equal(import_now(id).counts.rows, 0);
    assert_true(str_find(import_now(id).notes, STR("no_rows"), 0) >= 0);
    struct import_mapping no_header = {.sheet = -1, .header_row = 0};
    assert_int_equal(remap(id, &no_header), PROBLEM_NONE);
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
    assert_int_equal(i.counts.error, 2);
    assert_int_equal(row_now(id, 2).reason, REASON_PHONE_COLUMN_MISSING);
    assert_int_equal(confirm_start(id, 0, "x"), PROBLEM_PHONE_COLUMN_MISSING);
}

/* ---- rows and confirmation ---- */

static void dropping_keeps_the_counts(void **state)
{
    (void)state;
    int64_t id =
        upload_text("이름,휴대폰\n하나,01000000001\n하나,01000000001\n두리,1\n세나,01000000003\n");
    assert_int_equal(drop(id, 2, true), PROBLEM_NONE);
    assert_int_equal(drop(id, 2, true), PROBLEM_NONE);
    assert_int_equal(drop(id, 4, true), PROBLEM_NONE);
    assert_int_equal(drop(id, 99, true), PROBLEM_NOT_FOUND);
    world_verify(&world);
    struct import_counts n = import_now(id).counts;
    assert_int_equal(n.dropped, 2);
    assert_int_equal(n.create, 2);
    assert_int_equal(row_now(id, 3).verdict, VERDICT_OK); /* the other one is out */
    assert_int_equal(drop(id, 2, false), PROBLEM_NONE);
    assert_int_equal(row_now(id, 3).verdict, VERDICT_DUPLICATE);
    assert_int_equal(import_now(id).counts.create, 2);
    confirm(id, 0, "셋");
    assert_int_equal(import_now(id).created, 2);
    assert_int_equal(drop(id, 2, true), PROBLEM_IMPORT_STATE);
    world_verify(&world);
}

static void known_people_are_updated(void **state)
{
    (void)state;
    int64_t first = upload_text("이름,휴대폰,등급,이메일\n하나,01000000001,일반,a@example.com\n");
    confirm(first, 0, "처음");
    int64_t again =
        upload_text("이름,휴대폰,메모,이메일\n,010-0000-0001,새,\n두리,01000000002,,\n");
    assert_int_equal(import_now(again).counts.update, 1);
    assert_int_equal(import_now(again).counts.create, 1);
    assert_int_equal(row_now(again, 2).effect, EFFECT_UPDATE);
    assert_true(row_now(again, 2).contact > 0);
    confirm(again, 0, "처음"); /* the name is taken */
    assert_int_equal(world_get(&world, "SELECT count(*) FROM contact_group WHERE name = $1",
                               DB_ARGS(DB_S(STR("처음(1)")))),
                     1);
    struct contact c = contact_of("01000000001");
    assert_true(str_eq(c.name, STR("하나")) && str_eq(c.email, STR("a@example.com")));
    assert_true(str_eq(c.attributes, STR("{\"등급\":\"일반\",\"메모\":\"새\"}")));
    assert_int_equal(c.group_count, 2);
    assert_int_equal(count_of("import_undo"), 0); /* nothing of the undo is left */
    world_verify(&world);
}

/* ---- what is there twice ---- */

static void rules_set(int64_t id, enum import_rule duplicates, enum import_rule existing)
{
    struct import_mapping m = {MAPPING, .duplicates_given = true, .existing_given = true,
                               .rules = {duplicates, existing}};
    assert_int_equal(remap(id, &m), PROBLEM_NONE);
}

static const char twice[] = "이름,휴대폰,등급,메모\n하나,01000000001,,가\n"
                            "두리,01000000002,일반,\n일번,01000000001,VIP,나\n";

static void the_first_row_is_kept(void **state)
{
    (void)state;
    int64_t id = upload_text(twice);
    struct import_row last = row_now(id, 4);
    assert_int_equal(last.verdict, VERDICT_DUPLICATE);
    assert_int_equal(last.duplicate_of, 2);
    assert_int_equal(last.effect, EFFECT_NONE);
    confirm(id, 0, NULL);
    assert_true(str_eq(contact_of("01000000001").name, STR("하나")));
    assert_true(str_eq(contact_of("01000000001").attributes, STR("{\"메모\":\"가\"}")));
    world_verify(&world);
}

static void the_later_row_wins(void **state)
{
    (void)state;
    int64_t id = upload_text(twice);
    rules_set(id, RULE_OVERWRITE, RULE_OVERWRITE);
    assert_int_equal(row_now(id, 2).verdict, VERDICT_DUPLICATE);
    assert_int_equal(row_now(id, 2).duplicate_of, 4);
    assert_int_equal(row_now(id, 4).verdict, VERDICT_OK);
    confirm(id, 0, NULL);
    assert_true(str_eq(contact_of("01000000001").name, STR("일번")));
    assert_true(
        str_eq(contact_of("01000000001").attributes, STR("{\"등급\":\"VIP\",\"메모\":\"나\"}")));
    world_verify(&world);
}

static void gaps_are_filled(void **state)
{
    (void)state;
    int64_t id = upload_text(twice);
    rules_set(id, RULE_FILL, RULE_OVERWRITE);
    assert_int_equal(row_now(id, 4).effect, EFFECT_MERGE);
    confirm(id, 0, NULL);
    assert_true(str_eq(contact_of("01000000001").name, STR("하나")));
    assert_true(
        str_eq(contact_of("01000000001").attributes, STR("{\"등급\":\"VIP\",\"메모\":\"가\"}")));
    world_verify(&world);
}

static void what_exists_is_kept_or_filled(void **state)
{
    (void)state;
    confirm(upload_text("이름,휴대폰,등급\n하나,01000000001,일반\n"), 0, NULL);
    const char more[] = "이름,휴대폰,등급,메모\n일번,01000000001,VIP,나\n";
    int64_t keep = upload_text(more);
    rules_set(keep, RULE_KEEP, RULE_KEEP);
    assert_int_equal(import_now(keep).counts.keep, 1);
    confirm(keep, 0, "모임");
    assert_int_equal(import_now(keep).kept, 1);
    assert_true(str_eq(contact_of("01000000001").attributes, STR("{\"등급\":\"일반\"}")));
    assert_int_equal(contact_of("01000000001").group_count, 1); /* joined, and left 미지정 */
    int64_t fill = upload_text(more);
    rules_set(fill, RULE_KEEP, RULE_FILL);
    assert_int_equal(row_now(fill, 2).effect, EFFECT_FILL);
    confirm(fill, 0, NULL);
    assert_true(str_eq(contact_of("01000000001").name, STR("하나")));
    assert_true(
        str_eq(contact_of("01000000001").attributes, STR("{\"등급\":\"일반\",\"메모\":\"나\"}")));
    world_verify(&world);
}

/* ---- corrections ---- */

static void a_corrected_row_is_checked_again(void **state)
{
    (void)state;
    int64_t id = upload_text("이름,휴대폰,등급\n하나,01000000001,\n두리,02-123-4567,일반\n"
                             "세나,01000000003\n");
    assert_int_equal(import_now(id).counts.error, 1);
    assert_int_equal(row_now(id, 3).reason_column, 1);
    assert_int_equal(correct(id, 3, 1, "010-0000-0002"), PROBLEM_NONE);
    struct import_row fixed = row_now(id, 3);
    assert_true(fixed.verdict == VERDICT_OK && fixed.edited);
    assert_true(str_eq(fixed.phone, STR("01000000002")));
    assert_int_equal(correct(id, 3, 1, "01000000001"), PROBLEM_NONE); /* somebody else's */
    assert_int_equal(row_now(id, 3).duplicate_of, 2);
    assert_int_equal(correct(id, 2, 1, "01000000009"), PROBLEM_NONE); /* who now has another */
    assert_int_equal(row_now(id, 3).verdict, VERDICT_OK);
    assert_int_equal(correct(id, 4, 2, "새 칸"), PROBLEM_NONE); /* beyond the row's end */
    assert_true(str_eq(row_now(id, 4).attributes, STR("{\"등급\":\"새 칸\"}")));
    assert_int_equal(correct(id, 4, 3, "x"), PROBLEM_INVALID); /* beyond the sheet's */
    assert_int_equal(correct(id, 99, 1, "x"), PROBLEM_NOT_FOUND);
    struct import_counts n = import_now(id).counts;
    assert_true(n.edited == 3 && n.error == 0 && n.ok == 3 && n.create == 3);
    world_verify(&world);
    struct import_mapping m = {MAPPING, .duplicates_given = true};
    assert_int_equal(remap(id, &m), PROBLEM_NONE); /* they survive another reading */
    assert_true(row_now(id, 3).edited && row_now(id, 3).verdict == VERDICT_OK);
    confirm(id, 0, NULL);
    assert_int_equal(import_now(id).created, 3);
    assert_int_equal(count_of("import_edit"), 0);
    world_verify(&world);
}

/* Kills between the transaction of a change and the files of rows leave these behind. */
static void rows_are_made_anew_when_they_are_stale(void **state)
{
    (void)state;
    char path[PATH_LENGTH];
    int64_t id = upload_text("이름,휴대폰\n하나,01000000001\n두리,1\n");
    assert_int_equal(correct(id, 3, 1, "01000000002"), PROBLEM_NONE);
    assert_int_equal(drop(id, 2, true), PROBLEM_NONE);
    snprintf(path, sizeof path, "%s/%s.index", world.folder, import_now(id).file.ptr);
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    const uint64_t spoilt = UINT64_MAX;
    assert_int_equal(fseek(f, sizeof spoilt, SEEK_SET), 0); /* behind the magic: the revision */
    assert_int_equal(fwrite(&spoilt, sizeof spoilt, 1, f), 1);
    fclose(f);
    assert_true(row_now(id, 2).dropped && row_now(id, 3).edited);
    assert_int_equal(row_now(id, 3).verdict, VERDICT_OK);
    assert_int_equal(truncate(path, 30), 0);
    assert_true(row_now(id, 2).dropped);
    assert_int_equal(unlink(path), 0);
    assert_true(row_now(id, 2).dropped);
    snprintf(path, sizeof path, "%s/%s.rows", world.folder, import_now(id).file.ptr);
    assert_int_equal(unlink(path), 0);
    assert_true(row_now(id, 3).edited);
    confirm(id, 0, NULL);
    assert_int_equal(import_now(id).created, 1);
    world_verify(&world);
}

static bool line_write(void *ctx, const struct str *cells, size_t count)
{
    FILE *f = ctx;
    for (size_t i = 0; i < count; i++)
        fprintf(f, "%s\"%.*s\"", i ? "," : "", STR_ARG(cells[i]));
    return fputc('\n', f) != EOF;
}

static void wrong_rows_go_out_and_come_back(void **state)
{
    (void)state;
    char path[PATH_LENGTH];
    struct import_corrections c;
    int64_t id = upload_text("이름,휴대폰,메모\n하나,01000000001,가\n두리,1,나\n세나,2,다\n");
    snprintf(path, sizeof path, "%s", in_folder("errors"));
    FILE *f = fopen(path, "wb");
    struct import_sheet_out out = {line_write, line_write, f, false};
    assert_int_equal(import_rows_write(begin(), world.folder, id, FILTER_ERROR, &out),
                     PROBLEM_NONE);
    fclose(f);
    struct str text = file_read(path);
    assert_true(str_starts(text, STR("\"행\",\"이름\",\"휴대폰\",\"메모\",\"오류\"\n\"3\"")));
    file_write(path, STR("오류,행,이름,휴대폰\n,3,두리,01000000002\n,4,세나,2\n,99,누구,1\n"));
    assert_int_equal(import_corrections_read(begin(), world.folder, id, path, &c), PROBLEM_NONE);
    assert_true(c.corrected == 1 && c.unchanged == 1 && c.unknown == 1);
    assert_int_equal(import_now(id).counts.ok, 2);
    assert_true(
        str_eq(row_now(id, 3).attributes, STR("{\"메모\":\"나\"}"))); /* not in it: as it was */
    file_write(path, STR("이름,휴대폰\n두리,01000000002\n"));
    assert_int_equal(import_corrections_read(begin(), world.folder, id, path, &c),
                     PROBLEM_CORRECTIONS_UNKNOWN);
    file_write(path, STR("%PDF-1.4"));
    assert_int_equal(import_corrections_read(begin(), world.folder, id, path, &c),
                     PROBLEM_SHEET_REFUSED);
    world_verify(&world);
}

static void many_rows_are_dropped_at_once(void **state)
{
    (void)state;
    const int64_t some[] = {2, 4}, strange[] = {2, 77};
    int64_t id = upload_text("이름,휴대폰\n하나,01000000001\n두리,1\n세나,01000000003\n");
    struct import_rows_change listed = {.rows = some, .count = 2, .dropped = true};
    assert_int_equal(import_rows_change(begin(), world.folder, id, &listed), PROBLEM_NONE);
    assert_int_equal(import_now(id).counts.dropped, 2);
    struct import_rows_change wrong = {.filter = FILTER_ERROR, .dropped = true};
    assert_int_equal(import_rows_change(begin(), world.folder, id, &wrong), PROBLEM_NONE);
    assert_int_equal(import_now(id).counts.dropped, 3);
    world_verify(&world);
    listed = (struct import_rows_change){.rows = strange, .count = 2, .dropped = false};
    assert_int_equal(import_rows_change(begin(), world.folder, id, &listed), PROBLEM_NOT_FOUND);
    assert_true(row_now(id, 2).dropped); /* all or nothing */
    struct import_rows_change back = {.filter = FILTER_ALL, .dropped = false};
    assert_int_equal(import_rows_change(begin(), world.folder, id, &back), PROBLEM_NONE);
    assert_int_equal(import_now(id).counts.dropped, 0);
    world_verify(&world);
}

/* ---- chunks ---- */

#define MANY 12000 /* people: more than two transactions */

static int64_t upload_many(const char *name)
{
    static char text[MANY * 64];
    size_t n = (size_t)snprintf(text, sizeof text, "이름,휴대폰,메모\n");
    for (int i = 0; i < MANY; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%d,010%08d,%d\n", name, i,
                              (i * 7919) % MANY + 10, i);
    return upload_text(text);
}

struct patience {
    int steps;
};

static bool a_few_steps(void *ctx)
{
    struct patience *p = ctx;
    return p->steps-- > 0;
}

/* Takes the import and does one transaction less than `steps`. */
static void work_a_little(int steps)
{
    struct patience p = {steps};
    const struct import_worker w = {.folder = world.folder,
                                    .name = STR_INIT("dies"),
                                    .lease_ms = MINUTE_MS,
                                    .go_on = a_few_steps,
                                    .ctx = &p};
    import_work_once(begin(), &w);
}

static void an_import_goes_on_where_it_was(void **state)
{
    (void)state;
    int64_t id = upload_many("김");
    assert_int_equal(confirm_start(id, 0, "모두"), PROBLEM_NONE);
    for (int i = 0; i < 8; i++) {
        work_a_little(2);
        world_verify(&world);
    }
    work();
    assert_state(id, "confirmed");
    assert_int_equal(import_now(id).created, MANY);
    assert_int_equal(count_of("contact"), MANY);
    assert_int_equal(count_of("group_member"), MANY);
    world_verify(&world);
    assert_int_equal(count_of("import_chunk"), 0);
}

static void a_cancelled_import_leaves_nothing(void **state)
{
    (void)state;
    confirm(upload_text("이름,휴대폰,메모\n원래,01000000010,옛것\n둘째,01000009999,\n"), 0, NULL);
    int64_t home = group_default_id(begin());
    int64_t id = upload_many("김");
    assert_int_equal(confirm_start(id, 0, "모두"), PROBLEM_NONE);
    work_a_little(3);
    assert_true(count_of("contact") > 2000 && count_of("contact") < MANY);
    assert_true(str_eq(contact_of("01000000010").name, STR("김0")));
    assert_int_equal(import_cancel(begin(), id), PROBLEM_NONE);
    work_a_little(2); /* dies while it is undone */
    world_verify(&world);
    work();
    assert_state(id, "cancelled");
    assert_int_equal(count_of("contact"), 2);
    assert_int_equal(count_of("contact_group"), 1);
    struct contact c = contact_of("01000000010");
    assert_true(str_eq(c.name, STR("원래")));
    assert_true(str_eq(c.attributes, STR("{\"메모\":\"옛것\"}")));
    assert_true(c.group_count == 1 && c.groups[0].id == home);
    assert_int_equal(count_of("import_undo") + count_of("import_joined") + count_of("import_chunk"),
                     0);
    assert_int_equal(import_cancel(begin(), id), PROBLEM_IMPORT_STATE);
    world_verify(&world);
}

static void a_lease_keeps_others_away(void **state)
{
    (void)state;
    const struct import_worker other = {
        .folder = world.folder, .name = STR_INIT("other"), .lease_ms = MINUTE_MS};
    int64_t id = upload_many("김");
    assert_int_equal(confirm_start(id, 0, NULL), PROBLEM_NONE);
    world_exec(&world, "UPDATE import SET worker = 'dead', lease_until = $1 WHERE id = $2",
               DB_ARGS(DB_N(world.now + MINUTE_MS), DB_N(id)));
    assert_false(import_work_once(begin(), &other));
    assert_int_equal(count_of("contact"), 0);
    world.now += MINUTE_MS + 1; /* it runs out */
    assert_true(import_work_once(begin(), &other));
    assert_state(id, "confirmed");
    id = upload_many("이");
    assert_int_equal(confirm_start(id, 0, NULL), PROBLEM_NONE);
    world_exec(&world, "UPDATE import SET worker = 'dead', lease_until = $1 WHERE id = $2",
               DB_ARGS(DB_N(world.now + MINUTE_MS), DB_N(id)));
    import_work_orphans(begin()); /* nobody else can be alive */
    assert_true(import_work_once(begin(), &other));
    assert_state(id, "confirmed");
    world_verify(&world);
}

static void a_mapping_is_remembered(void **state)
{
    (void)state;
    const char list[] = "코드,연락처A,연락처B\n가,01000000001,01000000002\n";
    int64_t first = upload_text(list);
    const struct import_column second_phone[] = {{0, COLUMN_ATTRIBUTE, STR("회원코드")},
                                                 {2, COLUMN_PHONE, STR("")}};
    struct import_mapping m = {MAPPING, .columns_given = true, .columns = second_phone, .count = 2};
    assert_int_equal(remap(first, &m), PROBLEM_NONE);
    confirm(first, 0, NULL);
    int64_t again = upload_text("코드,연락처 A,연락처B*\n나,01000000003,01000000004\n");
    struct import_row r = row_now(again, 2);
    assert_true(str_eq(r.phone, STR("01000000004")));
    assert_true(str_eq(r.attributes, STR("{\"회원코드\":\"나\"}")));
    assert_true(str_find(import_now(again).notes, STR("remembered"), 0) >= 0);
    struct import i = import_now(upload_text(list));
    struct import_twin twin;
    assert_true(import_twin_find(&scope, &i, &twin) && twin.id == first);
}

static void an_encoding_that_does_not_fit_is_taken_back(void **state)
{
    (void)state;
    /* 이름,휴대폰 and a name in CP949 */
    int64_t id = upload_text("\xC0\xCC\xB8\xA7,\xC8\xDE\xB4\xEB\xC6\xF9\n\xB1\xE8,01000000001\n");
    assert_true(str_eq(import_now(id).encoding, STR("cp949")));
    const struct import_column phone_only[] = {{1, COLUMN_PHONE, STR("")},
                                               {0, COLUMN_ATTRIBUTE, STR("별명")}};
    struct import_mapping said = {MAPPING, .columns_given = true, .columns = phone_only,
                                  .count = 2};
    assert_int_equal(remap(id, &said), PROBLEM_NONE);
    assert_int_equal(correct(id, 2, 1, "01000000002"), PROBLEM_NONE);
    struct import_mapping m = {MAPPING, .encoding = STR_INIT("utf-8")};
    assert_int_equal(remap(id, &m), PROBLEM_NONE);
    struct import i = import_now(id);
    assert_true(str_eq(i.state, STR("mapping")) && str_eq(i.encoding, STR("cp949")));
    assert_true(str_eq(i.problem_code, STR("sheet_encoding")));
    struct import_row r = row_now(id, 2); /* what was said and corrected before still holds */
    assert_true(str_eq(r.phone, STR("01000000002")));
    assert_true(str_eq(r.attributes, STR("{\"별명\":\"김\"}")));
    m = (struct import_mapping){MAPPING, .encoding = STR_INIT("utf-16le")};
    assert_int_equal(remap(id, &m), PROBLEM_NONE);
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

static void confirming_asks_for_what_it_needs(void **state)
{
    (void)state;
    int64_t id = upload_text("이름,휴대폰\n하나,01000000001\n");
    assert_int_equal(confirm_start(id, 4711, NULL), PROBLEM_INVALID);
    assert_int_equal(confirm_start(id, 0, " "), PROBLEM_INVALID);
    assert_state(id, "mapping");
    company++;
    assert_int_equal(confirm_start(id, 0, "x"), PROBLEM_NOT_FOUND);
    company--;
    confirm(id, 0, "그룹");
    assert_int_equal(confirm_start(id, 0, "x"), PROBLEM_IMPORT_STATE);
    assert_int_equal(import_discard(begin(), world.folder, id), PROBLEM_IMPORT_STATE);
    assert_int_equal(drop(id, 2, true), PROBLEM_IMPORT_STATE);
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
    static const char *const names[] = {"orphan", "orphan.index", "orphan.rows"};
    char kept[PATH_LENGTH];
    int64_t id = upload_text("이름,휴대폰\n하나,01000000001\n");
    snprintf(kept, sizeof kept, "%s/%s.index", world.folder, import_now(id).file.ptr);
    file_age(kept);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        file_write(in_folder(names[i]), STR("x"));
        file_age(in_folder(names[i]));
    }
    file_write(in_folder("young"), STR("x"));
    import_work_sweep(begin(), world.folder);
    assert_int_equal(access(kept, F_OK), 0);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_int_not_equal(access(in_folder(names[i]), F_OK), 0);
    assert_int_equal(access(in_folder("young"), F_OK), 0);
}

static void what_is_no_list_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code;
    } files[] = {
        {"", "sheet_empty"},
        {"%PDF-1.4 hello", "sheet_unsupported"},
        {"\n\n\n", "sheet_no_rows"},
        {"이름,휴대폰\n", "sheet_no_rows"},
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct import refused = import_now(upload_text(files[i].text));
        assert_true(str_eq(refused.state, STR("refused")));
        assert_true(str_eq(refused.problem_code, str_c(files[i].code)));
        assert_true(refused.problem_ko.len > 0 && refused.problem_en.len > 0);
        assert_int_equal(refused.file.len, 0);
    }
    world_verify(&world);
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
    got = row_now(id, number);
    if ((strcmp(result, "skip") == 0) != (got.number == 0))
        fail_msg("%s row %d: %s", file, (int)number, result);
    if (got.number == 0)
        return;
    bool taken = got.verdict == VERDICT_OK || got.verdict == VERDICT_REPAIRED;
    struct str phone = json_get_str(row, "phone"), reason = json_get_str(row, "reason");
    struct str name = json_get_str(row, "name");
    if (taken != (strcmp(result, "accept") == 0) || (phone.ptr && !str_eq(phone, got.phone)) ||
        (!taken && !str_eq(reason, import_reason_word(got.reason))) ||
        (name.ptr && !str_eq(name, got.name)) ||
        got.duplicate_of != json_integer_value(at(row, "duplicate_of")))
        fail_msg("%s row %d: %d %d %.*s %.*s", file, (int)number, got.verdict, got.reason,
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

static void check_list(const char *folder, const json_t *expected)
{
    char from[PATH_LENGTH];
    size_t k;
    json_t *row;
    const char *file = json_string_value(at(expected, "file"));
    struct str reason = json_get_str(expected, "reason");
    snprintf(from, sizeof from, "%s/files/%s", folder, file);
    file_write(in_folder("upload"), file_read(from));
    int64_t id = upload_file(in_folder("upload"));
    struct import i = import_now(id);
    if (str_eq(reason, STR("NO_PHONE_COLUMN"))) {
        assert_int_equal(i.counts.ok + i.counts.repaired, 0);
        return;
    }
    if (reason.ptr) {
        assert_true(str_eq(i.state, STR("refused")));
        return;
    }
    check_columns(file, &i, expected);
    json_array_foreach(at(expected, "rows"), k, row) check_row(file, id, row);
    i = import_now(id);
    if (i.counts.ok + i.counts.repaired != json_integer_value(at(at(expected, "counts"), "accept")))
        fail_msg("%s: %d rows", file, (int)i.counts.rows);
}

static void korean_lists_are_understood(void **state)
{
    (void)state;
    char folder[PATH_LENGTH - 100], path[PATH_LENGTH];
    const char *shared = getenv("SENDINGO_SHARED");
    int read = 0;
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
        check_list(folder, expected);
        read++;
        json_decref(expected);
    }
    closedir(dir);
    world_verify(&world);
    print_message("# %d lists\n", read);
    assert_true(read >= 48);
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
        EACH(confirming_asks_for_what_it_needs),
        EACH(the_first_row_is_kept),
        EACH(the_later_row_wins),
        EACH(gaps_are_filled),
        EACH(what_exists_is_kept_or_filled),
        EACH(a_corrected_row_is_checked_again),
        EACH(rows_are_made_anew_when_they_are_stale),
        EACH(wrong_rows_go_out_and_come_back),
        EACH(many_rows_are_dropped_at_once),
        EACH(an_import_goes_on_where_it_was),
        EACH(a_cancelled_import_leaves_nothing),
        EACH(a_lease_keeps_others_away),
        EACH(a_mapping_is_remembered),
        EACH(an_encoding_that_does_not_fit_is_taken_back),
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
