/*
 * xls_fuzz.c - any bytes as a compound file, or as the records of a workbook that is otherwise
 * sound: of a sheet or of what stands before the sheets, in BIFF8 and in BIFF5.
 *
 * The first byte chooses. Records come without a container, so that every byte of a mutation is
 * one of a record.
 */
#include "memory_file.h"
#include "old_book.h"

#include <stdio.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FORMATS "XF h0 h0 w0; XF h0 h14 w0; XF h0 h22 w0;"

static const char globals[] = FORMATS "SST w3 w3 h2 b1 u'가나' h3 b0 'abc' h2 b9 h1 u'다라' w0";
static const char old_globals[] = "CODEPAGE h949;" FORMATS;

/* The bytes as records behind the cells of the last sheet, which has no end. */
static void sheet_build(struct buf *file, bool biff5, struct str bytes)
{
    struct old_sheet sheet = {.name = "S", .endless = true, .records = "RK h0 h0 h1 w180002"};
    old_stream_build(file, &(struct old_book){.biff5 = biff5,
                                              .globals = biff5 ? old_globals : globals,
                                              .sheets = &sheet,
                                              .sheet_count = 1});
    buf_str(file, bytes);
}

/* The bytes as records before the sheet. */
static void globals_build(struct buf *file, bool biff5, struct str bytes)
{
    char sheet[64];
    const char *begin = biff5 ? "BOF h0x500 h5 w0" : "BOF h0x600 h5 w0 w0 w0";
    size_t start = biff5 ? 12 + 12 + 4 : 20 + 13 + 4;
    snprintf(sheet, sizeof sheet, "BOUNDSHEET w%zu b0 b0 %s 'S'", start + bytes.len,
             biff5 ? "b1" : "h1");
    records_build(file, begin);
    records_build(file, sheet);
    buf_str(file, bytes);
    records_build(file, "EOF");
    records_build(file, biff5 ? "BOF h0x500 h16 w0" : "BOF h0x600 h16 w0 w0 w0");
    records_build(file,
                  "NUMBER h0 h0 h0 d45000; LABELSST h0 h1 h0 w0; LABEL h1 h0 h0 h2 xb0a1b3aa");
}

static void container_build(struct buf *file, struct str bytes)
{
    struct str magic = STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    buf_str(file, magic);
    buf_str(file, str_slice(bytes, magic.len, bytes.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    BUF(file, 16 << 20);
    struct str bytes = str_n((const char *)data + 1, size - 1);
    bool biff5 = data[0] & 1;
    switch (data[0] % 6) {
    case 0:
    case 1:
        sheet_build(&file, biff5, bytes);
        break;
    case 2:
    case 3:
        globals_build(&file, biff5, bytes);
        break;
    default:
        container_build(&file, bytes);
    }
    int fd = memory_file(buf_view(&file));
    memory_file_read(fd);
    close(fd);
    return 0;
}
