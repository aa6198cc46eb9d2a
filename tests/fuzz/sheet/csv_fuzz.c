/*
 * csv_fuzz.c - any bytes as a text file (or whatever they turn out to be).
 */
#include "memory_file.h"

#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memory_file(str_n((const char *)data, size));
    memory_file_read(fd);
    close(fd);
    return 0;
}
