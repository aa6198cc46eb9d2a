/*
 * practice_desk.c - templates at the practice gateway: the list, and /akv10/template/add, modify,
 * del and request with the rules that Aligo and Kakao document.
 *
 * What is refused is refused as a whole and nothing is stored.
 */
#include "gateway/practice_shelf.h"
#include "gateway/practice_templates.h"

#define NAME_MAX_CHARACTERS 200
#define CONTENT_MAX         1000 /* characters */
#define TITLE_MAX           50
#define BUTTON_NAME_MAX     14
#define LINK_MAX            500
#define VARIABLES_MAX       40
#define CODE_FIRST          1000 /* the first code is one above */

/* ---- a template as it is listed ---- */

static void put_button(struct practice_call *c, size_t ordinal, const struct gateway_button *b)
{
    json_begin_object(&c->json);
    practice_put_text_number(c, "ordering", (int64_t)ordinal);
    json_put_str(&c->json, "name", b->name);
    json_put_str(&c->json, "linkType", b->type);
    json_put_str(&c->json, "linkTypeName", b->type_name);
    json_put_str(&c->json, "linkMo", b->mobile);
    json_put_str(&c->json, "linkPc", b->pc);
    json_put_str(&c->json, "linkIos", b->ios);
    json_put_str(&c->json, "linkAnd", b->android);
    json_end_object(&c->json);
}

static struct str image_url(const struct practice_call *c, struct str sender_key,
                            const struct gateway_template *t)
{
    return str_printf(c->a, "%.*s/practice/image?template=%.*s&profile=%.*s", STR_ARG(c->p->url),
                      STR_ARG(t->code), STR_ARG(sender_key));
}

/* The newer members, which templates of old have as null or not at all. */
static void put_emphasis(struct practice_call *c, struct str sender_key,
                         const struct gateway_template *t)
{
    bool titled = str_eq(t->emphasis, STR("TEXT")), image = str_eq(t->emphasis, STR("IMAGE"));
    bool basic = str_eq(t->type, STR("BA"));
    struct str absent = {NULL, 0};
    if (basic && !titled && !image && c->turn % 3 == 0)
        return;
    json_put_str(&c->json, "templateType", t->type);
    json_put_str(&c->json, "templateEmType", t->emphasis);
    json_put_str_or_null(&c->json, "templtTitle", titled ? t->title : absent);
    json_put_str_or_null(&c->json, "templtSubtitle", titled ? t->subtitle : absent);
    json_put_str_or_null(&c->json, "templtImageName", image ? STR("template.png") : absent);
    json_put_str_or_null(&c->json, "templtImageUrl", image ? image_url(c, sender_key, t) : absent);
    if (t->extra.len)
        json_put_str(&c->json, "templateExtra", t->extra);
}

/* Asleep is a mark that Aligo's page does not have; dealers write it either way. */
static void put_marks(struct practice_call *c, const struct gateway_template *t)
{
    if (t->secure || c->turn % 2)
        json_put_str(&c->json, "securityFlag", t->secure ? STR("Y") : STR("N"));
    if (t->dormant && c->turn % 2)
        json_put_bool(&c->json, "dormant", true);
    else if (t->dormant)
        json_put_str(&c->json, "dormant", STR("Y"));
}

/* A remark as an object with one set of names or the other, or as a text by itself. */
static void put_comment(struct practice_call *c, const struct gateway_comment *comment)
{
    bool other = c->turn % 3 == 1;
    if (c->turn % 3 == 2) {
        json_str(&c->json, comment->text);
        return;
    }
    json_begin_object(&c->json);
    json_put_str(&c->json, other ? "comment" : "content", comment->text);
    json_put_str(&c->json, other ? "name" : "userName", comment->author);
    json_put_str(&c->json, other ? "cdate" : "createdAt", comment->at);
    json_end_object(&c->json);
}

void practice_put_template(struct practice_call *c, struct str sender_key,
                           const struct gateway_template *t)
{
    json_begin_object(&c->json);
    json_put_str(&c->json, "senderKey", sender_key);
    json_put_str(&c->json, "templtCode", t->code);
    json_put_str(&c->json, "templtName", t->name);
    json_put_str(&c->json, "templtContent", t->content);
    put_emphasis(c, sender_key, t);
    put_marks(c, t);
    json_put_str(&c->json, "status", t->status);
    json_put_str(&c->json, "inspStatus", t->inspection);
    json_put_str(&c->json, "cdate", t->created_at);
    json_put_str(&c->json, "udate", t->updated_at);
    json_key(&c->json, "comments");
    json_begin_array(&c->json);
    for (size_t i = 0; i < t->comment_count; i++)
        put_comment(c, &t->comments[i]);
    json_end_array(&c->json);
    json_key(&c->json, "buttons");
    json_begin_array(&c->json);
    for (size_t i = 0; i < t->button_count; i++)
        put_button(c, i + 1, &t->buttons[i]);
    json_end_array(&c->json);
    json_end_object(&c->json);
}

static void put_inspections(struct practice_call *c, const struct gateway_template *list,
                            size_t count)
{
    static const char *const states[] = {"REG", "REQ", "APR", "REJ"};
    json_key(&c->json, "info");
    json_begin_object(&c->json);
    for (size_t s = 0; s < COUNT_OF(states); s++) {
        int64_t n = 0;
        for (size_t i = 0; i < count; i++)
            n += str_eq(list[i].inspection, str_c(states[s]));
        json_put_i64(&c->json, states[s], n);
    }
    json_end_object(&c->json);
}

void practice_template_list(struct practice_call *c)
{
    const struct gateway_template *list;
    const struct practice_need needs[] = {{"senderkey", c->form.sender_key}};
    if (!practice_needs(c, needs, COUNT_OF(needs)) || !practice_own_profile(c))
        return;
    size_t count = practice_shelf(c, c->form.sender_key, &list);
    practice_begin(c, 0, STR("정상적으로 호출하였습니다."));
    json_key(&c->json, "list");
    json_begin_array(&c->json);
    for (size_t i = 0; i < count; i++)
        if (c->form.template_code.len == 0 || str_eq(list[i].code, c->form.template_code))
            practice_put_template(c, c->form.sender_key, &list[i]);
    json_end_array(&c->json);
    put_inspections(c, list, count);
}

/* ---- what a template must be ---- */

/* A rule that is broken, in the words it is refused with; ptr NULL: none. */
static const struct str fine = {NULL, 0};

static bool has_scheme(struct str link)
{
    return str_starts(link, STR("http://")) || str_starts(link, STR("https://"));
}

static struct str member(const json_t *object, const char *key)
{
    struct str text = json_get_str(object, key);
    return text.ptr ? text : STR("");
}

static struct str button_fault(const struct gateway_button *b, bool channel_adding)
{
    const struct str links[] = {b->mobile, b->pc, b->ios, b->android};
    if (b->name.len == 0 || utf8_count(b->name) > BUTTON_NAME_MAX)
        return STR("버튼명은 14자까지 가능합니다.");
    if (str_find(b->name, STR("#{"), 0) >= 0)
        return STR("버튼명에는 변수를 사용할 수 없습니다.");
    if (b->type_name.len == 0)
        return STR("버튼 타입(linkType)이 올바르지 않습니다.");
    if (str_eq(b->type, STR("WL")) && !(has_scheme(b->mobile) && has_scheme(b->pc)))
        return STR("웹링크 버튼은 linkM, linkP가 모두 필요하며 http:// 또는 https://로 "
                   "시작해야 합니다.");
    if (str_eq(b->type, STR("AL")) && (b->ios.len == 0 || b->android.len == 0))
        return STR("앱링크 버튼은 linkI, linkA가 모두 필요합니다.");
    if (str_eq(b->type, STR("AC")) && !(channel_adding && str_eq(b->name, STR("채널 추가"))))
        return STR("채널 추가 버튼은 채널추가형(AD), 복합형(MI)에서만 '채널 추가'라는 이름으로 "
                   "사용할 수 있습니다.");
    for (size_t i = 0; i < COUNT_OF(links); i++)
        if (utf8_count(links[i]) > LINK_MAX)
            return STR("버튼 링크는 500자까지 가능합니다.");
    return fine;
}

/* tpl_button: {"button":[{"name","linkType","linkM","linkP","linkI","linkA"}]} */
static struct str take_buttons(struct practice_call *c, struct gateway_template *t)
{
    bool adding = str_eq(t->type, STR("AD")) || str_eq(t->type, STR("MI"));
    struct str fault = fine;
    if (c->form.buttons.len == 0)
        return fine;
    json_t *tree = json_parse(c->form.buttons, c->a, NULL);
    const json_t *list = json_object_get(tree, "button");
    if (!json_is_array(list))
        fault = STR("버튼 정보(tpl_button)의 형식이 올바르지 않습니다.");
    else if (json_array_size(list) > GATEWAY_BUTTONS_MAX)
        fault = STR("버튼은 5개까지 가능합니다.");
    for (size_t i = 0; !fault.ptr && i < json_array_size(list); i++) {
        const json_t *from = json_array_get(list, i);
        struct gateway_button *b = &t->buttons[t->button_count++];
        b->name = str_dup(c->a, member(from, "name"));
        b->type = str_dup(c->a, member(from, "linkType"));
        b->type_name = practice_button_name(b->type);
        b->mobile = str_dup(c->a, member(from, "linkM"));
        b->pc = str_dup(c->a, member(from, "linkP"));
        b->ios = str_dup(c->a, member(from, "linkI"));
        b->android = str_dup(c->a, member(from, "linkA"));
        fault = button_fault(b, adding);
    }
    json_decref(tree);
    return fault;
}

static size_t count_variables(struct str text)
{
    size_t n = 0;
    for (ptrdiff_t at = str_find(text, STR("#{"), 0); at >= 0;
         at = str_find(text, STR("#{"), (size_t)at + 2))
        n++;
    return n;
}

static bool is_one_of(struct str word, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(word, list[i]))
            return true;
    return false;
}

const char *practice_image_type(struct str image)
{
    if (str_starts(image, STR("\x89PNG\r\n\x1a\n")))
        return "image/png";
    return str_starts(image, STR("\xff\xd8\xff")) ? "image/jpeg" : NULL;
}

static struct str text_fault(const struct practice_call *c, const struct gateway_template *t)
{
    static const struct str types[] = {STR_INIT("BA"), STR_INIT("EX"), STR_INIT("AD"),
                                       STR_INIT("MI")};
    static const struct str emphases[] = {STR_INIT("NONE"), STR_INIT("TEXT"), STR_INIT("IMAGE")};
    struct str image = c->form.image;
    if (utf8_count(t->name) > NAME_MAX_CHARACTERS)
        return STR("템플릿명은 200자까지 가능합니다.");
    if (utf8_count(t->content) + utf8_count(t->extra) > CONTENT_MAX)
        return STR("템플릿 내용은 1,000자까지 가능합니다.");
    if (count_variables(t->content) > VARIABLES_MAX)
        return STR("변수는 40개까지 가능합니다.");
    if (!is_one_of(t->type, types, COUNT_OF(types)))
        return STR("템플릿 유형(tpl_type)이 올바르지 않습니다.");
    if (!is_one_of(t->emphasis, emphases, COUNT_OF(emphases)))
        return STR("강조 유형(tpl_emtype)이 올바르지 않습니다.");
    if (utf8_count(t->title) > TITLE_MAX || utf8_count(t->subtitle) > TITLE_MAX)
        return STR("강조 표기와 보조 표기는 50자까지 가능합니다.");
    if (str_find(t->subtitle, STR("#{"), 0) >= 0 || str_find(t->extra, STR("#{"), 0) >= 0)
        return STR("보조 표기와 부가정보에는 변수를 사용할 수 없습니다.");
    if (image.len > GATEWAY_IMAGE_MAX || (image.len && !practice_image_type(image)))
        return STR("이미지는 500KB 이하의 JPG, PNG 파일만 가능합니다.");
    return fine;
}

/* Fields that the kind of template asks for. `has_image`: it had one before. */
static bool kind_is_whole(struct practice_call *c, const struct gateway_template *t, bool has_image)
{
    bool both = str_eq(t->type, STR("MI"));
    bool extra = both || str_eq(t->type, STR("EX"));
    bool advert = both || str_eq(t->type, STR("AD"));
    bool titled = str_eq(t->emphasis, STR("TEXT"));
    bool image = str_eq(t->emphasis, STR("IMAGE")) && !has_image;
    struct str given = STR("given");
    const struct practice_need needs[] = {
        {"tpl_extra", extra ? t->extra : given},  {"tpl_advert", advert ? c->form.advert : given},
        {"tpl_title", titled ? t->title : given}, {"tpl_stitle", titled ? t->subtitle : given},
        {"image", image ? c->form.image : given},
    };
    return practice_needs(c, needs, COUNT_OF(needs));
}

static struct str or_else(struct str value, struct str otherwise)
{
    return value.len ? value : otherwise;
}

/* The template that the form describes, written into *t over what it was; false when refused. */
static bool take_form(struct practice_call *c, struct gateway_template *t)
{
    const struct practice_form *f = &c->form;
    bool had_image = str_eq(t->emphasis, STR("IMAGE"));
    t->name = f->name;
    t->content = f->content;
    t->type = or_else(f->type, STR("BA"));
    t->emphasis = or_else(f->emphasis, STR("NONE"));
    bool titled = str_eq(t->emphasis, STR("TEXT"));
    t->title = titled ? or_else(f->title, STR("")) : STR("");
    t->subtitle = titled ? or_else(f->subtitle, STR("")) : STR("");
    t->extra = or_else(f->extra, STR(""));
    t->secure = str_eq(f->secure, STR("Y"));
    t->button_count = 0;
    if (!kind_is_whole(c, t, had_image))
        return false;
    struct str fault = text_fault(c, t);
    if (!fault.ptr)
        fault = take_buttons(c, t);
    if (fault.ptr)
        practice_refuse(c, -99, fault);
    return !fault.ptr;
}

/* ---- the calls ---- */

static bool head_is_whole(struct practice_call *c, bool with_code, bool with_text)
{
    struct str given = STR("given");
    const struct practice_need needs[] = {
        {"senderkey", c->form.sender_key},
        {"tpl_code", with_code ? c->form.template_code : given},
        {"tpl_name", with_text ? c->form.name : given},
        {"tpl_content", with_text ? c->form.content : given},
    };
    return practice_needs(c, needs, COUNT_OF(needs)) && practice_own_profile(c);
}

/* The template that the form names; false when refused. */
static bool take_named(struct practice_call *c, struct gateway_template *t)
{
    if (practice_shelf_find(c, c->form.sender_key, c->form.template_code, t))
        return true;
    practice_refuse(c, -99, STR("템플릿코드가 존재하지 않습니다."));
    return false;
}

/* Registered or rejected, and not stopped. */
static bool is_open(const struct gateway_template *t)
{
    return str_eq(t->status, STR("R")) &&
           (str_eq(t->inspection, STR("REG")) || str_eq(t->inspection, STR("REJ")));
}

static void keep(struct practice_call *c, const struct gateway_template *t, struct str message)
{
    if (!practice_shelf_put(c, c->form.sender_key, t, 0)) {
        practice_refuse(c, -99, STR("템플릿이 너무 큽니다."));
        return;
    }
    if (c->form.image.len)
        journal_template_image_put(c->p->journal, c->form.sender_key, t->code, c->form.image);
    practice_begin(c, 0, message);
    json_key(&c->json, "data");
    practice_put_template(c, c->form.sender_key, t);
}

void practice_template_add(struct practice_call *c)
{
    struct gateway_template t = {.image_url = STR("")};
    const struct gateway_template *others;
    if (!head_is_whole(c, false, true) || !take_form(c, &t))
        return;
    if (practice_shelf(c, c->form.sender_key, &others) >= PRACTICE_SHELF_MAX) {
        practice_refuse(c, -99, STR("템플릿은 발신프로필마다 300개까지 가능합니다."));
        return;
    }
    t.code = str_printf(c->a, "TM_%lld",
                        (long long)(CODE_FIRST + journal_template_number(c->p->journal)));
    t.status = STR("R");
    t.inspection = STR("REG");
    t.created_at = kst_format(c->a, c->now);
    t.updated_at = STR("");
    keep(c, &t, STR("정상적으로 템플릿을 생성하였습니다."));
}

void practice_template_modify(struct practice_call *c)
{
    struct gateway_template t;
    if (!head_is_whole(c, true, true) || !take_named(c, &t))
        return;
    if (!is_open(&t)) {
        practice_refuse(c, 509, STR("수정 가능 상태가 아닙니다."));
        return;
    }
    if (!take_form(c, &t))
        return;
    t.inspection = STR("REG");
    t.updated_at = kst_format(c->a, c->now);
    keep(c, &t, STR("정상적으로 템플릿을 수정하였습니다."));
}

void practice_template_delete(struct practice_call *c)
{
    struct gateway_template t;
    if (!head_is_whole(c, true, false) || !take_named(c, &t))
        return;
    if (str_eq(t.inspection, STR("APR"))) {
        practice_refuse(c, 509, STR("승인된 템플릿은 삭제할 수 없습니다."));
        return;
    }
    practice_shelf_remove(c, c->form.sender_key, t.code);
    practice_begin(c, 0, STR("정상적으로 템플릿을 삭제 하였습니다."));
}

void practice_template_request(struct practice_call *c)
{
    struct gateway_template t;
    int64_t delay = c->p->options.inspection_delay_ms;
    if (!head_is_whole(c, true, false) || !take_named(c, &t))
        return;
    if (!is_open(&t)) {
        practice_refuse(c, 509, STR("검수요청 가능 상태가 아닙니다."));
        return;
    }
    t.inspection = STR("REQ");
    t.updated_at = kst_format(c->a, c->now);
    if (practice_shelf_put(c, c->form.sender_key, &t, delay ? c->now + delay : 0))
        practice_begin(c, 0, STR("검수요청을 하였습니다."));
    else
        practice_refuse(c, -99, STR("템플릿이 너무 큽니다."));
}
