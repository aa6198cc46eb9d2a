/*
 * template_fuzz.c - any text as a template that somebody writes: lines are the members of the form,
 * then four lines a button. Whatever it is, the check ends, errors stand first, sentences are
 * whole, and a form without an error has texts that can be split into variables.
 */
#include "domain/template_check.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str line_take(struct str *rest)
{
    struct str line;
    return str_split(rest, '\n', &line) ? line : STR("");
}

static void form_make(struct str rest, struct template_form *f, struct button *buttons)
{
    struct str *const members[] = {&f->type,  &f->emphasis, &f->name,  &f->title,  &f->subtitle,
                                   &f->extra, &f->advert,   &f->image, &f->content};
    for (size_t i = 0; i < COUNT_OF(members); i++)
        *members[i] = line_take(&rest);
    f->buttons = buttons;
    while (rest.ptr && f->button_count <= BUTTONS_MAX) {
        struct button *b = &buttons[f->button_count++];
        b->type = line_take(&rest);
        b->name = line_take(&rest);
        b->mobile = b->ios = line_take(&rest);
        b->pc = b->android = line_take(&rest);
    }
}

static void findings_check(const struct template_check *c)
{
    assert(c->count <= TEMPLATE_FINDINGS_MAX && c->errors <= c->count && c->limit > 0);
    assert(c->variable_count <= TEMPLATE_VARIABLES_MAX);
    for (size_t i = 0; i < c->count; i++) {
        assert(c->list[i].error == (i < c->errors));
        assert(c->list[i].field.len && c->list[i].code.len);
        assert(utf8_valid(c->list[i].ko) && utf8_valid(c->list[i].en));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA(a, ARENA_MAX_DEFAULT);
    struct template_form form = {0};
    struct button buttons[BUTTONS_MAX + 1] = {0};
    struct template_check check;
    struct pattern p;
    struct str text = str_n((const char *)data, size);
    if (!utf8_valid(text)) /* the API takes nothing else */
        return 0;
    form_make(text, &form, buttons);
    template_check(&form, size % 2 ? STR("https://go.example.kr/r/") : STR(""), &a, &check);
    findings_check(&check);
    if (check.errors == 0)
        assert(pattern_parse(&p, form.content, &a) && p.count <= PATTERN_PLACES_MAX &&
               str_find(p.tail, STR("#{"), 0) < 0 && check.length <= check.limit);
    return 0;
}
