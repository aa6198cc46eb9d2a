/*
 * verify_test.c - verify says nothing of a world that is right and finds every single thing that we
 * make wrong in it: one test for each check, on both engines.
 */
#include "base/log.h"
#include "domain/request.h"
#include "domain/verify.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct world world, right; /* each test spoils a copy of the right one */
static enum store_engine engine;

/* ---- a world with something of everything ---- */

static const char *const contacts[] = {
    "INSERT INTO contact (company_id, id, name, phone, attributes, created_at, updated_at) VALUES"
    " (1, 1, 'a', '01000000001', '{}', 0, 0), (1, 2, 'b', '01000000002', '{}', 0, 0),"
    " (1, 3, 'c', '01000000003', '{}', 0, 0)",
    "INSERT INTO contact_group (company_id, id, name, description, is_default, member_count,"
    " created_at) VALUES (1, 2, 'two', '', 0, 2, 0), (1, 3, 'three', '', 0, 1, 0)",
    "INSERT INTO group_member (company_id, group_id, contact_id) VALUES (1, 1, 1), (1, 2, 2),"
    " (1, 2, 3), (1, 3, 3)",
    "UPDATE contact_group SET member_count = 1 WHERE id = 1 AND company_id = 1",
    "UPDATE company SET contact_count = 3, group_count = 3 WHERE id = 1",
    "UPDATE sequence SET next = 4 WHERE company_id = 1 AND name = 'contact_group'",
    "INSERT INTO sequence (company_id, name, next) VALUES (1, 'contact', 4), (1, 'import', 3),"
    " (1, 'template', 2), (1, 'sender_profile', 2), (1, 'user_account', 2)",
    "INSERT INTO import (company_id, id, filename, path, state, kind, encoding, sheets, sheet,"
    " header_row, columns, row_count, ok_count, repaired_count, duplicate_count, error_count,"
    " dropped_count, create_count, update_count, created_at)"
    " VALUES (1, 1, 'a.csv', '', 'mapping', 'csv', '', '[]', 0, 1, '[]', 6, 2, 2, 1, 1, 1, 2, 1,"
    " 0)",
    "UPDATE import SET edited_count = 1",
    "INSERT INTO import (company_id, id, filename, path, state, kind, encoding, sheets, sheet,"
    " header_row, columns, row_count, ok_count, repaired_count, duplicate_count, error_count,"
    " dropped_count, create_count, update_count, created, updated, skipped, created_at)"
    " VALUES (1, 2, 'b.csv', '', 'confirmed', 'csv', '', '[]', 0, 1, '[]', 3, 2, 0, 0, 1, 0, 2,"
    " 0, 2, 0, 1, 0)",
    "INSERT INTO import_edit (company_id, import_id, number, cells, dropped) VALUES"
    " (1, 1, 3, NULL, 1), (1, 1, 4, '[]', 0)",
    "INSERT INTO contact_past_phone (company_id, contact_id, phone) VALUES (1, 1, '01000000009')",
    "INSERT INTO suppression (company_id, id, phone, reason, note, created_by, created_at)"
    " VALUES (1, 1, '01000000001', 'manual', '', 0, 0)",
    "INSERT INTO sequence (company_id, name, next) VALUES (1, 'suppression', 2)",
    "INSERT INTO campaign_group (company_id, campaign_id, group_id, excepted) VALUES (1, 1, 2, 0)",
    "INSERT INTO template (company_id, id, profile_id, code, name, status, inspection, version,"
    " present, fetched_at) VALUES (1, 1, 1, 'T', 't', 'active', 'approved', 1, 1, 0)",
    "INSERT INTO user_account (company_id, id, email, name, role, password_hash, failed_logins,"
    " locked_until, created_at) VALUES (1, 1, 'a@b.kr', 'n', 4, '', 0, 0, 0)",
    "INSERT INTO sender_profile (company_id, id, name, gateway, base_url, user_id, api_key,"
    " sender_key, sender_number, status, status_text, request_rate, message_rate, request_level,"
    " message_level, level_at, slow_until, slow_step, created_at)"
    " VALUES (1, 1, 'p', 'practice', '', '', '', '', '', 'ok', '', 1, 1, 0, 0, 0, 0, 0, 0)",
};

/* Clicks: of 2 (delivered) by people, of 3 (delivered) by a preview, of 1 (accepted) by a person.
 */
static const char *const clicks[] = {
    "INSERT INTO click (company_id, campaign_id, ordinal, id, button, at, kind, agent) VALUES"
    " (1, 1, 2, 1, 1, 500, 'bot', 'none'), (1, 1, 2, 2, 1, 700, 'person', 'ios'),"
    " (1, 1, 2, 3, 1, 600, 'person', 'ios'), (1, 1, 3, 1, 1, 900, 'preview', 'program'),"
    " (1, 1, 1, 1, 1, 800, 'person', 'ios')",
    "UPDATE message SET click_count = 2, first_click_at = 600 WHERE ordinal = 2",
    "UPDATE message SET click_count = 1, first_click_at = 800 WHERE ordinal = 1",
    "UPDATE campaign SET clicked = 2",
    "UPDATE hour_click SET clicked = 2, delivered_clicked = 1",
};

static void run_all(const char *const *statements, size_t count)
{
    for (size_t i = 0; i < count; i++)
        world_exec(&world, statements[i], DB_NO_ARGS);
}

/* Calls and what became of their messages. */
static const struct {
    int64_t first, last;
    enum request_state request;
    enum message_state path[3]; /* of all of them, from SENDING on */
} calls[] = {
    {1, 3, REQUEST_ACCEPTED, {MESSAGE_ACCEPTED}},
    {4, 4, REQUEST_DONE, {MESSAGE_ACCEPTED, MESSAGE_FAILED}},
    {5, 6, REQUEST_DONE, {MESSAGE_ACCEPTED, MESSAGE_EXPIRED}},
    {7, 8, REQUEST_UNKNOWN, {MESSAGE_UNKNOWN}},
    {9, 10, REQUEST_ABSENT, {MESSAGE_UNKNOWN, MESSAGE_UNSENT}},
    {11, 11, REQUEST_CALLING, {0}},
    {12, 12, REQUEST_REFUSED, {MESSAGE_FAILED}},
};

static void make_calls(void)
{
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        int64_t request = (int64_t)i + 1, first = calls[i].first, last = calls[i].last;
        world_call(&world, 1, 1, request, first, last);
        enum message_state from = MESSAGE_SENDING;
        for (const enum message_state *to = calls[i].path; *to; from = *to++)
            world_move(&world, 1, 1, request, first, last, from, *to);
        world_request_state(&world, 1, request, calls[i].request);
    }
    world_move(&world, 1, 1, 1, 2, 3, MESSAGE_ACCEPTED, MESSAGE_DELIVERED);
    world_move(&world, 1, 1, 0, 14, 14, MESSAGE_QUEUED, MESSAGE_CANCELLED);
    world_move(&world, 1, 1, 0, 15, 15, MESSAGE_QUEUED, MESSAGE_SKIPPED);
}

static int make_world(void **state)
{
    (void)state;
    world_begin(&world, engine);
    world_company(&world, 1);
    world_company(&world, 2);
    world_campaign(&world, 1, 1, 15, true);
    run_all(contacts, COUNT_OF(contacts));
    make_calls();
    run_all(clicks, COUNT_OF(clicks));
    return 0;
}

static int make_right(void **state)
{
    make_world(state);
    right = world;
    right.clock.ctx = &right.now;
    return 0;
}

static int remove_right(void **state)
{
    (void)state;
    world_end(&right);
    return 0;
}

static int setup(void **state)
{
    (void)state;
    world_copy(&world, &right);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

/* ---- what can be wrong ---- */

static const struct corruption {
    const char *check, *first, *second;
} corruptions[] = {
    {"campaign_count.n", "UPDATE campaign_count SET n = n + 1 WHERE state = 4", NULL},
    {"hour_count.n", "DELETE FROM hour_count WHERE state = 5", NULL},
    {"hour_click.clicked", "UPDATE hour_click SET clicked = clicked - 1", NULL},
    {"hour_click.delivered", "UPDATE hour_click SET delivered = 0", NULL},
    {"hour_click.delivered_clicked", "DELETE FROM hour_click", NULL},
    {"campaign.clicked", "UPDATE campaign SET clicked = 3", NULL},
    {"message.state is one of the ten", "UPDATE message SET state = 11 WHERE ordinal = 13", NULL},
    {"message.campaign_id is a campaign", "UPDATE message SET campaign_id = 77 WHERE ordinal = 13",
     NULL},
    {"message.phone once in a campaign", "DROP INDEX message_phone",
     "UPDATE message SET phone = '0101' WHERE ordinal = 2"},
    {"message has one content", "DELETE FROM message_content WHERE ordinal = 3", NULL},
    {"message.hour belongs to a call", "UPDATE message SET hour = NULL WHERE ordinal = 2", NULL},
    {"message.request_id belongs to a call", "UPDATE message SET request_id = 1 WHERE ordinal = 14",
     NULL},
    {"message.tracked says that there is a link", "DELETE FROM link WHERE ordinal = 8", NULL},
    {"message.state fits its request's", "UPDATE request SET state = 6 WHERE id = 4", NULL},
    {"request.message_count", "UPDATE request SET message_count = 4 WHERE id = 1", NULL},
    {"message.click_count", "UPDATE message SET click_count = 3 WHERE ordinal = 2", NULL},
    {"message.first_click_at", "UPDATE message SET first_click_at = 650 WHERE ordinal = 2", NULL},
    {"click belongs to a message", "UPDATE click SET ordinal = 99 WHERE ordinal = 3", NULL},
    {"link belongs to a message", "UPDATE link SET ordinal = 99 WHERE ordinal = 3", NULL},
    {"link leads somewhere", "DELETE FROM campaign_link", NULL},
    {"contact_group.member_count", "UPDATE contact_group SET member_count = 3 WHERE id = 2", NULL},
    {"company.contact_count", "UPDATE company SET contact_count = 1 WHERE id = 2", NULL},
    {"company.group_count", "UPDATE company SET group_count = 0 WHERE id = 2", NULL},
    {"company.campaign_count", "UPDATE company SET campaign_count = 0", NULL},
    {"campaign_group belongs to a campaign", "UPDATE campaign_group SET campaign_id = 99", NULL},
    {"contact_past_phone belongs to a contact", "UPDATE contact_past_phone SET contact_id = 99",
     NULL},
    {"contact.phone once in a company", "DROP INDEX contact_phone",
     "UPDATE contact SET phone = '01000000001' WHERE id = 2"},
    {"group_member joins a contact and a group",
     "UPDATE group_member SET contact_id = 9 WHERE contact_id = 2", NULL},
    {"a company has one default group",
     "UPDATE contact_group SET is_default = 1 WHERE company_id = 1 AND id = 2", NULL},
    {"the default group holds those in no other",
     "INSERT INTO group_member (company_id, group_id, contact_id) VALUES (1, 1, 2)", NULL},
    {"import.edited_count", "DELETE FROM import_edit WHERE number = 4", NULL},
    {"import.dropped_count", "UPDATE import_edit SET dropped = 0 WHERE number = 3", NULL},
    {"import: verdicts add up to rows", "UPDATE import SET ok_count = 1 WHERE id = 1", NULL},
    {"import: results add up to rows", "UPDATE import SET skipped = 0 WHERE state = 'confirmed'",
     NULL},
    {"import: nothing to undo without a running import",
     "INSERT INTO import_chunk (company_id, import_id, first_id, last_id) VALUES (1, 1, 1, 2)",
     NULL},
    {"sequence.contact", "UPDATE sequence SET next = 3 WHERE name = 'contact'", NULL},
    {"sequence.contact_group", "DELETE FROM sequence WHERE name = 'contact_group'", NULL},
    {"sequence.suppression", "DELETE FROM sequence WHERE name = 'suppression'", NULL},
    {"sequence.import", "UPDATE sequence SET next = 1 WHERE name = 'import'", NULL},
    {"sequence.template", "UPDATE sequence SET next = 1 WHERE name = 'template'", NULL},
    {"sequence.campaign", "UPDATE sequence SET next = 1 WHERE name = 'campaign'", NULL},
    {"sequence.request", "UPDATE sequence SET next = 7 WHERE name = 'request'", NULL},
    {"sequence.sender_profile", "UPDATE sequence SET next = 1 WHERE name = 'sender_profile'", NULL},
    {"sequence.user_account", "UPDATE sequence SET next = 1 WHERE name = 'user_account'", NULL},
};

/* Verifies and returns what was printed; the caller frees. */
static char *verified(bool *good)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    *good = verify_all(world.store, out);
    fclose(out);
    return text;
}

static void says_nothing_of_a_world_that_is_right(void **state)
{
    (void)state;
    bool good;
    char *text = verified(&good);
    if (!good)
        print_message("%s", text);
    assert_true(good);
    assert_non_null(strstr(text, " counters checked, 0 differences\n"));
    assert_null(strchr(text, ':')); /* that line alone */
    free(text);
}

/* The corruption that makes a check fail; every check has one. */
static const struct corruption *corruption_of(const char *check)
{
    for (size_t i = 0; i < COUNT_OF(corruptions); i++)
        if (strcmp(corruptions[i].check, check) == 0)
            return &corruptions[i];
    fail_msg("no test makes this check fail: %s", check);
    return NULL;
}

static void corrupt(const struct corruption *c)
{
    world_exec(&world, c->first, DB_NO_ARGS);
    if (c->second)
        world_exec(&world, c->second, DB_NO_ARGS);
}

/* What verify says of one check; the caller frees. */
static char *lines_about(const char *check, bool *good)
{
    char *text = verified(good), *lines = calloc(1, strlen(text) + 1), *rest = text, *line;
    size_t length = strlen(check);
    while ((line = strsep(&rest, "\n")))
        if (strncmp(line, check, length) == 0 && line[length] == ':')
            strcat(strcat(lines, line), "\n");
    free(text);
    return lines;
}

static void finds_it(void **state)
{
    const char *check = *state;
    corrupt(corruption_of(check));
    bool good;
    char *lines = lines_about(check, &good);
    assert_false(good);
    assert_string_not_equal(lines, "");
    free(lines);
}

/* Databases are dear on PostgreSQL: there one takes all of it, one thing after another. */
static void finds_one_after_another(void **state)
{
    (void)state;
    const char *check;
    for (size_t i = 0; (check = verify_check_name(i)); i++) {
        bool good;
        char *before = lines_about(check, &good);
        corrupt(corruption_of(check));
        char *after = lines_about(check, &good);
        if (good || strcmp(before, after) == 0 || !*after)
            fail_msg("not found: %s\n%s", check, after);
        free(before);
        free(after);
    }
}

static void reports_a_database_that_cannot_be_read(void **state)
{
    (void)state;
    world_exec(&world, "DROP TABLE click", DB_NO_ARGS);
    bool good;
    char *text = verified(&good);
    assert_false(good);
    assert_non_null(strstr(text, "could not be read"));
    free(text);
}

/* The names are *state in the tests, the world is a static: the group's setup has no say here. */
static int setup_named(void **state)
{
    void *name = *state;
    int failed = setup(state);
    *state = name;
    return failed;
}

static int on_sqlite(void)
{
    struct CMUnitTest tests[100] = {{.name = "says_nothing_of_a_world_that_is_right",
                                     .test_func = says_nothing_of_a_world_that_is_right,
                                     .setup_func = setup,
                                     .teardown_func = teardown},
                                    {.name = "reports_a_database_that_cannot_be_read",
                                     .test_func = reports_a_database_that_cannot_be_read,
                                     .setup_func = setup,
                                     .teardown_func = teardown}};
    size_t count = 2;
    for (const char *check; (check = verify_check_name(count - 2)); count++)
        tests[count] = (struct CMUnitTest){.name = check,
                                           .test_func = finds_it,
                                           .setup_func = setup_named,
                                           .teardown_func = teardown,
                                           .initial_state = (void *)(uintptr_t)check};
    engine = STORE_SQLITE;
    return _cmocka_run_group_tests("verify on SQLite", tests, count, make_right, remove_right);
}

static int on_postgresql(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_nothing_of_a_world_that_is_right),
        cmocka_unit_test(finds_one_after_another),
        cmocka_unit_test(reports_a_database_that_cannot_be_read),
    };
    engine = STORE_POSTGRESQL;
    return cmocka_run_group_tests_name("verify on PostgreSQL", tests, make_world, teardown);
}

int main(void)
{
    log_level_set(LOG_ERROR);
    int failed = on_sqlite();
    if (world_has_postgresql())
        failed += on_postgresql();
    return failed;
}
