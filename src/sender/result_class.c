/*
 * result_class.c - see result_class.h. Case matters.
 */
#include "sender/result_class.h"

static const struct {
    const char *codes; /* one letter each */
    struct str reason;
} classes[] = {
    {"289AE", STR_INIT("no_kakaotalk")}, {"B", STR_INIT("blocked")},
    {"IJ", STR_INIT("number_invalid")},  {"LU", STR_INIT("mismatch")},
    {"1MSab", STR_INIT("setup")},        {"CDcdp", STR_INIT("duplicate")},
    {"56o", STR_INIT("uncertain")},      {"FGHVefkt", STR_INIT("gateway")},
};

struct str result_reason(struct str code)
{
    if (code.len == 1)
        for (size_t i = 0; i < COUNT_OF(classes); i++)
            if (strchr(classes[i].codes, code.ptr[0]))
                return classes[i].reason;
    return STR("other");
}
