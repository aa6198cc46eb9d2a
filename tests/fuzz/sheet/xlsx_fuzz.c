/*
 * xlsx_fuzz.c - any bytes as a part of a workbook whose other parts are sound.
 *
 * The first byte chooses the part; so the checksums of the ZIP, which no mutation would get right,
 * stand in nobody's way.
 */
#include "book.h"
#include "memory_file.h"

#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    BUF(file, 64 << 20);
    BUF(text, 16 << 20);
    buf_append(&text, data + 1, size - 1);
    buf_char(&text, '\0');
    struct book b = {
        .rows = "<row r=\"1\"><c r=\"A1\" s=\"1\" t=\"s\"><v>0</v></c><c r=\"B1\" "
                "s=\"1\"><v>45000.5</v></c></row>",
        .shared = "<si><t>a</t></si><si><t>b</t></si>",
        .styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs>",
    };
    switch (data[0] % 6) {
    case 0:
        b.rows = text.ptr;
        break;
    case 1:
        b.shared = text.ptr;
        break;
    case 2:
        b.styles = text.ptr;
        break;
    case 3:
        b.sheets = text.ptr;
        break;
    case 4:
        b.shared_part = text.ptr;
        break;
    default:
        b.sheet_part = text.ptr;
        b.sheet_part_length = size - 1;
    }
    book_build(&file, &b);
    int fd = memory_file(buf_view(&file));
    memory_file_read(fd);
    close(fd);
    return 0;
}
