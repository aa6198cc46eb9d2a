/*
 * digits.h - whole numbers out of a window of xml_scan.h, most often in one step.
 *
 * Rows, cells and shared strings are numbered, so these are read many million times. Called by
 * xlsx_quick.c and xlsx_rows.c; shared_strings.h looks at eight bytes at a time too.
 */
#ifndef SHEET_DIGITS_H
#define SHEET_DIGITS_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define DIGITS_MAX 15 /* a double holds so many exactly */

struct digits {
    const char *end; /* behind the last one; NULL: there is none */
    uint64_t value;
};

/* Eight bytes, the first of them the lowest, wherever the program runs. */
static inline uint64_t eight_bytes(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return le64toh(word);
}

/* Reads up to DIGITS_MAX digits at p, behind which eight bytes may be looked at. */
static inline struct digits digits_read(const char *p)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    const char *most = p + DIGITS_MAX;
    uint64_t word = eight_bytes(p);
    /* The high bit of each byte that is no digit; right up to the first such byte. */
    uint64_t others = ((word + each * (0x80 - '9' - 1)) | (word - each * '0')) & each * 0x80;
    unsigned bits = others ? (unsigned)__builtin_ctzll(others) & ~7u : 64;
    if (bits == 0)
        return (struct digits){NULL, 0};
    /* The digits move to the end of the word, then each line makes one number of two. */
    word = (word - each * '0') << (64 - bits);
    word = (word * 10 + (word >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
    word = (word * 100 + (word >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
    word = (word * 10000 + (word >> 32)) & UINT32_MAX;
    p += bits / 8;
    if (bits == 64)
        for (; *p >= '0' && *p <= '9' && p < most; p++)
            word = word * 10 + (uint64_t)(*p - '0');
    return (struct digits){p, word};
}

#endif
