/*
 * practice_templates.c - see practice_templates.h.
 */
#include "gateway/practice_templates.h"

#include "base/json.h"

/* Links that begin with "://" are tracked: the scheme comes from the options. */
struct button_row {
    const char *type, *name, *mobile, *pc, *ios, *android;
};

#define COMMENTS_MAX 2

struct template_row {
    const char *code, *name, *content;
    const char *title, *subtitle;       /* set: emphasis TEXT */
    const char *status, *inspection;    /* NULL: "A" and "APR" */
    const char *comments[COMMENTS_MAX]; /* of the inspector */
    bool image;                         /* emphasis IMAGE */
    bool dormant;
    struct button_row buttons[GATEWAY_BUTTONS_MAX];
};

#define TRACKED .mobile = "://#{링크}", .pc = "://#{링크}"

static const struct template_row rows[] = {
    {
        .code = "TP_1001",
        .name = "배송중 안내",
        .content = "#{이름}님, 기다리시던 상품이 출발했습니다.\r\n"
                   "\r\n"
                   "▶ 택배사: #{택배사}\r\n"
                   "▶ 송장번호: #{송장번호}\r\n"
                   "▶ 도착 예정: #{도착시간}\r\n"
                   "\r\n"
                   "안전하게 전해 드리겠습니다. 감사합니다.",
        .buttons = {{.type = "DS", .name = "배송 조회"}},
    },
    {
        .code = "TP_1002",
        .name = "주문 접수 안내",
        .content = "#{이름}님, 주문해 주셔서 감사합니다.\r\n"
                   "주문이 정상적으로 접수되었습니다.\r\n"
                   "\r\n"
                   "- 주문번호: #{주문번호}\r\n"
                   "- 주문하신 곳: #{매장명}\r\n"
                   "- 주문일: #{주문일}\r\n"
                   "- 결제금액: #{결제금액}원\r\n"
                   "\r\n"
                   "상품이 준비되는 대로 다시 알려 드리겠습니다.",
    },
    {
        .code = "TP_1003",
        .name = "이용 방법 안내",
        .content = "#{이름}님, 안녕하세요. #{매장명}입니다.\r\n"
                   "처음이셔도 어렵지 않도록 이용 방법을 정리해 두었습니다.\r\n"
                   "\r\n"
                   "아래 버튼을 눌러 천천히 살펴보시고, 궁금하신 점은 언제든지 문의해 주세요.",
        .buttons = {{.type = "WL", .name = "이용 방법 보기", TRACKED}},
    },
    {
        .code = "TP_1004",
        .name = "배송 완료 안내",
        .content = "#{이름}님, 기다려 주셔서 감사합니다.\r\n"
                   "주문하신 #{상품명} 상품이 #{배송완료시간}에 배송 완료되었습니다.\r\n"
                   "\r\n"
                   "받으신 상품에 불편한 점이 있으시면 아래 버튼을 눌러 바로 알려 주세요.",
        .buttons = {{.type = "WL", .name = "배송 내역 보기", TRACKED}},
    },
    {
        .code = "TP_1005",
        .name = "신규 회원 환영",
        .content = "#{이름}님, #{매장명}의 새 가족이 되신 것을 진심으로 환영합니다.\r\n"
                   "\r\n"
                   "- 회원 등급: #{회원등급}\r\n"
                   "- 가입일: #{가입일}\r\n"
                   "\r\n"
                   "앞으로 주문과 배송 소식을 이 채널로 알려 드리겠습니다.",
        .status = "R",
    },
    {
        .code = "TP_1006",
        .name = "결제 완료 안내",
        .content = "#{이름}님, 결제가 완료되었습니다.\r\n"
                   "\r\n"
                   "- 주문번호: #{주문번호}\r\n"
                   "- 결제일시: #{결제일시}\r\n"
                   "- 결제수단: #{결제수단}\r\n"
                   "\r\n"
                   "이용해 주셔서 감사합니다.",
        .title = "#{결제금액}원 결제 완료",
        .subtitle = "결제 내역 안내",
        .buttons = {{.type = "WL", .name = "결제 내역 보기", TRACKED}},
    },
    {
        .code = "TP_1007",
        .name = "예약 확정 안내",
        .content = "#{이름}님, 예약이 확정되었습니다.\r\n"
                   "\r\n"
                   "- 예약번호: #{예약번호}\r\n"
                   "- 예약일시: #{예약일시}\r\n"
                   "- 장소: #{지점명}\r\n"
                   "\r\n"
                   "일정 변경이 필요하시면 하루 전까지 알려 주세요.",
        .buttons =
            {
                {.type = "WL", .name = "예약 확인하기", TRACKED},
                {.type = "WL",
                 .name = "오시는 길",
                 .mobile = "https://www.example.com/map",
                 .pc = "https://www.example.com/map"},
                {.type = "AL",
                 .name = "앱에서 열기",
                 .ios = "example-shop://reservation/#{예약번호}",
                 .android = "example-shop://reservation/#{예약번호}"},
                {.type = "BK", .name = "자주 묻는 질문"},
                {.type = "MD", .name = "상담원에게 전달"},
            },
    },
    {
        .code = "TP_1008",
        .name = "정기 점검 안내",
        .content = "#{이름}님, #{점검일시}에 정기 점검이 예정되어 있습니다.\r\n"
                   "이용에 불편을 드려 죄송합니다.",
        .status = "R",
        .inspection = "REQ",
    },
    {
        .code = "TP_1009",
        .name = "휴무일 안내",
        .content = "#{이름}님, #{휴무일}은 쉬어 갑니다.\r\n"
                   "#{재개일}부터 다시 정성껏 모시겠습니다.",
        .status = "S",
    },
    {
        .code = "TP_1010",
        .name = "신상품 입고 안내",
        .content = "#{이름}님, 기다리시던 봄 신상품이 들어왔습니다.\r\n"
                   "이번 주말까지 모든 신상품을 20% 할인해 드리니 놓치지 마세요!\r\n"
                   "\r\n"
                   "아래 버튼을 눌러 먼저 만나 보세요.",
        .status = "R",
        .inspection = "REJ",
        .comments = {"알림톡으로는 고객이 요청했거나 거래에 꼭 필요한 정보만 보낼 수 있습니다. "
                     "할인 안내는 광고에 해당하여 승인할 수 없습니다.",
                     "입고 알림을 신청한 고객에게 보내는 내용이라면, 신청 사실(예: '입고 알림을 "
                     "신청하신 상품')을 본문에 적고 할인 문구를 뺀 뒤 다시 요청해 주세요."},
        .buttons = {{.type = "WL", .name = "신상품 보기", TRACKED}},
    },
    {
        .code = "TP_1011",
        .name = "상품 준비 완료 안내",
        .content = "#{이름}님, 주문하신 상품이 준비되었습니다.\r\n"
                   "\r\n"
                   "- 주문번호: #{주문번호}\r\n"
                   "- 찾으실 곳: #{지점명}\r\n"
                   "- 보관 기한: #{보관기한}\r\n"
                   "\r\n"
                   "오실 때 이 메시지를 보여 주시면 바로 내어 드리겠습니다.",
        .image = true,
        .buttons = {{.type = "WL", .name = "매장 위치 보기", TRACKED}},
    },
    {
        .code = "TP_1012",
        .name = "정기 예약 안내",
        .content = "#{이름}님, 정기 예약일이 다가왔습니다.\r\n"
                   "\r\n"
                   "- 예약일시: #{예약일시}\r\n"
                   "- 담당자: #{담당자}\r\n"
                   "\r\n"
                   "변경이 필요하시면 매장으로 연락해 주세요.",
        .dormant = true,
    },
};

static const struct {
    const char *type, *name;
} type_names[] = {
    {"AC", "채널 추가"}, {"AL", "앱링크"},     {"BK", "봇키워드"},
    {"DS", "배송조회"},  {"MD", "메시지전달"}, {"WL", "웹링크"},
};

struct str practice_button_name(struct str type)
{
    for (size_t i = 0; i < COUNT_OF(type_names); i++)
        if (str_eq(str_c(type_names[i].type), type))
            return str_c(type_names[i].name);
    return STR("");
}

static struct str link(struct arena *a, struct str scheme, const char *text)
{
    struct str link = str_c(text);
    if (!str_starts(link, STR("://")))
        return link;
    return str_printf(a, "%.*s%s", STR_ARG(scheme), text);
}

static struct gateway_button make_button(struct arena *a, struct str scheme,
                                         const struct button_row *row)
{
    return (struct gateway_button){
        .name = str_c(row->name),
        .type = str_c(row->type),
        .type_name = practice_button_name(str_c(row->type)),
        .mobile = link(a, scheme, row->mobile),
        .pc = link(a, scheme, row->pc),
        .ios = link(a, scheme, row->ios),
        .android = link(a, scheme, row->android),
    };
}

/* The day on which everything here was made, and inspected. */
#define MADE_AT      "2026-01-05 10:00:00"
#define INSPECTED_AT "2026-01-07 14:30:00"

static void take_comments(struct arena *a, const struct template_row *row,
                          struct gateway_template *t)
{
    struct gateway_comment *list = arena_array(a, COMMENTS_MAX, sizeof *list);
    for (size_t i = 0; i < COMMENTS_MAX && row->comments[i]; i++)
        list[t->comment_count++] = (struct gateway_comment){
            .text = str_c(row->comments[i]), .author = STR("검수 담당자"), .at = STR(INSPECTED_AT)};
    t->comments = list;
}

static struct str emphasis_of(const struct template_row *row)
{
    if (row->image)
        return STR("IMAGE");
    return row->title ? STR("TEXT") : STR("NONE");
}

const struct gateway_template *practice_templates(struct arena *a, struct str link_scheme,
                                                  size_t *count)
{
    *count = COUNT_OF(rows);
    struct gateway_template *list = arena_array(a, *count, sizeof *list);
    for (size_t i = 0; i < *count; i++) {
        const struct template_row *row = &rows[i];
        list[i] = (struct gateway_template){
            .code = str_c(row->code),
            .name = str_c(row->name),
            .content = str_c(row->content),
            .type = STR("BA"),
            .emphasis = emphasis_of(row),
            .title = str_c(row->title),
            .subtitle = str_c(row->subtitle),
            .extra = STR(""),
            .status = str_c(row->status ? row->status : "A"),
            .inspection = str_c(row->inspection ? row->inspection : "APR"),
            .image_url = STR(""),
            .created_at = STR(MADE_AT),
            .updated_at = STR(""),
            .dormant = row->dormant,
        };
        take_comments(a, row, &list[i]);
        for (size_t b = 0; b < GATEWAY_BUTTONS_MAX && row->buttons[b].type; b++)
            list[i].buttons[list[i].button_count++] = make_button(a, link_scheme, &row->buttons[b]);
    }
    return list;
}

const struct gateway_template *practice_template_find(const struct gateway_template *list,
                                                      size_t count, struct str code)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].code, code))
            return &list[i];
    return NULL;
}

bool practice_template_sendable(const struct gateway_template *t)
{
    return str_eq(t->inspection, STR("APR")) && !str_eq(t->status, STR("S")) && !t->dormant;
}

/* ---- comparing ---- */

/* Takes the fixed text up to the next variable off the front of *pattern; *more tells whether a
 * variable followed. */
static struct str next_piece(struct str *pattern, bool *more)
{
    ptrdiff_t open = str_find(*pattern, STR("#{"), 0);
    ptrdiff_t close = open < 0 ? -1 : str_find(*pattern, STR("}"), (size_t)open);
    *more = close >= 0;
    size_t end = *more ? (size_t)open : pattern->len;
    struct str piece = str_slice(*pattern, 0, end);
    *pattern = str_slice(*pattern, *more ? (size_t)close + 1 : end, pattern->len);
    return piece;
}

bool practice_matches(struct str pattern, struct str text)
{
    bool more;
    struct str piece = next_piece(&pattern, &more);
    if (!more)
        return str_eq(piece, text);
    if (!str_starts(text, piece))
        return false;
    size_t at = piece.len;
    for (;;) {
        piece = next_piece(&pattern, &more);
        if (!more)
            return text.len - at >= piece.len && str_ends(text, piece);
        ptrdiff_t found = str_find(text, piece, at);
        if (found < 0)
            return false;
        at = (size_t)found + piece.len;
    }
}

/* A link of a sent button against the template's. */
static bool link_matches(const json_t *sent, const char *key, struct str pattern)
{
    struct str text = json_get_str(sent, key);
    return practice_matches(pattern, text.ptr ? text : STR(""));
}

static bool starts_with_scheme(struct str link)
{
    return link.len == 0 || str_starts(link, STR("http://")) || str_starts(link, STR("https://"));
}

static bool member_is(const json_t *sent, const char *key, struct str want)
{
    struct str text = json_get_str(sent, key);
    return text.ptr && str_eq(text, want);
}

static bool button_matches(const struct gateway_button *want, const json_t *sent)
{
    struct str mobile = json_get_str(sent, "linkMo"), pc = json_get_str(sent, "linkPc");
    return member_is(sent, "name", want->name) && member_is(sent, "linkType", want->type) &&
           member_is(sent, "linkTypeName", want->type_name) &&
           link_matches(sent, "linkMo", want->mobile) && link_matches(sent, "linkPc", want->pc) &&
           link_matches(sent, "linkIos", want->ios) &&
           link_matches(sent, "linkAnd", want->android) && starts_with_scheme(mobile) &&
           starts_with_scheme(pc);
}

static bool buttons_match(const struct gateway_template *t, struct str text)
{
    if (text.len == 0)
        return t->button_count == 0;
    json_t *tree = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *sent = json_object_get(tree, "button");
    bool equal = json_is_array(sent) && json_array_size(sent) == t->button_count;
    for (size_t i = 0; equal && i < t->button_count; i++)
        equal = button_matches(&t->buttons[i], json_array_get(sent, i));
    json_decref(tree);
    return equal;
}

bool practice_message_matches(const struct gateway_template *t, struct str body, struct str title,
                              struct str buttons)
{
    return practice_matches(t->content, body) && practice_matches(t->title, title) &&
           buttons_match(t, buttons);
}
