/*
 * memory_file.c - see memory_file.h.
 */
#include "memory_file.h"
#include "sheet/sheet.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int memory_file(struct str bytes)
{
    int fd = memfd_create("sheet", MFD_CLOEXEC);
    assert(fd >= 0);
    for (size_t at = 0; at < bytes.len;) {
        ssize_t n = pwrite(fd, bytes.ptr + at, bytes.len - at, (off_t)at);
        assert(n > 0);
        at += (size_t)n;
    }
    return fd;
}

static void row_check(const struct sheet_row *row, int64_t last)
{
    assert(row->number > last && row->number <= SHEET_ROWS_MAX);
    assert(row->cell_count > 0 && row->cell_count <= SHEET_COLUMNS_MAX);
    assert(row->cells[row->cell_count - 1].len > 0);
    for (size_t i = 0; i < row->cell_count; i++) {
        assert(row->cells[i].len <= SHEET_CELL_MAX);
        assert(utf8_valid(row->cells[i]));
    }
}

static void refusal_check(const struct sheet_refusal *r)
{
    ARENA(arena, ARENA_MAX_DEFAULT);
    assert(r->error > SHEET_OK && r->error < SHEET_ERRORS && r->detail.len > 0);
    assert(utf8_valid(sheet_refusal_text(r, false, &arena)));
    assert(utf8_valid(sheet_refusal_text(r, true, &arena)));
}

static void notes_check(const struct sheet_notes *n)
{
    assert(n->merged_down <= n->merged && (int64_t)n->range_count <= n->merged_down);
    for (size_t i = 0; i < n->range_count; i++) {
        const struct sheet_range *r = &n->ranges[i];
        assert(r->first_row >= 1 && r->first_row < r->last_row && r->last_row <= SHEET_ROWS_MAX);
        assert(r->first_column <= r->last_column && r->last_column < SHEET_COLUMNS_MAX);
    }
}

int64_t memory_file_read(int fd)
{
    return memory_file_read_sheet(fd, 0);
}

int64_t memory_file_read_sheet(int fd, int number)
{
    struct sheet_options options = {.sheet_number = number};
    ARENA(arena, ARENA_MAX_DEFAULT);
    char path[64];
    struct sheet *s;
    struct sheet_refusal why;
    struct sheet_row row = {0};
    int64_t rows = 0, last = 0;
    int got;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    enum sheet_error e = sheet_open(path, &options, &arena, &s, &why);
    if (e != SHEET_OK) {
        refusal_check(&why);
        return -1;
    }
    for (; (got = sheet_next(s, &row)) == 1; rows++, last = row.number)
        row_check(&row, last);
    if (got < 0) {
        why = sheet_failure(s);
        refusal_check(&why);
        rows = -1;
    }
    notes_check(sheet_notes(s));
    sheet_close(&s);
    return rows;
}
