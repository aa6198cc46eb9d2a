/*
 * common.c - see cli.h.
 */
#include "base/log.h"
#include "cli/cli.h"

bool cli_log_level(const char *level)
{
    static const char *const words[] = {
        [LOG_ERROR] = "error", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strcmp(words[i], level) == 0) {
            log_level_set((enum log_level)i);
            return true;
        }
    }
    log_warnx("--log-level: %s?", level);
    return false;
}

const char *cli_path(struct arena *a, const struct data_options *o, const char *name)
{
    return str_printf(a, "%s/%s", o->data, name).ptr;
}

struct store *cli_store_open(struct arena *a, const struct data_options *o)
{
    bool embedded = strcmp(o->database, "sqlite") == 0;
    return store_open(embedded ? cli_path(a, o, "sendingo.db") : o->database);
}
