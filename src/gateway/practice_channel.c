/*
 * practice_channel.c - channels at the practice gateway: /akv10/profile/list, auth, add and
 * /akv10/category/.
 *
 * Every account has one channel from the start; those it adds are kept in the journal's file. The
 * number of profile/auth cannot be sent to KakaoTalk, so it is always the same and the answers say
 * it.
 */
#include "gateway/practice_call.h"

#include "base/log.h"

#define CHANNELS_MAX     50 /* of an account, added or asked for */
#define CHANNEL_NAME_MAX 50 /* characters */

/* ---- lines of business ---- */

/* The level of a line is told by the length of its code; the code of the line above begins it. */
static const struct {
    size_t length;
    const char *key;
} levels[] = {
    {3, "firstBusinessType"},
    {7, "secondBusinessType"},
    {11, "thirdBusinessType"},
};

static const struct {
    struct str code, name;
} categories[] = {
    {STR_INIT("001"), STR_INIT("건강")},
    {STR_INIT("0010001"), STR_INIT("병원")},
    {STR_INIT("00100010001"), STR_INIT("종합병원")},
    {STR_INIT("00100010002"), STR_INIT("치과")},
    {STR_INIT("00100010003"), STR_INIT("피부과")},
    {STR_INIT("0010002"), STR_INIT("약국")},
    {STR_INIT("00100020001"), STR_INIT("약국")},
    {STR_INIT("002"), STR_INIT("교육")},
    {STR_INIT("0020001"), STR_INIT("학원")},
    {STR_INIT("00200010001"), STR_INIT("외국어학원")},
    {STR_INIT("00200010002"), STR_INIT("예체능학원")},
    {STR_INIT("003"), STR_INIT("쇼핑")},
    {STR_INIT("0030001"), STR_INIT("온라인쇼핑")},
    {STR_INIT("00300010001"), STR_INIT("종합쇼핑몰")},
    {STR_INIT("00300010002"), STR_INIT("식품")},
    {STR_INIT("00300010003"), STR_INIT("의류/잡화")},
    {STR_INIT("0030002"), STR_INIT("매장")},
    {STR_INIT("00300020001"), STR_INIT("꽃집")},
    {STR_INIT("00300020002"), STR_INIT("서점")},
    {STR_INIT("004"), STR_INIT("음식점")},
    {STR_INIT("0040001"), STR_INIT("식당")},
    {STR_INIT("00400010001"), STR_INIT("한식")},
    {STR_INIT("00400010002"), STR_INIT("분식")},
    {STR_INIT("0040002"), STR_INIT("카페/제과")},
    {STR_INIT("00400020001"), STR_INIT("카페")},
    {STR_INIT("00400020002"), STR_INIT("제과점")},
    {STR_INIT("005"), STR_INIT("생활서비스")},
    {STR_INIT("0050001"), STR_INIT("미용")},
    {STR_INIT("00500010001"), STR_INIT("미용실")},
    {STR_INIT("00500010002"), STR_INIT("네일샵")},
    {STR_INIT("0050002"), STR_INIT("숙박")},
    {STR_INIT("00500020001"), STR_INIT("펜션")},
};

static void put_level(struct practice_call *c, size_t level)
{
    json_key(&c->json, levels[level].key);
    json_begin_array(&c->json);
    for (size_t i = 0; i < COUNT_OF(categories); i++) {
        struct str code = categories[i].code;
        if (code.len != levels[level].length)
            continue;
        json_begin_object(&c->json);
        json_put_str(&c->json, "parentCode",
                     level ? str_slice(code, 0, levels[level - 1].length) : STR(""));
        json_put_str(&c->json, "code", code);
        json_put_str(&c->json, "name", categories[i].name);
        json_end_object(&c->json);
    }
    json_end_array(&c->json);
}

void practice_category_list(struct practice_call *c)
{
    practice_begin(c, 0, STR("정상적으로 호출하였습니다."));
    json_key(&c->json, "data");
    json_begin_object(&c->json);
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        put_level(c, i);
    json_end_object(&c->json);
}

/* Only those of the lowest level can be chosen. */
static bool can_be_chosen(struct str code)
{
    for (size_t i = 0; i < COUNT_OF(categories); i++)
        if (str_eq(categories[i].code, code))
            return code.len == levels[COUNT_OF(levels) - 1].length;
    return false;
}

/* ---- the list ---- */

static void put_profile(struct practice_call *c, const struct journal_channel *channel,
                        struct str name)
{
    json_begin_object(&c->json);
    json_put_str(&c->json, "senderKey", channel->sender_key);
    json_put_str(&c->json, "uuid", channel->channel);
    json_put_str(&c->json, "name", name);
    json_put_str(&c->json, "status", STR("A"));
    json_put_str(&c->json, "profileStat", STR("A"));
    json_put_str(&c->json, "cdate", kst_format(c->a, channel->added_at));
    json_put_str(&c->json, "udate", kst_format(c->a, channel->added_at));
    json_put_str(&c->json, "catCode", channel->category);
    json_put_bool(&c->json, "alimUseYn", false);
    json_put_str(&c->json, "license", STR(""));
    json_put_str(&c->json, "licenseNum", STR(""));
    json_end_object(&c->json);
}

/* "@shop" to "shop" */
static struct str bare_name(struct str channel)
{
    return str_slice(channel, 1, channel.len);
}

static bool is_asked_for(const struct practice_call *c, struct str channel, struct str sender_key)
{
    return (c->form.channel.len == 0 || str_eq(c->form.channel, channel)) &&
           (c->form.sender_key.len == 0 || str_eq(c->form.sender_key, sender_key));
}

void practice_profile_list(struct practice_call *c)
{
    const struct journal_channel first = {
        .channel = str_printf(c->a, "@%.*s", STR_ARG(c->form.user_id)),
        .sender_key = practice_sender_key(c->a, c->form.user_id),
        .category = STR("00300010001"),
        .added_at = INT64_C(1767315600000), /* 2026-01-02 10:00 */
    };
    struct journal_channel *list;
    size_t count = journal_channels(c->p->journal, c->account.id, CHANNELS_MAX, c->a, &list);
    practice_begin(c, 0, STR("정상적으로 호출하였습니다."));
    json_key(&c->json, "list");
    json_begin_array(&c->json);
    if (is_asked_for(c, first.channel, first.sender_key))
        put_profile(c, &first, STR("연습 채널"));
    for (size_t i = 0; i < count; i++)
        if (list[i].added_at && is_asked_for(c, list[i].channel, list[i].sender_key))
            put_profile(c, &list[i], bare_name(list[i].channel));
    json_end_array(&c->json);
}

bool practice_channel_owns(struct practice_call *c, struct str sender_key)
{
    struct journal_channel *list;
    size_t count = journal_channels(c->p->journal, c->account.id, CHANNELS_MAX, c->a, &list);
    for (size_t i = 0; i < count; i++)
        if (list[i].added_at && str_eq(list[i].sender_key, sender_key))
            return true;
    return false;
}

/* ---- auth and add ---- */

static bool is_mobile(struct str phone)
{
    int64_t ignored;
    return phone.len >= 10 && phone.len <= 11 && str_starts(phone, STR("01")) &&
           str_i64(phone, 0, INT64_MAX, &ignored);
}

/* What both calls look at first. */
static bool channel_is_sound(struct practice_call *c)
{
    struct str name = c->form.channel;
    const struct practice_need needs[] = {
        {"plusid", name},
        {"phonenumber", c->form.phone},
    };
    if (!practice_needs(c, needs, COUNT_OF(needs)))
        return false;
    if (!str_starts(name, STR("@")) || name.len < 2 || utf8_count(name) > CHANNEL_NAME_MAX)
        practice_refuse(c, 509, STR("존재하지 않는 카카오톡 채널입니다."));
    else if (!is_mobile(c->form.phone))
        practice_refuse(c, 509, STR("관리자 알림 설정에 등록된 휴대폰 번호가 아닙니다."));
    else
        return true;
    return false;
}

static const struct journal_channel *find(const struct journal_channel *list, size_t count,
                                          struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].channel, name))
            return &list[i];
    return NULL;
}

/* The channel of the form as it is kept, or NULL; false when the call was refused. */
static bool take_channel(struct practice_call *c, const struct journal_channel **channel)
{
    struct journal_channel *list;
    size_t count = journal_channels(c->p->journal, c->account.id, CHANNELS_MAX, c->a, &list);
    struct str own = str_printf(c->a, "@%.*s", STR_ARG(c->form.user_id));
    *channel = find(list, count, c->form.channel);
    if (str_eq(own, c->form.channel) || (*channel && (*channel)->added_at))
        practice_refuse(c, 509, STR("이미 등록된 카카오톡 채널입니다."));
    else if (!*channel && count == CHANNELS_MAX)
        practice_refuse(c, 509, STR("카카오톡 채널은 50개까지 등록할 수 있습니다."));
    else
        return true;
    return false;
}

void practice_channel_auth(struct practice_call *c)
{
    const struct journal_channel *known;
    if (!channel_is_sound(c) || !take_channel(c, &known))
        return;
    struct str seed =
        str_printf(c->a, "%.*s %.*s", STR_ARG(c->form.user_id), STR_ARG(c->form.channel));
    journal_channel_put(c->p->journal, &(struct journal_channel){
                                           .account_id = c->account.id,
                                           .channel = c->form.channel,
                                           .phone = c->form.phone,
                                           .sender_key = practice_sender_key(c->a, seed),
                                           .category = STR(""),
                                           .asked_at = c->now,
                                       });
    log_info("practice gateway: the number that adds a channel is " PRACTICE_AUTH_NUMBER);
    practice_begin(c, 0,
                   STR("정상적으로 호출하였습니다. (연습용 인증번호: " PRACTICE_AUTH_NUMBER ")"));
}

void practice_channel_add(struct practice_call *c)
{
    const struct journal_channel *known;
    const struct practice_need needs[] = {
        {"authnum", c->form.auth_number},
        {"categorycode", c->form.category},
    };
    if (!channel_is_sound(c) || !practice_needs(c, needs, COUNT_OF(needs)) ||
        !take_channel(c, &known))
        return;
    if (!known || !str_eq(known->phone, c->form.phone)) {
        practice_refuse(c, 509, STR("인증번호를 먼저 요청해 주세요."));
    } else if (!str_eq(c->form.auth_number, STR(PRACTICE_AUTH_NUMBER))) {
        practice_refuse(
            c, 509,
            STR("인증번호가 일치하지 않습니다. (연습용 인증번호: " PRACTICE_AUTH_NUMBER ")"));
    } else if (!can_be_chosen(c->form.category)) {
        practice_refuse(c, 509, STR("카테고리 코드가 올바르지 않습니다."));
    } else {
        struct journal_channel added = *known;
        added.category = c->form.category;
        added.added_at = c->now;
        journal_channel_put(c->p->journal, &added);
        practice_begin(c, 0, STR("정상적으로 등록하였습니다."));
        bool alone = c->turn % 2; /* the page shows an array of one */
        json_key(&c->json, "data");
        if (!alone)
            json_begin_array(&c->json);
        put_profile(c, &added, bare_name(added.channel));
        if (!alone)
            json_end_array(&c->json);
    }
}
