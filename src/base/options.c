/*
 * options.c - see options.h.
 */
#include "base/options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS_MAX  40
#define NAME_MAX_ 64

static void set(const struct option_row *row, void *out, const char *value)
{
    char *to = (char *)out + row->offset;
    if (row->value)
        *(const char **)to = value;
    else
        *(bool *)to = value && *value && strcmp(value, "0") != 0;
}

/* "public-url" -> "SENDINGO_PUBLIC_URL" */
static const char *environment(const struct option_row *row)
{
    char name[NAME_MAX_];
    snprintf(name, sizeof name, "SENDINGO_%s", row->name);
    for (char *c = name; *c; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    return getenv(name);
}

static void help(const char *command, const struct option_row *rows, size_t count)
{
    printf("sendingo %s [옵션 / options]\n\n", command);
    for (size_t i = 0; i < count; i++) {
        char flag[NAME_MAX_];
        snprintf(flag, sizeof flag, "--%s %s", rows[i].name, rows[i].value ? rows[i].value : "");
        printf("  %-30s %s\n  %-30s %s", flag, rows[i].ko, "", rows[i].en);
        if (rows[i].standard)
            printf(" (%s)", rows[i].standard);
        puts("");
    }
    puts("\n환경 변수로도 줄 수 있습니다 / also as environment variables: --data = SENDINGO_DATA");
}

int options_read(const char *command, const struct option_row *rows, size_t count, void *out,
                 int argc, char **argv, const char **rest, size_t rest_max, size_t *rest_count)
{
    struct option flags[ROWS_MAX + 2] = {[0] = {"help", no_argument, NULL, 'h'}};
    if (count > ROWS_MAX)
        abort();
    for (size_t i = 0; i < count; i++) {
        const char *given = environment(&rows[i]);
        set(&rows[i], out, given ? given : rows[i].standard);
        flags[i + 1] =
            (struct option){rows[i].name, rows[i].value ? required_argument : no_argument, NULL, 0};
    }
    int found, which = 0;
    optind = 1;
    while ((found = getopt_long(argc, argv, "h", flags, &which)) != -1) {
        if (found == 'h') {
            help(command, rows, count);
            return 0;
        }
        if (found != 0)
            return 2; /* getopt has said why */
        set(&rows[which - 1], out, optarg ? optarg : "1");
    }
    if ((size_t)(argc - optind) > rest_max) {
        fprintf(stderr, "sendingo %s: %s?\n", command, argv[optind]);
        return 2;
    }
    size_t n = 0;
    while (optind < argc)
        rest[n++] = argv[optind++];
    if (rest_count)
        *rest_count = n;
    return -1;
}

bool option_listen(const char *text, char *address, size_t size, uint16_t *port)
{
    struct str s = str_c(text);
    size_t colon = s.len;
    while (colon > 0 && s.ptr[colon - 1] != ':')
        colon--;
    int64_t number;
    if (colon == 0 || !str_i64(str_slice(s, colon, s.len), 0, UINT16_MAX, &number))
        return false;
    struct str host = str_slice(s, 0, colon - 1);
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        host = str_slice(host, 1, host.len - 1);
    if (host.len == 0)
        host = STR("127.0.0.1");
    *port = (uint16_t)number;
    return snprintf(address, size, "%.*s", STR_ARG(host)) < (int)size;
}
