/*
 * cli.h - the subcommands of `sendingo` and what they share. main.c has them in one table.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/options.h"
#include "store/store.h"
#include <stddef.h>

/* A subcommand: argv[0] is its name; returns the exit status. */
typedef int command(int argc, char **argv);

command serve_command, migrate_command, sheet_command, verify_command, routes_command;

/* Where the data lies; the first rows of every table of options that needs it. */
struct data_options {
    const char *data, *database, *log_level;
};

#define DATA_OPTIONS(base)                                                                         \
    {.name = "data",                                                                               \
     .value = "DIR",                                                                               \
     .standard = "sendingo-data",                                                                  \
     .offset = (base) + offsetof(struct data_options, data),                                       \
     .ko = "자료 폴더",                                                                            \
     .en = "data folder"},                                                                         \
        {.name = "database",                                                                       \
         .value = "URL",                                                                           \
         .standard = "sqlite",                                                                     \
         .offset = (base) + offsetof(struct data_options, database),                               \
         .ko = "postgresql://… 이면 PostgreSQL, 아니면 자료 폴더의 SQLite",                        \
         .en = "postgresql://… for PostgreSQL, else SQLite in the data folder"},                   \
    {                                                                                              \
        .name = "log-level", .value = "LEVEL", .standard = "info",                                 \
        .offset = (base) + offsetof(struct data_options, log_level),                               \
        .ko = "error, info, debug (debug는 개인정보를 적습니다)",                                  \
        .en = "error, info, debug (debug writes personal data)"                                    \
    }

/* Sets the log's level; false when it is none. */
bool cli_log_level(const char *level) MUST_CHECK;
/* "DIR/name" in the arena. */
const char *cli_path(struct arena *a, const struct data_options *o, const char *name);
/* Opens the database without changing it; NULL with the reason logged. */
struct store *cli_store_open(struct arena *a, const struct data_options *o) MUST_CHECK;

#endif
