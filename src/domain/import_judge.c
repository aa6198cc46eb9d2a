/*
 * import_judge.c - see import_judge.h.
 */
#include "domain/import_judge.h"
#include "domain/contact.h"
#include "domain/text.h"

#include <assert.h>

/* ---- words ---- */

static const struct str verdicts[VERDICTS] = {
    [VERDICT_OK] = STR_INIT("ok"),
    [VERDICT_REPAIRED] = STR_INIT("repaired"),
    [VERDICT_DUPLICATE] = STR_INIT("duplicate"),
    [VERDICT_ERROR] = STR_INIT("error"),
};

static const struct {
    struct str word;
    const char *ko, *en;
    enum column_role about;
} reasons[] = {
    [REASON_DUPLICATE - REASON_OURS] = {STR_INIT("DUPLICATE"), "같은 번호의 행이 또 있습니다.",
                                        "Another row has the same number.", COLUMN_PHONE},
    [REASON_PHONE_COLUMN_MISSING -
        REASON_OURS] = {STR_INIT("PHONE_COLUMN_MISSING"), "휴대폰 번호 열을 먼저 골라 주세요.",
                        "Please choose the column of mobile numbers first.", COLUMN_IGNORE},
    [REASON_EMAIL_DROPPED -
        REASON_OURS] = {STR_INIT("EMAIL_DROPPED"), "이메일 주소가 올바르지 않아 비워 둡니다.",
                        "The e-mail address is not valid and is left empty.", COLUMN_EMAIL},
    [REASON_NAME_SHORTENED -
        REASON_OURS] = {STR_INIT("NAME_SHORTENED"), "이름이 너무 길어 100자까지만 가져옵니다.",
                        "The name is too long; its first 100 characters are taken.", COLUMN_NAME},
};

struct str import_verdict_word(enum import_verdict v)
{
    return verdicts[v];
}

bool import_verdict_find(struct str word, enum import_verdict *v)
{
    for (size_t i = 0; i < VERDICTS; i++) {
        if (str_eq(word, verdicts[i])) {
            *v = (enum import_verdict)i;
            return true;
        }
    }
    return false;
}

struct str import_reason_word(uint8_t reason)
{
    if (reason >= REASON_OURS)
        return reasons[reason - REASON_OURS].word;
    return phone_reason_word((enum phone_reason)reason);
}

struct str import_reason_text(uint8_t reason, bool english)
{
    if (reason >= REASON_OURS)
        return str_c(english ? reasons[reason - REASON_OURS].en : reasons[reason - REASON_OURS].ko);
    return reason ? phone_reason_text(import_reason_word(reason), english) : (struct str){NULL, 0};
}

int64_t import_reason_column(const struct import_form *f, uint8_t reason)
{
    enum column_role about = reason >= REASON_OURS ? reasons[reason - REASON_OURS].about
                             : reason              ? COLUMN_PHONE
                                                   : COLUMN_IGNORE;
    return about == COLUMN_PHONE   ? f->phone
           : about == COLUMN_NAME  ? f->name
           : about == COLUMN_EMAIL ? f->email
                                   : -1;
}

/* ---- the form ---- */

void import_form_make(struct import_form *f, const struct columns *columns, struct arena *a)
{
    *f = (struct import_form){
        .columns = columns,
        .name = columns_find(columns, COLUMN_NAME),
        .phone = columns_find(columns, COLUMN_PHONE),
        .email = columns_find(columns, COLUMN_EMAIL),
    };
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->list[i].role != COLUMN_ATTRIBUTE)
            continue;
        BUF(key, CONTACT_ATTRIBUTES_TEXT_MAX);
        json_escape(&key, columns->list[i].attribute);
        buf_char(&key, ':');
        f->keys[i] = str_dup(a, buf_view(&key));
    }
}

/* ---- cells ---- */

static bool is_control(unsigned char c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
}

/* Where the text ends when at most `max` characters of it are kept. */
static size_t cut(struct str s, size_t max)
{
    size_t at = 0;
    if (s.len <= max)
        return s.len; /* no character is shorter than a byte */
    for (size_t n = 0; at < s.len && n < max; n++)
        utf8_next(s, &at);
    return at;
}

struct str import_cell(struct str cell, struct arena *a)
{
    if (!utf8_valid(cell))
        return STR("");
    cell.len = cut(cell, CONTACT_ATTRIBUTE_VALUE_MAX);
    size_t plain = 0;
    while (plain < cell.len && !is_control((unsigned char)cell.ptr[plain]))
        plain++;
    if (plain == cell.len)
        return cell;
    char *out = arena_alloc(a, cell.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < cell.len; i++)
        if (!is_control((unsigned char)cell.ptr[i]))
            out[n++] = cell.ptr[i];
    return str_n(out, n);
}

static struct str value_at(const struct str *cells, size_t count, int64_t column)
{
    return column >= 0 && (size_t)column < count ? cell_value(cells[column]) : STR("");
}

/* ---- rows that are no entry ---- */

static bool is_blank_row(const struct str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!utf8_valid(cells[i]) || !cell_is_blank(cells[i]))
            return false;
    return true;
}

static bool is_total_row(const struct str *cells, size_t count, struct arena *a)
{
    for (size_t i = 0; i < count; i++)
        if (utf8_valid(cells[i]) && cell_is_total(a, cells[i]))
            return true;
    return false;
}

enum import_skip import_skip(const struct import_form *f, int64_t number, const struct str *cells,
                             size_t count, struct arena *a)
{
    if (number <= f->columns->header_row)
        return SKIP_ABOVE;
    if (is_blank_row(cells, count))
        return SKIP_BLANK;
    if (phone_read(value_at(cells, count, f->phone)).verdict != PHONE_ERROR)
        return SKIP_NOT;
    if (is_total_row(cells, count, a))
        return SKIP_TOTAL;
    if (columns_header_repeats(f->columns, cells, count))
        return SKIP_HEADER;
    return columns_row_remarks(f->columns, cells, count) ? SKIP_REMARK : SKIP_NOT;
}

/* ---- judging ---- */

static void repaired(struct judged *out, uint8_t reason)
{
    if (out->verdict != VERDICT_OK)
        return;
    out->verdict = VERDICT_REPAIRED;
    out->reason = reason;
}

static void name_judge(struct str cell, struct arena *a, struct judged *out)
{
    out->name = text_line(a, cell);
    size_t end = cut(out->name, CONTACT_NAME_MAX);
    if (end == out->name.len)
        return;
    out->name = str_slice(out->name, 0, end);
    repaired(out, REASON_NAME_SHORTENED);
}

static void email_judge(struct str cell, struct arena *a, struct judged *out)
{
    struct str email = cell.len ? text_email(a, cell) : cell;
    if (email.len == 0)
        return;
    if (text_email_ok(email))
        out->email = email;
    else
        repaired(out, REASON_EMAIL_DROPPED);
}

void import_judge(const struct import_form *f, const struct str *cells, size_t count,
                  struct arena *a, struct judged *out)
{
    struct phone phone = phone_read(value_at(cells, count, f->phone));
    *out = (struct judged){
        .verdict = phone.verdict == PHONE_ERROR      ? VERDICT_ERROR
                   : phone.verdict == PHONE_REPAIRED ? VERDICT_REPAIRED
                                                     : VERDICT_OK,
        .reason = f->phone < 0 ? REASON_PHONE_COLUMN_MISSING : (uint8_t)phone.reason,
    };
    memcpy(out->phone, phone.digits, sizeof out->phone);
    name_judge(value_at(cells, count, f->name), a, out);
    email_judge(value_at(cells, count, f->email), a, out);
}

struct str import_attributes(const struct import_form *f, const struct str *cells, size_t count,
                             struct buf *out)
{
    buf_clear(out);
    buf_char(out, '{');
    for (size_t i = 0; i < count && i < f->columns->count; i++) {
        if (f->keys[i].len == 0 || cell_is_blank(cells[i]))
            continue;
        if (out->len > 1)
            buf_char(out, ',');
        buf_str(out, f->keys[i]);
        json_escape(out, str_trim(cell_value(cells[i])));
    }
    buf_char(out, '}');
    return out->failed ? STR("{}") : buf_view(out);
}

/* ---- numbers ---- */

#define KEY_DIGITS 8

uint32_t import_phone_key(const char phone[PHONE_DIGITS + 1])
{
    uint32_t key = 0;
    if (!phone[0])
        return 0;
    for (size_t i = PHONE_DIGITS - KEY_DIGITS; i < PHONE_DIGITS; i++)
        key = key * 10 + (uint32_t)(phone[i] - '0');
    return key + 1;
}

void import_phone_of(uint32_t key, char phone[PHONE_DIGITS + 1])
{
    assert(key > 0);
    memcpy(phone, "010", 3);
    phone[PHONE_DIGITS] = '\0';
    for (size_t i = PHONE_DIGITS, rest = key - 1; i > PHONE_DIGITS - KEY_DIGITS; rest /= 10)
        phone[--i] = (char)('0' + rest % 10);
}
