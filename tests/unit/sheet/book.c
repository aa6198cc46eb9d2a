/*
 * book.c - see book.h.
 */
#include "book.h"
#include "sheet/inflate.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#define MAIN  "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define LINKS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define XML   "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

static void put16(struct buf *b, size_t n)
{
    buf_char(b, (char)(n & 0xFF));
    buf_char(b, (char)(n >> 8 & 0xFF));
}

static void put32(struct buf *b, size_t n)
{
    put16(b, n & 0xFFFF);
    put16(b, n >> 16);
}

static void deflate_text(struct buf *out, struct str text)
{
    z_stream z = {0};
    size_t room = text.len + text.len / 100 + 100;
    unsigned char *in = malloc(text.len + 1);
    memcpy(in, text.ptr, text.len);
    int ok = deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    assert(ok == Z_OK);
    z.next_in = in;
    z.avail_in = (uInt)text.len;
    z.next_out = (unsigned char *)buf_reserve(out, room);
    z.avail_out = (uInt)room;
    ok = deflate(&z, Z_FINISH);
    assert(ok == Z_STREAM_END);
    out->len += room - z.avail_out;
    deflateEnd(&z);
    free(in);
}

struct part {
    size_t offset, stored;
};

/* The fields that the local header and the directory share. */
static void put_common(struct buf *b, struct str text, size_t stored, bool deflated, size_t name)
{
    put16(b, 20);
    put16(b, 0);
    put16(b, deflated ? 8 : 0);
    put32(b, 0);
    put32(b, inflate_crc(0, text.ptr, text.len));
    put32(b, stored);
    put32(b, text.len);
    put16(b, name);
    put16(b, 0);
}

struct named {
    const char *name;
    struct str text;
};

static void zip_parts(struct buf *out, bool deflated, const struct named *parts, size_t n)
{
    struct part places[16];
    assert(n <= COUNT_OF(places));
    for (size_t i = 0; i < n; i++) {
        BUF(stored, (size_t)64 << 20);
        if (deflated)
            deflate_text(&stored, parts[i].text);
        else
            buf_str(&stored, parts[i].text);
        places[i] = (struct part){out->len, stored.len};
        buf_lit(out, "PK\3\4");
        put_common(out, parts[i].text, stored.len, deflated, strlen(parts[i].name));
        buf_str(out, str_c(parts[i].name));
        buf_str(out, buf_view(&stored));
    }
    size_t directory = out->len;
    for (size_t i = 0; i < n; i++) {
        buf_lit(out, "PK\1\2");
        put16(out, 20);
        put_common(out, parts[i].text, places[i].stored, deflated, strlen(parts[i].name));
        put16(out, 0);
        put16(out, 0);
        put16(out, 0);
        put32(out, 0);
        put32(out, places[i].offset);
        buf_str(out, str_c(parts[i].name));
    }
    size_t size = out->len - directory;
    buf_lit(out, "PK\5\6");
    put32(out, 0);
    put16(out, n);
    put16(out, n);
    put32(out, size);
    put32(out, directory);
    put16(out, 0);
    assert(!out->failed);
}

void zip_build(struct buf *out, bool deflated, const char *const *names_and_texts)
{
    struct named parts[16];
    size_t n = 0;
    for (; names_and_texts[2 * n]; n++)
        parts[n] = (struct named){names_and_texts[2 * n], str_c(names_and_texts[2 * n + 1])};
    zip_parts(out, deflated, parts, n);
}

#define LINK(id, type, target)                                                                     \
    "<Relationship Id=\"" id "\" Type=\"" LINKS "/" type "\" Target=\"" target "\"/>"

static const char package_links[] = XML
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" LINK(
        "rId1", "officeDocument", "xl/workbook.xml") "</Relationships>";
static const char book_links[] = XML
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" LINK(
        "rId1", "worksheet", "worksheets/sheet1.xml")
        LINK("rId2", "worksheet", "/xl/worksheets/sheet2.xml") LINK("rId3", "styles", "styles.xml")
            LINK("rId4", "sharedStrings", "sharedStrings.xml")
                LINK("rId5", "chartsheet", "chartsheets/sheet1.xml") "</Relationships>";
static const char book_links_bare[] = XML
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" LINK(
        "rId1", "worksheet", "worksheets/sheet1.xml")
        LINK("rId2", "worksheet", "/xl/worksheets/sheet2.xml")
            LINK("rId5", "chartsheet", "chartsheets/sheet1.xml") "</Relationships>";
static const char second_sheet[] =
    XML "<worksheet xmlns=\"" MAIN "\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is>"
        "<t>둘째</t></is></c></row></sheetData></worksheet>";

void book_build(struct buf *out, const struct book *b)
{
    BUF(workbook, 1 << 20);
    BUF(sheet, 16 << 20);
    BUF(shared, 16 << 20);
    BUF(styles, 1 << 20);
    buf_printf(&workbook,
               XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" LINKS "\"><workbookPr %s/><sheets>%s"
                   "</sheets></workbook>",
               b->properties ? b->properties : "",
               b->sheets ? b->sheets : "<sheet name=\"고객\" sheetId=\"1\" r:id=\"rId1\"/>");
    if (b->sheet_part)
        buf_append(&sheet, b->sheet_part,
                   b->sheet_part_length ? b->sheet_part_length : strlen(b->sheet_part));
    else
        buf_printf(&sheet,
                   XML "<worksheet xmlns=\"" MAIN
                       "\"><dimension ref=\"A1\"/><sheetData>%s</sheetData>"
                       "<pageMargins left=\"0.7\"/></worksheet>",
                   b->rows ? b->rows : "");
    if (b->shared_part)
        buf_str(&shared, str_c(b->shared_part));
    else
        buf_printf(&shared, XML "<sst xmlns=\"" MAIN "\">%s</sst>", b->shared ? b->shared : "");
    buf_printf(&styles, XML "<styleSheet xmlns=\"" MAIN "\">%s</styleSheet>",
               b->styles ? b->styles : "");
    struct named parts[] = {
        {"_rels/.rels", str_c(package_links)},
        {"xl/workbook.xml", buf_view(&workbook)},
        {"xl/_rels/workbook.xml.rels",
         b->shared || b->styles || b->shared_part ? str_c(book_links) : str_c(book_links_bare)},
        {"xl/worksheets/sheet1.xml", buf_view(&sheet)},
        {"xl/worksheets/sheet2.xml", str_c(second_sheet)},
        {"xl/sharedStrings.xml", buf_view(&shared)},
        {"xl/styles.xml", buf_view(&styles)},
    };
    zip_parts(out, b->deflated, parts, COUNT_OF(parts));
}

char *file_of(struct str bytes, const char *suffix)
{
    const char *folder = getenv("TMPDIR");
    char path[512];
    snprintf(path, sizeof path, "%s/sheet-test-XXXXXX%s", folder ? folder : "/tmp", suffix);
    int fd = mkstemps(path, (int)strlen(suffix));
    assert(fd >= 0);
    for (size_t at = 0; at < bytes.len;) {
        ssize_t n = write(fd, bytes.ptr + at, bytes.len - at);
        assert(n > 0);
        at += (size_t)n;
    }
    close(fd);
    return strdup(path);
}
