/*
 * import_note.c - see import_note.h.
 */
#include "domain/import_note.h"
#include "base/json.h"

#define NOTES_TEXT_MAX ((size_t)64 << 10)

static const struct {
    struct str code, ko, en;
} notes[NOTES] = {
#define N(name, code, ko, en) {STR_INIT(code), STR_INIT(ko), STR_INIT(en)},
#include "domain/import_note.def"
#undef N
};

/* The text with the count in the place of `{}`. */
static struct str text_filled(struct arena *a, struct str text, int64_t count)
{
    ptrdiff_t at = str_find(text, STR("{}"), 0);
    if (at < 0)
        return text;
    BUF(out, NOTES_TEXT_MAX);
    buf_str(&out, str_slice(text, 0, (size_t)at));
    buf_i64_grouped(&out, count);
    buf_str(&out, str_slice(text, (size_t)at + 2, text.len));
    return str_dup(a, buf_view(&out));
}

struct str import_note_text(struct arena *a, struct str code, int64_t count, bool english)
{
    for (size_t i = 0; i < NOTES; i++)
        if (str_eq(code, notes[i].code))
            return text_filled(a, english ? notes[i].en : notes[i].ko, count);
    return (struct str){NULL, 0};
}

struct str import_notes_json(struct arena *a, const int64_t counts[NOTES])
{
    BUF(out, NOTES_TEXT_MAX);
    struct json j;
    json_init(&j, &out);
    json_begin_array(&j);
    for (size_t i = 0; i < NOTES; i++) {
        if (counts[i] == 0)
            continue;
        json_begin_object(&j);
        json_put_str(&j, "code", notes[i].code);
        json_put_i64(&j, "count", counts[i]);
        json_end_object(&j);
    }
    json_end_array(&j);
    return str_dup(a, buf_view(&out));
}
