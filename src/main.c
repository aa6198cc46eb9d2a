/*
 * main.c - `sendingo SUBCOMMAND …`: one row for each.
 */
#include "cli/cli.h"
#include "cli/practice.h"

#include <stdio.h>

static int version_command(int argc, char **argv)
{
    (void)argc, (void)argv;
    puts("sendingo " SENDINGO_VERSION);
    return 0;
}

static command help_command;

static const struct {
    const char *name;
    command *run;
    const char *ko, *en;
} rows[] = {
    {"serve", serve_command, "서버를 켭니다", "run the server"},
    {"practice-gateway", practice_command, "연습용 게이트웨이만 켭니다",
     "run the practice gateway alone"},
    {"migrate", migrate_command, "데이터베이스를 새 판에 맞춥니다", "bring the schema up to date"},
    {"verify", verify_command, "모든 합계를 다시 세어 봅니다", "recount every counter"},
    {"sheet", sheet_command, "엑셀·CSV 파일을 읽은 대로 보여 줍니다",
     "sheet list|dump FILE: show a spreadsheet as it is read"},
    {"routes", routes_command, "API 주소를 모두 적습니다", "list the addresses of the API"},
    {"version", version_command, "판 번호", "print the version"},
    {"help", help_command, "이 도움말", "this help"},
};

static int help_command(int argc, char **argv)
{
    (void)argc, (void)argv;
    puts("SendinGo " SENDINGO_VERSION ": 카카오 알림톡 대량 발송 / bulk KakaoTalk AlimTalk\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        printf("  sendingo %-18s %s\n  %-27s %s\n", rows[i].name, rows[i].ko, "", rows[i].en);
    puts("\n옵션 / options: sendingo serve --help");
    return 0;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        name = "version";
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(name, rows[i].name) == 0)
            return rows[i].run(argc - 1, argv + 1);
    fprintf(stderr, "sendingo: %s?\n", name);
    help_command(0, NULL);
    return 2;
}
