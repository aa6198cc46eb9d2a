/*
 * measure.c - see measure.h.
 */
#include "domain/measure.h"

#include <iconv.h>
#include <utf8proc.h>

#define CONVERTER_NONE ((iconv_t)-1)

size_t alimtalk_length(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        n += (c & 0xC0) != 0x80; /* begins a character */
        n += c >= 0xF0;          /* one outside of the basic plane */
    }
    return n;
}

/* True when EUC-KR proper has the character: the 2,350 syllables of KS X 1001, not the 11,172 of
 * CP949. Where the C library lacks its converter everything is lost, which cannot be overlooked. */
static bool euc_kr_has(iconv_t to, struct str character)
{
    char in[4], bytes[4], *from = in, *at = bytes;
    size_t left = character.len, room = sizeof bytes;
    if ((unsigned char)character.ptr[0] < 0x80)
        return true;
    memcpy(in, character.ptr, character.len);
    /* a substitute would be counted in the result, an unknown one is an error */
    return to != CONVERTER_NONE && iconv(to, &from, &left, &at, &room) == 0 && left == 0 &&
           at - bytes == 2;
}

static void lost_add(struct sms *out, struct str cluster)
{
    for (size_t i = 0; i < out->lost_count; i++)
        if (str_eq(out->lost[i], cluster))
            return;
    if (out->lost_count < SMS_LOST_MAX)
        out->lost[out->lost_count++] = cluster;
}

/* Goes over the text once; what people see as one character is lost when any part of it is. */
static void sms_walk(struct str text, iconv_t to, struct sms *out)
{
    size_t begin = 0;
    bool lost = false;
    utf8proc_int32_t before = 0, state = 0;
    for (size_t at = 0, next = 0; at < text.len; at = next) {
        uint32_t c = utf8_next(text, &next);
        struct str character = str_slice(text, at, next);
        if (at && utf8proc_grapheme_break_stateful(before, (utf8proc_int32_t)c, &state)) {
            if (lost)
                lost_add(out, str_slice(text, begin, at));
            begin = at;
            lost = false;
        }
        bool line_goes_on = c == '\r' && next < text.len && text.ptr[next] == '\n';
        out->bytes += line_goes_on ? 0 : c < 0x80 ? 1 : 2;
        lost |= !euc_kr_has(to, character);
        before = (utf8proc_int32_t)c;
    }
    if (lost)
        lost_add(out, str_slice(text, begin, text.len));
}

void sms_measure(struct str text, struct sms *out)
{
    *out = (struct sms){.bytes = 0};
    iconv_t to = iconv_open("EUC-KR", "UTF-8");
    sms_walk(text, to, out);
    if (to != CONVERTER_NONE)
        iconv_close(to);
    bool is_sms = out->bytes <= SMS_MAX, is_lms = out->bytes <= LMS_MAX;
    out->kind = is_sms ? STR("SMS") : is_lms ? STR("LMS") : STR("too_long");
    out->limit = is_sms ? SMS_MAX : LMS_MAX;
}
