/*
 * encoding.c - see encoding.h.
 */
#include "sheet/encoding.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK ((size_t)64 << 10)
/* So many Korean characters in UTF-8 before the first wrong byte mean: UTF-8, but damaged. CP949
 * holds such sequences by chance only. */
#define KOREAN_ENOUGH 4
#define DOS_BLOCK     128 /* DOS and CP/M filled the last one with Ctrl-Z */

static const struct {
    const char *name, *iconv;
    struct str bom;
} encodings[] = {
    [ENCODING_UTF8] = {"utf-8", "UTF-8", STR_INIT("\xEF\xBB\xBF")},
    [ENCODING_CP949] = {"cp949", "CP949", STR_INIT("")},
    [ENCODING_UTF16LE] = {"utf-16le", "UTF-16LE", STR_INIT("\xFF\xFE")},
    [ENCODING_UTF16BE] = {"utf-16be", "UTF-16BE", STR_INIT("\xFE\xFF")},
};

struct str encoding_name(enum encoding e)
{
    return str_c(encodings[e].name);
}

static int64_t file_read(int fd, char *to, size_t room, int64_t at, struct trouble *t)
{
    ssize_t n;
    do
        n = pread(fd, to, room, at);
    while (n < 0 && errno == EINTR);
    return n < 0 ? trouble_set(t, SHEET_E_IO, "read: %s", strerror(errno)) : n;
}

/* What one pass over the bytes has found. */
struct survey {
    int64_t lines;      /* line ends before the first byte that is not UTF-8 */
    int64_t characters; /* of three bytes, before it */
    bool utf8;          /* none found so far */
    bool nul;
};

/* Length of the UTF-8 character at p, 0 when it is none, `left` + 1 when it may go on behind. */
static size_t character_length(const char *p, size_t left)
{
    unsigned char c = (unsigned char)*p;
    size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (n > left)
        return left + 1;
    return utf8_valid(str_n(p, n)) ? n : 0;
}

/* Looks at `n` bytes and returns how many it has dealt with: fewer when a character is cut. */
static size_t survey_chunk(struct survey *s, const char *p, size_t n, bool last)
{
    size_t i = 0;
    s->nul |= memchr(p, '\0', n) != NULL;
    while (s->utf8 && i < n) {
        if ((unsigned char)p[i] < 0x80) {
            s->lines += p[i++] == '\n';
            continue;
        }
        size_t length = character_length(p + i, n - i);
        if (length > n - i && !last)
            return i;
        if (length == 0 || length > n - i)
            s->utf8 = false;
        s->characters += length == 3;
        i += length;
    }
    return n;
}

static int survey_file(int fd, struct survey *s, struct trouble *t)
{
    char *buffer = malloc(CHUNK);
    if (!buffer)
        return trouble_set(t, SHEET_E_IO, "out of memory");
    *s = (struct survey){.utf8 = true};
    int64_t n;
    for (int64_t at = 0; (n = file_read(fd, buffer, CHUNK, at, t)) > 0;) {
        size_t done = survey_chunk(s, buffer, (size_t)n, false);
        if (done == 0 || (n < 4 && done < (size_t)n))
            done = survey_chunk(s, buffer, (size_t)n, true);
        at += (int64_t)done;
    }
    free(buffer);
    return n < 0 ? -1 : 0;
}

static int not_text(struct trouble *t)
{
    return trouble_set_thing(t, SHEET_E_UNSUPPORTED, THING_BINARY);
}

static int broken(struct trouble *t, enum encoding e, int64_t line)
{
    if (t->error == SHEET_OK)
        t->encoding = encodings[e].name;
    return trouble_set_line(t, SHEET_E_ENCODING, line, "not in the encoding of the rest");
}

static bool bom_find(struct str head, enum encoding *e)
{
    for (size_t i = 0; i < COUNT_OF(encodings); i++)
        if (encodings[i].bom.len && str_starts(head, encodings[i].bom)) {
            *e = (enum encoding)i;
            return true;
        }
    return false;
}

/* What programs and pages call them. */
static bool name_find(struct str name, enum encoding *e)
{
    static const struct {
        struct str name;
        enum encoding encoding;
    } names[] = {
        {STR_INIT("utf-8"), ENCODING_UTF8},           {STR_INIT("utf8"), ENCODING_UTF8},
        {STR_INIT("cp949"), ENCODING_CP949},          {STR_INIT("ms949"), ENCODING_CP949},
        {STR_INIT("windows-949"), ENCODING_CP949},    {STR_INIT("x-windows-949"), ENCODING_CP949},
        {STR_INIT("euc-kr"), ENCODING_CP949},         {STR_INIT("euckr"), ENCODING_CP949},
        {STR_INIT("ks_c_5601-1987"), ENCODING_CP949}, {STR_INIT("ks_c_5601"), ENCODING_CP949},
        {STR_INIT("ksc5601"), ENCODING_CP949},        {STR_INIT("korean"), ENCODING_CP949},
        {STR_INIT("utf-16le"), ENCODING_UTF16LE},     {STR_INIT("utf-16be"), ENCODING_UTF16BE},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq_nocase(name, names[i].name)) {
            *e = names[i].encoding;
            return true;
        }
    return false;
}

/* Whether Korean lists are written with this unit of UTF-16. What two bytes of ASCII would make is
 * left out. */
static bool is_usual(unsigned u)
{
    return (u >= 0x20 && u < 0x7F) || u == '\t' || u == '\n' || u == '\r' ||
           (u >= 0xA0 && u < 0x100) || (u >= 0xAC00 && u <= 0xD7A3) || (u >= 0xFF00 && u < 0xFFF0);
}

/* UTF-16 without a BOM: nine of ten units are usual ones, one of eight is ASCII. */
static bool looks_utf16(struct str head, enum encoding *e)
{
    size_t units = head.len / 2, usual[2] = {0, 0}, ascii[2] = {0, 0};
    for (size_t i = 0; i < units; i++) {
        unsigned first = (unsigned char)head.ptr[2 * i],
                 second = (unsigned char)head.ptr[2 * i + 1];
        usual[0] += is_usual(first | second << 8);
        usual[1] += is_usual(first << 8 | second);
        ascii[0] += second == 0;
        ascii[1] += first == 0;
    }
    int big = usual[1] > usual[0];
    *e = big ? ENCODING_UTF16BE : ENCODING_UTF16LE;
    return units >= 4 && usual[big] * 10 >= units * 9 && ascii[big] * 8 >= units;
}

static bool declares(struct str declared, enum encoding wanted)
{
    enum encoding e;
    return name_find(declared, &e) && e == wanted;
}

/* Decides by content; nobody but perhaps the file itself said what it is. A file that says UTF-8
 * and holds CP949 was made by a program that only changed the label. */
static int guess(int fd, struct str head, struct str declared, enum encoding *e, struct trouble *t)
{
    if (looks_utf16(head, e))
        return 0;
    struct survey s = {0};
    if (survey_file(fd, &s, t) < 0)
        return -1;
    if (s.nul)
        return not_text(t);
    bool korean = s.characters >= KOREAN_ENOUGH, cp949 = declares(declared, ENCODING_CP949);
    *e = s.utf8 && (korean || !cp949) ? ENCODING_UTF8 : ENCODING_CP949;
    return !s.utf8 && korean && !cp949 ? broken(t, ENCODING_UTF8, s.lines + 1) : 0;
}

static int check_utf8(int fd, struct trouble *t)
{
    struct survey s = {0};
    if (survey_file(fd, &s, t) < 0)
        return -1;
    if (s.nul)
        return not_text(t);
    return s.utf8 ? 0 : broken(t, ENCODING_UTF8, s.lines + 1);
}

int encoding_find(int fd, struct str wanted, struct str declared, enum encoding *e, size_t *bom,
                  struct trouble *t)
{
    char bytes[4096];
    int64_t n = file_read(fd, bytes, sizeof bytes, 0, t);
    if (n < 0)
        return -1;
    struct str head = str_n(bytes, (size_t)n);
    enum encoding marked;
    bool has_bom = bom_find(head, &marked);
    if (str_starts(head, STR("\xFF\xFE\0\0")) || str_starts(head, STR("\0\0\xFE\xFF")))
        return trouble_set(t, SHEET_E_ENCODING, "text: UTF-32");
    if (wanted.len && !name_find(wanted, e))
        return trouble_set(t, SHEET_E_ENCODING, "text: no such encoding");
    *bom = has_bom && (!wanted.len || *e == marked) ? encodings[marked].bom.len : 0;
    if (!wanted.len && has_bom && marked != ENCODING_UTF8)
        *e = marked;
    else if (!wanted.len)
        return guess(fd, head, has_bom ? STR("utf-8") : declared, e, t);
    return *e == ENCODING_UTF8 ? check_utf8(fd, t) : 0;
}

struct decoder {
    int fd;
    int64_t at, end;
    enum encoding encoding;
    struct trouble *trouble;
    iconv_t converter; /* NULL for UTF-8, which is handed out as it is */
    int64_t lines;     /* line ends converted */
    size_t held;       /* bytes at the front of `in` that were not converted yet */
    size_t out_at, out_len;
    char in[CHUNK];
    char out[2 * CHUNK]; /* two bytes become at most three */
};

/* Where the text ends: in front of the ends that DOS wrote into files (Ctrl-Z). */
static int64_t text_end(int fd, int64_t from, enum encoding e)
{
    char tail[DOS_BLOCK];
    int64_t end = lseek(fd, 0, SEEK_END);
    int64_t room = end - from < (int64_t)sizeof tail ? end - from : (int64_t)sizeof tail;
    if (room <= 0 || pread(fd, tail, (size_t)room, end - room) != room)
        return end;
    struct str text = str_n(tail, (size_t)room), mark = e == ENCODING_UTF16LE   ? STR("\x1A\0")
                                                        : e == ENCODING_UTF16BE ? STR("\0\x1A")
                                                                                : STR("\x1A");
    for (; str_ends(text, mark); text.len -= mark.len)
        end -= (int64_t)mark.len;
    return end;
}

static int64_t text_read(struct decoder *d, char *to, size_t room)
{
    if ((int64_t)room > d->end - d->at)
        room = (size_t)(d->end - d->at);
    int64_t n = room > 0 ? file_read(d->fd, to, room, d->at, d->trouble) : 0;
    d->at += n > 0 ? n : 0;
    return n;
}

struct decoder *decoder_open(int fd, size_t offset, enum encoding e, struct trouble *t)
{
    struct decoder *d = malloc(sizeof *d);
    if (!d) {
        trouble_set(t, SHEET_E_IO, "out of memory");
        return NULL;
    }
    d->fd = fd;
    d->at = (int64_t)offset;
    d->end = text_end(fd, d->at, e);
    d->encoding = e;
    d->trouble = t;
    d->held = 0;
    d->lines = 0;
    d->out_at = d->out_len = 0;
    d->converter = e == ENCODING_UTF8 ? NULL : iconv_open("UTF-8", encodings[e].iconv);
    if (d->converter == (iconv_t)-1) {
        trouble_set(t, SHEET_E_IO, "iconv does not know %s", encodings[e].iconv);
        free(d);
        return NULL;
    }
    return d;
}

void decoder_close(struct decoder **d)
{
    if (!*d)
        return;
    if ((*d)->converter)
        iconv_close((*d)->converter);
    free(*d);
    *d = NULL;
}

/* Converts what is held; -1 at a byte that is no character. */
static int convert(struct decoder *d)
{
    char *in = d->in, *out = d->out;
    size_t left = d->held, room = sizeof d->out;
    size_t status = iconv(d->converter, &in, &left, &out, &room);
    int why = status == (size_t)-1 ? errno : 0;
    for (char *p = d->out; (p = memchr(p, '\n', (size_t)(out - p))); p++)
        d->lines++;
    memmove(d->in, in, left);
    d->held = left;
    d->out_at = 0;
    d->out_len = (size_t)(out - d->out);
    return why == EILSEQ ? broken(d->trouble, d->encoding, d->lines + 1) : 0;
}

/* Fills `out` with the next characters; it stays empty at the end of the file. */
static int out_fill(struct decoder *d)
{
    while (d->out_at == d->out_len) {
        int64_t n = text_read(d, d->in + d->held, sizeof d->in - d->held);
        if (n < 0)
            return -1;
        if (n == 0 && d->held > 0) /* half a character */
            return broken(d->trouble, d->encoding, d->lines + 1);
        if (n == 0)
            return 0;
        d->held += (size_t)n;
        if (convert(d) < 0)
            return -1;
    }
    return 0;
}

static int64_t decoder_read(void *self, char *to, size_t room)
{
    struct decoder *d = self;
    if (!d->converter)
        return text_read(d, to, room);
    if (out_fill(d) < 0)
        return -1;
    size_t n = d->out_len - d->out_at;
    if (n > room)
        n = room;
    memcpy(to, d->out + d->out_at, n);
    d->out_at += n;
    return (int64_t)n;
}

struct source decoder_source(struct decoder *d)
{
    return (struct source){.read = decoder_read, .self = d};
}
