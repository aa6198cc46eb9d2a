/*
 * html_fuzz.c - any bytes as a web page: whatever its tables are, every row of them is sound.
 */
#include "base/buf.h"
#include "memory_file.h"

#include <unistd.h>

#define PAGE_MAX ((size_t)2 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BUF(page, PAGE_MAX);
    buf_lit(&page, "<html>"); /* so that it is taken for one */
    buf_append(&page, data, size);
    int fd = memory_file(buf_view(&page));
    memory_file_read(fd);
    for (int number = 1; number <= 3; number++)
        memory_file_read_sheet(fd, number);
    close(fd);
    return 0;
}
