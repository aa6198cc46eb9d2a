/*
 * foreign.c - see foreign.h.
 */
#include "sheet/foreign.h"

#define HEAD_MAX 4096 /* bytes looked at for words of markup */

/* Files that begin with these bytes. */
static const struct {
    struct str magic;
    enum thing thing;
} magics[] = {
    {STR_INIT("%PDF-"), THING_PDF},
    {STR_INIT("\x89PNG"), THING_PICTURE},
    {STR_INIT("\xFF\xD8\xFF"), THING_PICTURE},
    {STR_INIT("GIF87a"), THING_PICTURE},
    {STR_INIT("II*\0"), THING_PICTURE},
    {STR_INIT("MM\0*"), THING_PICTURE},
    {STR_INIT("GIF89a"), THING_PICTURE},
    {STR_INIT("8BPS\0"), THING_PICTURE},
    {STR_INIT("ID3\3\0"), THING_VIDEO},
    {STR_INIT("ID3\4\0"), THING_VIDEO},
    {STR_INIT("OggS\0"), THING_VIDEO},
    {STR_INIT("\x1A\x45\xDF\xA3"), THING_VIDEO},
    {STR_INIT("\x1F\x8B"), THING_ARCHIVE},
    {STR_INIT("7z\xBC\xAF\x27\x1C"), THING_ARCHIVE},
    {STR_INIT("Rar!\x1A"), THING_ARCHIVE},
    {STR_INIT("BZh91AY&SY"), THING_ARCHIVE},
    {STR_INIT("\xFD"
              "7zXZ"),
     THING_ARCHIVE},
    {STR_INIT("\x28\xB5\x2F\xFD"), THING_ARCHIVE},
    {STR_INIT("EGGA\0"), THING_ARCHIVE},
    {STR_INIT("ALZ\x01"), THING_ARCHIVE},
    {STR_INIT("\x7F"
              "ELF"),
     THING_PROGRAM},
    {STR_INIT("MZ\x90"), THING_PROGRAM},
    {STR_INIT("{\\rtf"), THING_RTF},
    {STR_INIT("HWP Document File"), THING_HWP},
    {STR_INIT("SQLite format 3"), THING_DATABASE},
    {STR_INIT("\0\1\0\0Standard "), THING_DATABASE},
    {STR_INIT("BEGIN:VCARD"), THING_CONTACTS},
    {STR_INIT("MIME-Version: "), THING_MHT},
};

/* Seals of the document security that Korean companies use (Softcamp, Fasoo, NASCA, MarkAny). */
static const struct str seals[] = {
    STR_INIT("SCDSA0"),          STR_INIT("DRMONE"),
    STR_INIT("\x9B DRMONE"),     STR_INIT("<## NASCA DRM FILE"),
    STR_INIT("<DOCUMENT SAFER"),
};

/* Worksheets of Excel before 5, and one of 5 without a container. */
static const struct str bare_worksheets[] = {
    STR_INIT("\x09\x00\x04\x00"),
    STR_INIT("\x09\x02\x06\x00"),
    STR_INIT("\x09\x04\x06\x00"),
    STR_INIT("\x09\x08"),
};

static bool starts_nocase(struct str s, struct str prefix)
{
    return str_eq_nocase(str_slice(s, 0, prefix.len), prefix);
}

static bool starts_with_any(struct str head, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_starts(head, list[i]))
            return true;
    return false;
}

/* Containers whose name stands behind a length. */
static enum thing thing_inside(struct str head)
{
    struct str brand = str_slice(head, 8, 12);
    if (str_starts(head, STR("RIFF")))
        return str_eq(brand, STR("WEBP"))                                 ? THING_PICTURE
               : str_eq(brand, STR("AVI ")) || str_eq(brand, STR("WAVE")) ? THING_VIDEO
                                                                          : THING_UNKNOWN;
    if (!str_starts(head, STR("\0\0")) || !str_eq(str_slice(head, 4, 8), STR("ftyp")))
        return THING_UNKNOWN;
    bool picture =
        str_starts(brand, STR("hei")) || str_eq(brand, STR("mif1")) || str_eq(brand, STR("avif"));
    return picture ? THING_PICTURE : THING_VIDEO;
}

/* The head of a text without NUL bytes, BOM and leading blanks: good enough to look for ASCII words
 * in any encoding. */
static struct str head_squeezed(struct str head, char *out)
{
    static const char junk[] = {'\0', '\xFF', '\xFE', '\xEF', '\xBB', '\xBF'};
    static const char blank[] = {' ', '\t', '\r', '\n'};
    size_t n = 0;
    for (size_t i = 0; i < head.len && i < HEAD_MAX; i++) {
        bool leading = n == 0 && memchr(blank, head.ptr[i], sizeof blank);
        if (!leading && !memchr(junk, head.ptr[i], sizeof junk))
            out[n++] = head.ptr[i];
    }
    return str_n(out, n);
}

/* A text that begins with a tag and has one of a web page near its beginning. */
static bool is_html(struct str text)
{
    static const struct str tags[] = {
        STR_INIT("<html"), STR_INIT("<!doctype html"), STR_INIT("<table"), STR_INIT("<head"),
        STR_INIT("<body"), STR_INIT("<meta"),          STR_INIT("<style"), STR_INIT("<script"),
        STR_INIT("<div"),  STR_INIT("<center"),        STR_INIT("<font"),  STR_INIT("<tr"),
    };
    for (size_t at = 0; at < text.len && text.ptr[0] == '<'; at++)
        for (size_t i = 0; text.ptr[at] == '<' && i < COUNT_OF(tags); i++)
            if (starts_nocase(str_slice(text, at, text.len), tags[i]))
                return true;
    return false;
}

static enum foreign look_markup(struct str head, struct trouble *t)
{
    char squeezed[HEAD_MAX];
    struct str text = head_squeezed(head, squeezed);
    if (str_starts(text, STR("<?xml")) &&
        str_find(text, STR("urn:schemas-microsoft-com:office:spreadsheet"), 0) >= 0) {
        trouble_set(t, SHEET_E_XML2003, "SpreadsheetML 2003");
        return FOREIGN_REFUSED;
    }
    if (is_html(text))
        return FOREIGN_HTML;
    if (!str_starts(text, STR("<?xml")))
        return FOREIGN_NONE;
    trouble_set_thing(t, SHEET_E_UNSUPPORTED, THING_XML);
    return FOREIGN_REFUSED;
}

enum foreign foreign_look(struct str head, struct trouble *t)
{
    enum thing thing = thing_inside(head);
    for (size_t i = 0; i < COUNT_OF(magics); i++)
        if (str_starts(head, magics[i].magic))
            thing = magics[i].thing;
    if (starts_with_any(head, seals, COUNT_OF(seals)))
        trouble_set(t, SHEET_E_DRM, "sealed by document security");
    else if (starts_with_any(head, bare_worksheets, COUNT_OF(bare_worksheets)))
        trouble_set(t, SHEET_E_XLS, "a worksheet without a container");
    else if (thing != THING_UNKNOWN)
        trouble_set_thing(t, SHEET_E_UNSUPPORTED, thing);
    else
        return look_markup(head, t);
    return FOREIGN_REFUSED;
}
