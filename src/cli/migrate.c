/*
 * migrate.c - `sendingo migrate`: brings the schema up to date, as serve does when it starts.
 */
#include "cli/cli.h"

#include <stdio.h>

static const struct option_row rows[] = {DATA_OPTIONS(0)};

int migrate_command(int argc, char **argv)
{
    struct data_options o;
    int status = options_read("migrate", rows, COUNT_OF(rows), &o, argc, argv, NULL, 0, NULL);
    if (status >= 0)
        return status;
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct store *store = cli_log_level(o.log_level) ? cli_store_open(&arena, &o) : NULL;
    if (!store)
        return 1;
    bool done = store_migrate(store);
    if (done)
        printf("schema %lld\n", (long long)store_version(store));
    store_close(&store);
    return done ? 0 : 1;
}
