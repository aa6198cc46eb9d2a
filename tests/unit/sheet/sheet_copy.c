/*
 * sheet_copy.c - `sheet_copy FROM TO.xlsx|TO.csv [OFFSET]`: reads a spreadsheet and writes it out
 * again, the first row as header, for tests that look at it with other people's programs. With an
 * offset there is a hole in front, as if so much had been written before.
 */
#include "sheet/sheet.h"
#include "sheet/sheet_out.h"

#include <fcntl.h>
#include <unistd.h>

static int copy(struct sheet *from, int fd, bool csv, struct arena *a)
{
    struct sheet_row row;
    if (sheet_next(from, &row) != 1)
        return 1;
    struct sheet_out_column *columns = arena_array(a, row.cell_count, sizeof *columns);
    for (size_t i = 0; i < row.cell_count; i++)
        columns[i].title = str_dup(a, row.cells[i]);
    const struct sheet_out_head head = {STR_INIT("고객"), columns, row.cell_count};
    struct sheet_out *to = sheet_out_open(csv ? SHEET_OUT_CSV : SHEET_OUT_XLSX, fd, &head);
    while (to && sheet_next(from, &row) == 1)
        sheet_out_row(to, row.cells, row.cell_count);
    return sheet_out_close(&to);
}

int main(int argc, char **argv)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    const struct sheet_options plain = {0};
    struct sheet *from;
    struct sheet_refusal why;
    if (argc < 3 || sheet_open(argv[1], &plain, &arena, &from, &why) != SHEET_OK)
        return 2;
    int fd = open(argv[2], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int64_t offset = 0;
    if (argc == 4 &&
        (!str_i64(str_c(argv[3]), 0, INT64_MAX, &offset) || lseek(fd, offset, SEEK_SET) != offset))
        return 2;
    int status = fd < 0 ? 2 : copy(from, fd, str_ends(str_c(argv[2]), STR(".csv")), &arena);
    sheet_close(&from);
    close(fd);
    return status;
}
