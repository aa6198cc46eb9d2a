/*
 * verify.c - `sendingo verify`: recounts every counter against its rows; 1 on any difference.
 */
#include "domain/verify.h"
#include "cli/cli.h"

static const struct option_row rows[] = {DATA_OPTIONS(0)};

int verify_command(int argc, char **argv)
{
    struct data_options o;
    int status = options_read("verify", rows, COUNT_OF(rows), &o, argc, argv, NULL, 0, NULL);
    if (status >= 0)
        return status;
    ARENA(arena, ARENA_MAX_DEFAULT);
    struct store *store = cli_log_level(o.log_level) ? cli_store_open(&arena, &o) : NULL;
    if (!store)
        return 1;
    bool equal = verify_all(store, stdout);
    store_close(&store);
    return equal ? 0 : 1;
}
