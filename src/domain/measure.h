/*
 * measure.h - how long a text is for those who carry it: KakaoTalk, and text messages.
 *
 * Kakao counts characters, telephone companies count bytes in EUC-KR. Called by domain/rendering
 * and domain/preview.
 */
#ifndef DOMAIN_MEASURE_H
#define DOMAIN_MEASURE_H

#include "base/str.h"

/* Characters as Kakao's limit counts them. How it counts those outside the basic plane (emoji) and
 * a line break of two characters is not published: both count twice, to be safe. */
size_t alimtalk_length(struct str s);

#define SMS_MAX      90   /* bytes */
#define LMS_MAX      2000 /* bytes */
#define SMS_LOST_MAX 100

/* What a text message with the same words would be. */
struct sms {
    struct str kind; /* "SMS", "LMS", "too_long" */
    int64_t bytes;   /* in EUC-KR, a line break is one */
    int64_t limit;   /* of that kind */
    /* Characters as people see them (an emoji of several code points is one) that EUC-KR lacks,
     * each once, in order; they lie in the text. */
    struct str lost[SMS_LOST_MAX];
    size_t lost_count;
};

/* Measures UTF-8. A character that EUC-KR lacks counts as two bytes, like a Korean one. */
void sms_measure(struct str text, struct sms *out);

#endif
