/*
 * template_check.c - see template_check.h. One function a subject; each notes rows of
 * template_rule.def. A text that cannot be split into variables is told once and looked at no
 * further.
 */
#include "domain/template_check.h"
#include "domain/measure.h"

enum rule {
#define R(name, severity, code, ko, en) RULE_##name,
#include "domain/template_rule.def"
#undef R
};

#define RULE_ARGS_MAX 2
#define SENTENCE_MAX  ((size_t)4 << 10)
#define SHOWN_MAX     100 /* bytes of a name that a sentence quotes */
#define KB            1024
/* Fewer letters than this for every variable are little to judge a message by. */
#define LETTERS_PER_VARIABLE 6

enum {
    WARNING,
    ERROR,
};

static const struct {
    bool error;
    struct str code, ko, en;
} rules[] = {
#define R(name, severity, code, ko, en)                                                            \
    [RULE_##name] = {severity, STR_INIT(code), STR_INIT(ko), STR_INIT(en)},
#include "domain/template_rule.def"
#undef R
};

struct check {
    const struct template_form *form;
    struct str tracking_base;
    struct arena *arena;
    struct template_check *out;
};

/* ---- noting ---- */

static struct str filled(struct arena *a, struct str sentence, const struct str args[RULE_ARGS_MAX])
{
    BUF(out, SENTENCE_MAX);
    size_t from = 0, next = 0;
    for (ptrdiff_t at;
         next < RULE_ARGS_MAX && args[next].ptr && (at = str_find(sentence, STR("{}"), from)) >= 0;
         from = (size_t)at + 2) {
        buf_str(&out, str_slice(sentence, from, (size_t)at));
        buf_str(&out, args[next++]);
    }
    buf_str(&out, str_slice(sentence, from, sentence.len));
    return str_dup(a, buf_view(&out));
}

/* With what stands in the places of `{}`. */
#define note_with(c, field, rule, ...)                                                             \
    note_args((c), (field), (rule), (const struct str[RULE_ARGS_MAX]){__VA_ARGS__})
static void note_args(struct check *c, struct str field, enum rule rule,
                      const struct str args[RULE_ARGS_MAX])
{
    if (c->out->count == TEMPLATE_FINDINGS_MAX)
        return;
    c->out->errors += rules[rule].error;
    c->out->list[c->out->count++] = (struct template_finding){
        .error = rules[rule].error,
        .field = field,
        .code = rules[rule].code,
        .ko = filled(c->arena, rules[rule].ko, args),
        .en = filled(c->arena, rules[rule].en, args),
    };
}

static void note(struct check *c, struct str field, enum rule rule)
{
    note_with(c, field, rule, {NULL, 0});
}

static struct str number(struct check *c, size_t n)
{
    return str_printf(c->arena, "%zu", n);
}

/* "buttons.0.mobile" */
static struct str button_field(struct check *c, size_t i, const char *member)
{
    return str_printf(c->arena, "buttons.%zu.%s", i, member);
}

/* A name short enough to be quoted, cut between characters. */
static struct str shown(struct str name)
{
    size_t end = 0;
    while (end < name.len) {
        size_t next = end;
        utf8_next(name, &next);
        if (next > SHOWN_MAX)
            break;
        end = next;
    }
    return str_slice(name, 0, end);
}

static bool blank(struct str s)
{
    return str_trim(s).len == 0;
}

static bool holds(struct str text, struct str part)
{
    return str_find(text, part, 0) >= 0;
}

static bool form_is(const struct check *c, const char *one, const char *other)
{
    return str_eq(c->form->type, str_c(one)) || str_eq(c->form->type, str_c(other));
}

static bool emphasis_is(const struct check *c, const char *word)
{
    return str_eq(c->form->emphasis, str_c(word));
}

/* ---- variables ---- */

/* Characters of the fixed part of a text. */
static size_t fixed_length(const struct pattern *p)
{
    size_t n = alimtalk_length(p->tail);
    for (size_t i = 0; i < p->count; i++)
        n += alimtalk_length(p->pieces[i].fixed);
    return n;
}

static void variable_names_check(struct check *c, struct str field, const struct pattern *p)
{
    for (size_t i = 0; i < p->count; i++) {
        struct str name = p->pieces[i].variable;
        if (blank(name)) {
            note(c, field, RULE_VARIABLE_UNNAMED);
            return;
        }
        if (holds(name, STR(".")) || holds(name, STR("@"))) {
            note_with(c, field, RULE_VARIABLE_NAME, shown(name));
            return;
        }
    }
}

static void adjacent_check(struct check *c, struct str field, const struct pattern *p)
{
    for (size_t i = 1; i < p->count; i++)
        if (p->pieces[i].fixed.len == 0) {
            note_with(c, field, RULE_VARIABLES_ADJACENT, shown(p->pieces[i - 1].variable),
                      shown(p->pieces[i].variable));
            return;
        }
}

/* A text that may hold variables, split; false when it cannot be, which is noted. */
static bool text_split(struct check *c, struct str field, struct str text, struct pattern *p)
{
    if (!pattern_parse(p, text, c->arena)) {
        note_with(c, field, RULE_VARIABLES_MANY, number(c, TEMPLATE_VARIABLES_MAX));
        return false;
    }
    bool open = holds(p->tail, STR("#{"));
    for (size_t i = 0; i < p->count; i++)
        open |= holds(p->pieces[i].variable, STR("#{"));
    if (open) {
        note(c, field, RULE_VARIABLE_UNCLOSED);
        return false;
    }
    variable_names_check(c, field, p);
    adjacent_check(c, field, p);
    return true;
}

static void no_variable(struct check *c, struct str field, struct str text)
{
    if (holds(text, STR("#{")))
        note(c, field, RULE_VARIABLE_FORBIDDEN);
}

/* All variables, in the order that templates have them; one more than allowed is looked for. */
static void variables_collect(struct check *c)
{
    struct str all[TEMPLATE_VARIABLES_MAX + 1];
    struct pattern p;
    size_t n = 0;
    const struct str texts[] = {c->form->title, c->form->content};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (pattern_parse(&p, texts[i], c->arena))
            n = pattern_variables(&p, all, n, COUNT_OF(all));
    for (size_t b = 0; b < c->form->button_count && b < BUTTONS_MAX; b++) {
        const struct button *button = &c->form->buttons[b];
        const struct str links[] = {button->mobile, button->pc, button->ios, button->android};
        for (size_t i = 0; i < COUNT_OF(links); i++)
            if (pattern_parse(&p, links[i], c->arena))
                n = pattern_variables(&p, all, n, COUNT_OF(all));
    }
    if (n > TEMPLATE_VARIABLES_MAX)
        note_with(c, STR("content"), RULE_VARIABLES_MANY, number(c, TEMPLATE_VARIABLES_MAX));
    c->out->variable_count = n < TEMPLATE_VARIABLES_MAX ? n : TEMPLATE_VARIABLES_MAX;
    memcpy(c->out->variables, all, c->out->variable_count * sizeof *all);
}

/* ---- texts ---- */

static void name_check(struct check *c)
{
    if (blank(c->form->name))
        note(c, STR("name"), RULE_NAME_MISSING);
    else if (utf8_count(c->form->name) > TEMPLATE_NAME_MAX)
        note_with(c, STR("name"), RULE_NAME_LONG, number(c, TEMPLATE_NAME_MAX));
}

/* Letters, digits and syllables: what says something. */
static size_t letters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len;) {
        uint32_t ch = utf8_next(s, &i);
        n += ch >= 0x80 || (ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z');
    }
    return n;
}

static void mostly_variables_check(struct check *c, const struct pattern *p)
{
    size_t n = letters(p->tail);
    for (size_t i = 0; i < p->count; i++)
        n += letters(p->pieces[i].fixed);
    if (p->count > 0 && n < p->count * LETTERS_PER_VARIABLE)
        note(c, STR("content"), RULE_MOSTLY_VARIABLES);
}

static void content_check(struct check *c)
{
    struct pattern p;
    if (blank(c->form->content)) {
        note(c, STR("content"), RULE_CONTENT_MISSING);
        return;
    }
    if (c->out->length > c->out->limit)
        note_with(c, STR("content"), RULE_CONTENT_LONG, number(c, (size_t)c->out->length),
                  number(c, (size_t)c->out->limit));
    if (text_split(c, STR("content"), c->form->content, &p))
        mostly_variables_check(c, &p);
}

/* A word of the list in a fixed part of a text. */
static struct str advertising_word(const struct pattern *p)
{
    static const struct str words[] = {
        STR_INIT("(광고)"), STR_INIT("할인"),   STR_INIT("이벤트"),
        STR_INIT("쿠폰"),   STR_INIT("특가"),   STR_INIT("프로모션"),
        STR_INIT("세일"),   STR_INIT("사은품"), STR_INIT("경품"),
    };
    for (size_t w = 0; w < COUNT_OF(words); w++) {
        bool there = holds(p->tail, words[w]);
        for (size_t i = 0; i < p->count; i++)
            there |= holds(p->pieces[i].fixed, words[w]);
        if (there)
            return words[w];
    }
    return (struct str){NULL, 0};
}

static void advertising_check(struct check *c)
{
    const struct {
        const char *field;
        struct str text;
    } texts[] = {{"content", c->form->content},
                 {"title", c->form->title},
                 {"subtitle", c->form->subtitle},
                 {"extra", c->form->extra}};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct pattern p;
        struct str word = {NULL, 0};
        if (pattern_parse(&p, texts[i].text, c->arena))
            word = advertising_word(&p);
        if (word.ptr)
            note_with(c, str_c(texts[i].field), RULE_ADVERTISING, word);
    }
}

/* ---- kind and emphasis ---- */

static void kind_check(struct check *c)
{
    const struct template_form *f = c->form;
    bool extra = form_is(c, "EX", "MI"), advert = form_is(c, "AD", "MI");
    if (!extra && !advert && !form_is(c, "BA", "BA")) {
        note(c, STR("type"), RULE_TYPE_UNKNOWN);
        return;
    }
    if (extra && blank(f->extra))
        note(c, STR("extra"), RULE_EXTRA_MISSING);
    if (!extra && f->extra.len)
        note(c, STR("extra"), RULE_EXTRA_UNEXPECTED);
    if (advert && blank(f->advert))
        note(c, STR("advert"), RULE_ADVERT_MISSING);
    if (!advert && f->advert.len)
        note(c, STR("advert"), RULE_ADVERT_UNEXPECTED);
    if (advert && !(f->button_count && str_eq(f->buttons[0].type, STR("AC"))))
        note(c, STR("buttons"), RULE_AC_MISSING);
    no_variable(c, STR("extra"), f->extra);
    no_variable(c, STR("advert"), f->advert);
}

static void titles_check(struct check *c)
{
    const struct template_form *f = c->form;
    struct pattern p;
    if (blank(f->title))
        note(c, STR("title"), RULE_TITLE_MISSING);
    else if (text_split(c, STR("title"), f->title, &p) && fixed_length(&p) > TEMPLATE_TITLE_MAX)
        note_with(c, STR("title"), RULE_TITLE_LONG, number(c, TEMPLATE_TITLE_MAX));
    if (blank(f->subtitle))
        note(c, STR("subtitle"), RULE_SUBTITLE_MISSING);
    if (alimtalk_length(f->subtitle) > TEMPLATE_TITLE_MAX)
        note_with(c, STR("subtitle"), RULE_TITLE_LONG, number(c, TEMPLATE_TITLE_MAX));
    no_variable(c, STR("subtitle"), f->subtitle);
}

static void emphasis_check(struct check *c)
{
    const struct template_form *f = c->form;
    if (!emphasis_is(c, "NONE") && !emphasis_is(c, "TEXT") && !emphasis_is(c, "IMAGE")) {
        note(c, STR("emphasis"), RULE_EMPHASIS_UNKNOWN);
        return;
    }
    if (emphasis_is(c, "TEXT")) {
        titles_check(c);
        return;
    }
    if (f->title.len)
        note(c, STR("title"), RULE_TITLE_UNEXPECTED);
    if (f->subtitle.len)
        note(c, STR("subtitle"), RULE_TITLE_UNEXPECTED);
}

static bool image_known(struct str bytes)
{
    return str_starts(bytes, STR("\xff\xd8\xff")) || str_starts(bytes, STR("\x89PNG\r\n\x1a\n"));
}

static void image_check(struct check *c)
{
    const struct template_form *f = c->form;
    if (!emphasis_is(c, "IMAGE")) {
        if (f->image.len)
            note(c, STR("image"), RULE_IMAGE_UNEXPECTED);
        return;
    }
    if (f->image.len == 0 && !f->image_kept)
        note(c, STR("image"), RULE_IMAGE_MISSING);
    if (f->image.len && !image_known(f->image))
        note(c, STR("image"), RULE_IMAGE_KIND);
    if (f->image.len > TEMPLATE_IMAGE_MAX)
        note_with(c, STR("image"), RULE_IMAGE_LARGE, number(c, TEMPLATE_IMAGE_MAX / KB));
}

/* ---- links ---- */

/* Offset behind "http://" or "https://"; 0 for any other text. */
static size_t web_scheme(struct str url)
{
    return str_starts(url, STR("https://")) ? 8 : str_starts(url, STR("http://")) ? 7 : 0;
}

/* The host of a web address, whose variables may stand in it. */
static struct str web_host(struct str url)
{
    size_t from = web_scheme(url), to = from;
    while (to < url.len && url.ptr[to] != '/' && url.ptr[to] != '?')
        to++;
    return str_slice(url, from, to);
}

/* How a tracked link is registered: our host, and a variable behind it. */
static struct str tracked_form(struct check *c)
{
    struct str base = c->tracking_base;
    if (base.len == 0)
        return STR("https://go.example.kr/#{링크}");
    size_t host = web_scheme(base) + web_host(base).len;
    return str_printf(c->arena, "%.*s/#{링크}", STR_ARG(str_slice(base, 0, host)));
}

/* Nothing that ends an address where people copy it. Blanks may stand in a variable's name. */
static bool link_clean(const struct pattern *p)
{
    for (size_t i = 0; i <= p->count; i++) {
        struct str fixed = i < p->count ? p->pieces[i].fixed : p->tail;
        for (size_t k = 0; k < fixed.len; k++) {
            unsigned char ch = (unsigned char)fixed.ptr[k];
            if (ch <= ' ' || ch == 0x7f || ch == '"' || ch == '<' || ch == '>' || ch == '\\')
                return false;
        }
    }
    return true;
}

/* What every kind of address must be; false when it is not worth looking at further. */
static bool link_check(struct check *c, struct str field, struct str url, struct pattern *p)
{
    if (url.len > BUTTON_LINK_MAX)
        note_with(c, field, RULE_LINK_LONG, number(c, BUTTON_LINK_MAX));
    if (!text_split(c, field, url, p))
        return false;
    if (!link_clean(p))
        note(c, field, RULE_LINK_CHARACTER);
    return true;
}

/* Whether our redirect can stand where the link's variable is, as a campaign's check will ask. */
static bool link_trackable(const struct check *c, const struct pattern *p)
{
    struct str value;
    struct str sample = str_printf(c->arena, "%.*s01234567890", STR_ARG(c->tracking_base));
    return c->tracking_base.len == 0 || pattern_solve(p, sample, &value);
}

static void web_link_check(struct check *c, struct str field, struct str url, bool first)
{
    struct pattern p;
    if (blank(url)) {
        note(c, field, RULE_LINK_MISSING);
        return;
    }
    if (!link_check(c, field, url, &p))
        return;
    if (web_scheme(url) == 0 || web_host(url).len == 0) {
        note(c, field, RULE_LINK_SCHEME);
        return;
    }
    if (holds(web_host(url), STR("#{")))
        note_with(c, field, RULE_LINK_HOST_VARIABLE, tracked_form(c));
    if (p.count && !link_trackable(c, &p))
        note_with(c, field, RULE_LINK_ELSEWHERE, tracked_form(c));
    if (first && p.count == 0)
        note_with(c, field, RULE_LINK_UNTRACKED, tracked_form(c));
}

static void app_link_check(struct check *c, struct str field, struct str url)
{
    struct pattern p;
    if (blank(url)) {
        note(c, field, RULE_APP_LINK_MISSING);
        return;
    }
    if (link_check(c, field, url, &p) && str_find(url, STR("://"), 0) < 1)
        note(c, field, RULE_APP_SCHEME);
}

/* ---- buttons ---- */

static void web_button_check(struct check *c, size_t i)
{
    const struct button *b = &c->form->buttons[i];
    web_link_check(c, button_field(c, i, "mobile"), b->mobile, true);
    web_link_check(c, button_field(c, i, "pc"), b->pc, false);
}

static void app_button_check(struct check *c, size_t i)
{
    const struct button *b = &c->form->buttons[i];
    app_link_check(c, button_field(c, i, "ios"), b->ios);
    app_link_check(c, button_field(c, i, "android"), b->android);
}

static void delivery_button_check(struct check *c, size_t i)
{
    struct str text = c->form->content;
    if (!holds(text, STR("택배")) || !holds(text, STR("송장")))
        note(c, button_field(c, i, "type"), RULE_DELIVERY_TEXT);
    if (holds(text, STR("CJ대한통운")) || holds(text, STR("대한통운")))
        note(c, button_field(c, i, "type"), RULE_DELIVERY_CJ);
}

static void chat_button_check(struct check *c, size_t i)
{
    note(c, button_field(c, i, "type"), RULE_CHAT_CHANNEL);
}

static void add_button_check(struct check *c, size_t i)
{
    if (!form_is(c, "AD", "MI"))
        note(c, button_field(c, i, "type"), RULE_AC_KIND);
    if (i > 0)
        note(c, button_field(c, i, "type"), RULE_AC_FIRST);
    if (!str_eq(c->form->buttons[i].name, STR("채널 추가")))
        note(c, button_field(c, i, "name"), RULE_AC_NAME);
}

/* The kinds of buttons, and which addresses each has. */
static const struct {
    struct str type;
    void (*check)(struct check *c, size_t i);
    bool web, app;
} kinds[] = {
    {STR_INIT("WL"), web_button_check, true, false},
    {STR_INIT("AL"), app_button_check, true, true}, /* a mobile link is allowed beside */
    {STR_INIT("DS"), delivery_button_check, false, false},
    {STR_INIT("BK"), chat_button_check, false, false},
    {STR_INIT("MD"), chat_button_check, false, false},
    {STR_INIT("AC"), add_button_check, false, false},
};

static void links_unused_check(struct check *c, size_t i, bool web, bool app)
{
    const struct button *b = &c->form->buttons[i];
    const struct {
        const char *member;
        struct str link;
        bool used;
    } links[] = {{"mobile", b->mobile, web},
                 {"pc", b->pc, web},
                 {"ios", b->ios, app},
                 {"android", b->android, app}};
    for (size_t l = 0; l < COUNT_OF(links); l++)
        if (links[l].link.len && !links[l].used)
            note(c, button_field(c, i, links[l].member), RULE_LINK_UNUSED);
}

static void button_check(struct check *c, size_t i)
{
    const struct button *b = &c->form->buttons[i];
    struct str field = button_field(c, i, "name");
    if (blank(b->name))
        note(c, field, RULE_BUTTON_NAME_MISSING);
    if (utf8_count(b->name) > BUTTON_NAME_MAX)
        note_with(c, field, RULE_BUTTON_NAME_LONG, number(c, BUTTON_NAME_MAX));
    no_variable(c, field, b->name);
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        if (str_eq(kinds[k].type, b->type)) {
            kinds[k].check(c, i);
            links_unused_check(c, i, kinds[k].web, kinds[k].app);
            return;
        }
    note(c, button_field(c, i, "type"), RULE_BUTTON_TYPE);
}

static void buttons_check(struct check *c)
{
    if (c->form->button_count > BUTTONS_MAX)
        note_with(c, STR("buttons"), RULE_BUTTONS_MANY, number(c, BUTTONS_MAX));
    for (size_t i = 0; i < c->form->button_count && i < BUTTONS_MAX; i++)
        button_check(c, i);
}

/* ---- all of it ---- */

static void lengths_count(struct check *c)
{
    size_t advert = alimtalk_length(c->form->advert);
    if (advert < TEMPLATE_ADVERT_ROOM)
        advert = TEMPLATE_ADVERT_ROOM;
    c->out->length = (int64_t)(alimtalk_length(c->form->content) + alimtalk_length(c->form->extra));
    c->out->limit = TEMPLATE_BODY_MAX;
    if (form_is(c, "AD", "MI"))
        c->out->limit -= advert < TEMPLATE_BODY_MAX ? (int64_t)advert : TEMPLATE_BODY_MAX - 1;
}

/* Errors before warnings, else as they were noted. */
static void findings_sort(struct template_check *out)
{
    struct template_finding sorted[TEMPLATE_FINDINGS_MAX] = {0};
    size_t n = 0;
    for (int error = 1; error >= 0; error--)
        for (size_t i = 0; i < out->count; i++)
            if (out->list[i].error == (error == 1))
                sorted[n++] = out->list[i];
    memcpy(out->list, sorted, n * sizeof *sorted);
}

void template_check(const struct template_form *form, struct str tracking_base, struct arena *a,
                    struct template_check *out)
{
    static void (*const checks[])(struct check *) = {
        name_check,  content_check, kind_check,        emphasis_check,
        image_check, buttons_check, variables_collect, advertising_check,
    };
    *out = (struct template_check){0};
    struct check c = {form, tracking_base, a, out};
    lengths_count(&c);
    for (size_t i = 0; i < COUNT_OF(checks); i++)
        checks[i](&c);
    findings_sort(out);
}

enum problem template_check_problem(struct scope *s, const struct template_check *check)
{
    for (size_t i = 0; i < check->errors; i++) {
        const struct template_finding *f = &check->list[i];
        scope_field_error(s, f->field.ptr, f->code.ptr, f->ko.ptr, f->en.ptr);
    }
    return scope_invalid(s);
}
