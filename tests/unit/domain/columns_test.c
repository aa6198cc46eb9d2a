/*
 * columns_test.c - sheets as people keep them, and what must be seen in them.
 *
 * A sheet is a text: a line a row (an empty one is a row without cells), `|` between cells, `^` a
 * line break inside a cell. What is expected: one word a column: n(ame), p(hone), e(mail), - (left
 * out), or the attribute's name.
 */
#include "domain/columns.h"
#include "tests.h"

#include <stdio.h>

#define ROWS_MAX 200

struct sheet_text {
    struct peek_row rows[ROWS_MAX];
    size_t count;
};

static struct arena arena;

static struct str cell_of(struct str piece)
{
    char *out = str_z(&arena, piece);
    for (size_t i = 0; i < piece.len; i++)
        out[i] = out[i] == '^' ? '\n' : out[i];
    return str_n(out, piece.len);
}

static void sheet_make(const char *text, struct sheet_text *out)
{
    struct str rest = str_c(text), line, piece;
    *out = (struct sheet_text){.count = 0};
    for (int64_t number = 1; str_split(&rest, '\n', &line); number++) {
        if (line.len == 0)
            continue;
        struct str *cells = arena_array(&arena, COLUMNS_MAX, sizeof *cells);
        size_t n = 0;
        while (str_split(&line, '|', &piece))
            cells[n++] = cell_of(piece);
        out->rows[out->count++] = (struct peek_row){number, cells, n};
    }
}

static struct columns guess(const char *text, const struct str *variables, size_t variable_count,
                            int64_t header_row)
{
    struct sheet_text sheet;
    struct columns c;
    sheet_make(text, &sheet);
    struct columns_hints hints = {header_row, variables, variable_count};
    columns_guess(&arena, sheet.rows, sheet.count, &hints, &c);
    return c;
}

static struct str seen(const struct columns *c)
{
    static const char *const words[COLUMN_ROLES] = {
        [COLUMN_IGNORE] = "-", [COLUMN_NAME] = "n", [COLUMN_PHONE] = "p", [COLUMN_EMAIL] = "e"};
    struct str out = STR("");
    for (size_t i = 0; i < c->count; i++) {
        const struct column *col = &c->list[i];
        struct str word = col->role == COLUMN_ATTRIBUTE ? col->attribute : str_c(words[col->role]);
        out = str_printf(&arena, "%.*s%s%.*s", STR_ARG(out), i ? "," : "", STR_ARG(word));
    }
    return out;
}

/* ---- sheets ---- */

#define DATA "\n홍길동|010-0000-0001\n김철수|010-0000-0002\n"

static const struct {
    const char *what, *text;
    int64_t header, titles;
    const char *columns;
} sheets[] = {
    {"plain", "이름|휴대폰" DATA, 1, 0, "n,p"},
    {"title, note and blank rows",
     "2026년 11월 배송 안내 대상자\n\n작성자: "
     "운영팀|||작성일|2026-11-23\n\n번호|고객명|휴대전화|주문번호|결제금액\n"
     "1|백연정|010-0998-7226|20261218-5612927|67400\n2|안원민|010-0607-3159|20260923-9248881|"
     "12100\n",
     5, 2, "-,n,p,주문번호,결제금액"},
    {"a title that is one of our words", "연락처\n이름|휴대폰|비고" DATA, 2, 1, "n,p,비고"},
    {"guide and an example above",
     "업로드 안내\n1. 이름과 휴대폰 번호는 꼭 입력해 주세요.\n2. 예) "
     "010-1234-5678\n이름|휴대폰" DATA,
     4, 3, "n,p"},
    {"a phone of the shop in the note above",
     "담당자|김과장|연락처|02-123-4567\n\n성명|전화|주소\n홍길동|010-0000-0001|서울\n", 3, 1,
     "n,p,주소,-"},
    {"a note right above the header names no group",
     "담당자|김과장|연락처|02-123-4567\n휴대폰|주소|성명|등급|TEL\n010-0000-0001|서울|홍길동|VIP|"
     "031-123-4567\n",
     2, 1, "p,주소,n,등급,TEL"},
    {"group line",
     "주문자 정보||수취인 "
     "정보||\n이름|연락처|이름|연락처|주소\n갑|010-0000-0001|홍길동|010-0000-0002|서울\n",
     2, 0, "주문자 정보 이름,주문자 정보 연락처,n,p,주소"},
    {"group line below a title",
     "배송 명단\n보내는 분||받는 "
     "분|\n성함|휴대폰|성함|휴대폰\n갑돌이|010-0000-0001|홍길동|010-0000-0002\n",
     3, 1, "보내는 분 성함,보내는 분 휴대폰,n,p"},
    {"merged cells beside divided ones",
     "번호|이름|연락처||주소\n||휴대폰|집전화|\n1|홍길동|010-0000-0001|02-123-4567|서울\n", 2, 0,
     "-,n,p,집전화,주소"},
    {"a second line in words of its own",
     "성명|휴대폰|자녀||비고\n||첫째|둘째|\n홍길동|010-0000-0001|가|나|\n", 2, 0,
     "n,p,첫째,둘째,비고"},
    {"a first row without a number is no second line",
     "이름|휴대폰|메모||\n홍길동|||나중에|다시\n김철수|010-0000-0001|||\n", 1, 0, "n,p,메모,-,-"},
    {"line breaks, units, asterisks, brackets",
     " 휴대폰^번호 (필수)* |[이름]|결제 "
     "금액(원)|*배송^예정일\n010-0000-0001|홍길동|1,000|2026-11-23\n",
     1, 0, "p,n,결제 금액(원),*배송 예정일"},
    {"numbered", "1. 이름|2. 휴대폰번호|③ 이메일\n홍길동|010-0000-0001|a@example.com\n", 1, 0,
     "n,p,e"},
    {"pictures",
     "👤 이름|📱휴대폰|✉️ 이메일|📦 "
     "상품명\n홍길동|010-0000-0001|a@example.com|사과\n",
     1, 0, "n,p,e,📦 상품명"},
    {"full width", "이름|ＨＰ|Ｅ－ｍａｉｌ\n홍길동|010-0000-0001|a@example.com\n", 1, 0, "n,p,e"},
    {"english",
     "No.|Full Name|Phone Number|E-mail Address|Order ID\n1|Kim|010-0000-0001|a@example.com|A-1\n",
     1, 0, "-,n,p,e,Order ID"},
    {"mixed", "고객명(Name)|Mobile No.|등급\nKim|010-0000-0001|VIP\n", 1, 0, "n,p,등급"},
    {"a web shop's shipping and billing",
     "Name|Email|Billing Name|Billing Phone|Shipping Name|Shipping Phone|Total\n"
     "#1001|a@example.com|갑|010-0000-0001|홍길동|010-0000-0002|1000\n",
     1, 0, "Name,e,Billing Name,Billing Phone,n,p,Total"},
    {"no header", "홍길동|010-0000-0001\n김철수|010-0000-0002\n", 0, 0, "n,p"},
    {"no header, the first without a number",
     "홍길동|없음\n김철수|010-0000-0002\n이영희|010-0000-0003\n", 0, 0, "n,p"},
    {"no header, a land line first",
     "홍길동|02-123-4567\n김철수|010-0000-0002\n이영희|010-0000-0003\n", 0, 0, "n,p"},
    {"no header, much else",
     "1|A-1|사과|홍길동|010-0000-0001|a@example.com|서울시 "
     "중구\n2|A-2|배|Kim|1000000002|b@example.com|부산\n"
     "3|A-3|감|이영희|010-0000-0003|c@example.com|대구\n",
     0, 0, "-,-,-,n,p,e,-"},
    {"numbers and nothing else", "010-0000-0001\n01000000002\n010 0000 0003\n", 0, 0, "p"},
    {"a header in words that nobody knows",
     "누구|어디로\n홍길동|010-0000-0001\n김철수|010-0000-0002\n", 1, 0, "n,p"},
    {"a shop that sounds like a header",
     "거래처|휴대폰\n전화번호부|010-0000-0001\n이름표 가게|010-0000-0002\n", 1, 0, "거래처,p"},
    {"the header on every page",
     "이름|휴대폰\n홍길동|010-0000-0001\n이름|휴대폰\n김철수|010-0000-0002\n이름|휴대폰\n이영희|"
     "010-0000-0003\n",
     1, 0, "n,p"},
    {"the header is no header of one column only", "휴대폰\n010-0000-0001\n010-0000-0002\n", 1, 0,
     "p"},
    {"receiver's before buyer's",
     "상품주문번호|구매자명|구매자연락처|수취인명|수취인연락처1|수취인연락처2|배송지\n"
     "1|갑|010-0000-0001|홍길동|010-0000-0002|02-123-4567|서울\n",
     1, 0, "상품주문번호,구매자명,구매자연락처,n,p,수취인연락처2,배송지"},
    {"receiver's, though they are safe numbers",
     "수취인이름|수취인전화번호|구매자전화번호\n갑|0502-1234-5678|010-0000-0001\n을|0504-1234-5678|"
     "010-0000-0002\n",
     1, 0, "n,p,구매자전화번호"},
    {"receiver's, though they are all land lines",
     "수취인명|수취인연락처|구매자연락처\n갑|02-123-4567|010-0000-0001\n을|031-123-4567|010-0000-"
     "0002\n",
     1, 0, "n,p,구매자연락처"},
    {"buyer's when there is no other, with the buyer's name",
     "수취인명|주문자명|주문자연락처\n갑|홍길동|010-0000-0001\n", 1, 0, "수취인명,n,p"},
    {"mobile before telephone", "성명|전화번호|휴대폰\n홍길동|02-123-4567|010-0000-0001\n", 1, 0,
     "n,전화번호,p"},
    {"mobile before telephone, which comes second",
     "휴대전화|성명|TEL\n010-0000-0001|홍길동|02-123-4567\n", 1, 0, "p,n,TEL"},
    {"a header that lies: words",
     "성명|연락처|기타\n홍길동|카톡|010-0000-0001\n김철수|문자|010-0000-0002\n", 1, 0,
     "n,연락처,p"},
    {"a header that lies: land lines",
     "성명|연락처|비상연락처\n홍길동|02-123-4567|010-0000-0001\n김철수|031-123-4567|010-0000-"
     "0002\n",
     1, 0, "n,연락처,p"},
    {"nine tenths of mobile numbers under an unknown word",
     "이름|받을 "
     "곳\n가|010-0000-0001\n나|010-0000-0002\n다|010-0000-0003\n라|010-0000-0004\n마|010-0000-"
     "0005\n"
     "바|010-0000-0006\n사|010-0000-0007\n아|010-0000-0008\n자|010-0000-0009\n차|나중에\n",
     1, 0, "n,p"},
    {"numbers as texts with an apostrophe", "이름|번호\n홍길동|'01000000001\n김철수|'01000000002\n",
     1, 0, "n,p"},
    {"numbers that lost their zero", "이름|번호\n홍길동|1000000001\n김철수|1000000002\n", 1, 0,
     "n,p"},
    {"an account that is a number",
     "이름|아이디|등급\n홍길동|010-0000-0001|VIP\n김철수|01000000002|일반\n", 1, 0, "n,p,등급"},
    {"an order number is no phone, though it begins with 10",
     "이름|주문번호\n홍길동|1000000001\n김철수|1000000002\n", 1, 0, "n,주문번호"},
    {"fruit is nobody's name", "연락처|과일\n010-0000-0001|사과\n010-0000-0002|배추\n", 1, 0,
     "p,과일"},
    {"a coupon is no phone, a shop's name no person",
     "매장이름|쿠폰|쿠폰번호|휴대폰 뒷자리|담당자|고객 "
     "휴대폰\n강남점|A|1|1234|김과장|010-0000-0001\n",
     1, 0, "매장이름,쿠폰,쿠폰번호,휴대폰 뒷자리,담당자,p"},
    {"what should not be copied about",
     "이름|주민등록번호|휴대폰|계좌번호\n홍길동|900101-1234567|010-0000-0001|1\n", 1, 0, "n,-,p,-"},
    {"pupils and parents",
     "학년|학생 이름|학부모 연락처|학생 연락처\n1|홍길동|010-0000-0001|010-0000-0002\n", 1, 0,
     "학년,n,p,학생 연락처"},
    {"a word in front that nobody knows",
     "반려견|반려인 성명|반려인 휴대폰번호\n초코|홍길동|010-0000-0001\n", 1, 0, "반려견,n,p"},
    {"the same header twice", "이름|휴대폰|비고|비고|비고\n홍길동|010-0000-0001|가|나|다\n", 1, 0,
     "n,p,비고,비고(2),비고(3)"},
    {"a header without rows", "이름|휴대폰\n", 1, 0, "n,p"},
    {"no numbers at all", "이름|이메일|주문번호\n홍길동|a@example.com|1\n", 1, 0, "n,e,주문번호"},
    {"not a list", "메모\n확인 필요\n", 0, 0, "-"},
    {"nothing", "", 0, 0, ""},
};

static void every_sheet_is_understood(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(sheets); i++) {
        struct columns c = guess(sheets[i].text, NULL, 0, -1);
        struct str got = seen(&c);
        if (c.header_row == sheets[i].header && c.title_rows == sheets[i].titles &&
            str_eq(got, str_c(sheets[i].columns)))
            continue;
        wrong++;
        printf("# %s: header %d (%d above), %.*s\n", sheets[i].what, (int)c.header_row,
               (int)c.title_rows, STR_ARG(got));
    }
    assert_int_equal(wrong, 0);
}

static void a_header_far_down_is_found(void **state)
{
    (void)state;
    struct str text = STR("");
    for (int i = 1; i <= 40; i++)
        text = str_printf(&arena, "%.*s%d. 유의 사항을 잘 읽어 주세요\n", STR_ARG(text), i);
    text = str_printf(&arena, "%.*s이름|휴대폰" DATA, STR_ARG(text));
    struct columns c = guess(text.ptr, NULL, 0, -1);
    assert_int_equal(c.header_row, 41);
    assert_int_equal(c.title_rows, 40);
    assert_int_equal(c.data_rows, 2);
    assert_int_equal(c.phone_rows, 2);
}

static void a_known_header_row_is_obeyed(void **state)
{
    (void)state;
    static const char text[] = "이름|휴대폰\n성명|연락처" DATA;
    struct columns c = guess(text, NULL, 0, 2);
    assert_int_equal(c.header_row, 2);
    assert_true(str_eq(c.list[0].header, STR("성명")));
    c = guess(text, NULL, 0, 0);
    assert_int_equal(c.header_row, 0);
    assert_int_equal(c.list[0].header.len, 0);
    c = guess(text, NULL, 0, 900);
    assert_int_equal(c.header_row, 900);
    assert_int_equal(c.data_rows, 0);
}

static void every_column_says_why(void **state)
{
    (void)state;
    const struct str variables[] = {STR("금액")};
    struct columns c =
        guess("성명|받을 곳|결제금액|비고|\n홍길동|010-0000-0001|1|2|3\n", variables, 1, -1);
    assert_int_equal(c.list[0].basis, BASIS_HEADER);
    assert_int_equal(c.list[1].basis, BASIS_CONTENT);
    assert_int_equal(c.list[2].basis, BASIS_TEMPLATE);
    assert_int_equal(c.list[3].basis, BASIS_HEADER);
    assert_int_equal(c.list[4].basis, BASIS_NONE);
    assert_true(str_eq(column_basis_word(BASIS_TEMPLATE), STR("template")));
}

/* ---- variables ---- */

static const struct {
    const char *headers, *variables, *columns; /* `|` between */
} wishes[] = {
    {"이름|휴대폰|주문번호", "주문번호", "n,p,주문번호"},
    {"이름|휴대폰|Order No.", "주문번호", "n,p,주문번호"},
    {"이름|휴대폰|상품주문번호|주문번호", "주문번호", "n,p,상품주문번호,주문번호"},
    {"이름|휴대폰|상품주문번호|주문번호", "order number", "n,p,상품주문번호,order number"},
    {"이름|휴대폰|운송장번호|배송업체", "송장번호|택배사", "n,p,송장번호,택배사"},
    {"이름|휴대폰|tracking no|courier", "송장번호|택배사", "n,p,송장번호,택배사"},
    {"이름|휴대폰|가격|결제 금액(원)|수량", "금액", "n,p,가격,금액,수량"},
    {"이름|휴대폰|결제금액|주문금액", "주문금액|금액", "n,p,금액,주문금액"},
    {"이름|휴대폰|결제금액", "주문금액|결제 금액", "n,p,결제 금액"},
    {"이름|휴대폰|배송비|할인금액", "금액", "n,p,배송비,할인금액"},
    {"이름|휴대폰|발송일|주문일", "도착예정일|예약일|날짜", "n,p,발송일,주문일"},
    {"이름|휴대폰|배송예정일", "도착예정일", "n,p,도착예정일"},
    {"이름|휴대폰|예약일자|예약시각", "예약일|예약시간", "n,p,예약일,예약시간"},
    {"이름|휴대폰|제품명|QTY", "상품명|수량", "n,p,상품명,수량"},
    {"수취인명|수취인연락처|수취인 주소", "주소", "n,p,주소"},
    {"이름|휴대폰|구매자 주소", "주소", "n,p,구매자 주소"},
    {"이름|휴대폰|URL", "링크", "n,p,링크"},
    {"이름|휴대폰|회원 등급|지점", "등급|매장", "n,p,등급,매장"},
    {"이름|휴대폰|비고", "이름|휴대폰|연락처", "n,p,비고"},
    {"이름|휴대폰|주문자명", "주문자명", "n,p,주문자명"},
    {"이름|휴대폰|나만의 말", "나만의말", "n,p,나만의말"},
    {"이름|휴대폰|금액(원)|금액(달러)", "금액(달러)", "n,p,금액(원),금액(달러)"},
    {"번호|이름|휴대폰", "번호", "번호,n,p"},
    {"이름|휴대폰|상품|상품", "상품명", "n,p,상품명,상품"},
    {"이름|휴대폰|비고", "||", "n,p,비고"},
};

static void variables_find_their_columns(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(wishes); i++) {
        struct str variables[8], rest = str_c(wishes[i].variables);
        size_t n = 0;
        while (n < COUNT_OF(variables) && str_split(&rest, '|', &variables[n]))
            n++;
        struct str text = str_printf(&arena, "%s\n", wishes[i].headers);
        struct columns c = guess(text.ptr, variables, n, -1);
        struct str got = seen(&c);
        if (str_eq(got, str_c(wishes[i].columns)))
            continue;
        wrong++;
        printf("# %s for %s: %.*s\n", wishes[i].headers, wishes[i].variables, STR_ARG(got));
    }
    assert_int_equal(wrong, 0);
}

/* ---- memory ---- */

static bool same_signature(const char *a, const char *b)
{
    struct columns ca = guess(a, NULL, 0, 1), cb = guess(b, NULL, 0, 1);
    return str_eq(columns_signature(&arena, &ca), columns_signature(&arena, &cb));
}

static void a_signature_knows_the_headers(void **state)
{
    (void)state;
    assert_true(same_signature("이름|휴대폰\n가|1\n", " 이름 * |휴대폰(필수)\n나|2\n"));
    assert_true(same_signature("Name|Phone\n", "name|PHONE\n"));
    assert_true(same_signature("이름|휴대폰\n", "이름|휴대폰||\n가|1||2\n"));
    assert_false(same_signature("이름|휴대폰\n", "휴대폰|이름\n"));
    assert_false(same_signature("이름|휴대폰\n", "이름||휴대폰\n"));
    assert_false(same_signature("이름|휴대폰\n", "이름|휴대폰|비고\n"));
    assert_false(same_signature("ab|c\n", "a|bc\n"));
    struct columns c = guess("홍길동|010-0000-0001\n", NULL, 0, -1);
    assert_int_equal(columns_signature(&arena, &c).len, 0);
}

static void a_mapping_is_remembered(void **state)
{
    (void)state;
    struct columns c = guess("성명|연락처|비상|메모" DATA, NULL, 0, -1), confirmed;
    columns_read(&arena,
                 STR("[{\"index\":0,\"header\":\"성명\",\"samples\":[],\"role\":\"ignore\","
                     "\"attribute\":null,"
                     "\"basis\":\"user\",\"hidden\":false},"
                     "{\"index\":1,\"header\":\"연락처\",\"samples\":[],\"role\":\"attribute\","
                     "\"attribute\":\"집\",\"basis\":\"user\",\"hidden\":true},"
                     "{\"index\":2,\"header\":\"비상\",\"samples\":[\"1\"],\"role\":\"phone\","
                     "\"attribute\":null,\"basis\":\"user\",\"hidden\":false}]"),
                 &confirmed);
    columns_remember(&c, &confirmed);
    assert_true(str_eq(seen(&c), STR("-,집,p,메모")));
    assert_int_equal(c.list[2].basis, BASIS_MEMORY);
    assert_int_equal(c.list[3].basis, BASIS_HEADER);
    assert_false(c.list[1].hidden); /* a matter of the file */
    assert_int_equal(c.list[0].sample_count, 2);
}

static void columns_survive_their_json(void **state)
{
    (void)state;
    const struct str variables[] = {STR("금액")};
    struct columns c = guess("성명|휴대폰|결제금액|\"인용\"^줄|\n홍길동|010-0000-0001|1|2|3\n",
                             variables, 1, -1),
                   back;
    c.list[3].hidden = true;
    struct str text = columns_text(&arena, &c);
    columns_read(&arena, text, &back);
    assert_int_equal(back.count, c.count);
    assert_true(str_eq(columns_text(&arena, &back), text));
    assert_true(back.list[3].hidden && back.list[2].basis == BASIS_TEMPLATE);
    columns_read(&arena, STR("[{\"header\":\"x\",\"role\":\"name\",\"guessed\":true}]"), &back);
    assert_int_equal(back.list[0].basis, BASIS_NONE); /* as earlier versions stored them */
}

/* ---- choosing a sheet ---- */

static int score(const char *text)
{
    struct columns c = guess(text, NULL, 0, -1);
    return columns_list_score(&c);
}

static void a_list_scores_above_what_is_none(void **state)
{
    (void)state;
    int list =
        score("이름|휴대폰\n홍길동|010-0000-0001\n김철수|010-0000-0002\n이영희|010-0000-0003\n");
    assert_true(list > score("이름|휴대폰\n(예) 홍길동|010-0000-0001\n"));
    assert_true(list > score("이름|휴대폰\n"));
    assert_true(score("이름|휴대폰\n") >
                score("업로드 안내\n1. 이름과 휴대폰 번호는 꼭 입력해 주세요.\n"));
    assert_true(score("홍길동|010-0000-0001\n") > score("이름|휴대폰\n"));
    assert_int_equal(score("택배사|코드\nCJ대한통운|4\n"), 0);
    assert_int_equal(score("메모\n확인 필요\n"), 0);
    assert_int_equal(score(""), 0);
}

/* ---- rows that are nobody's ---- */

static bool row_of(bool (*judge)(const struct columns *, const struct str *, size_t),
                   const char *text)
{
    struct columns c = guess("성명|휴대폰|주소|비고" DATA, NULL, 0, -1);
    struct sheet_text row;
    sheet_make(text, &row);
    return judge(&c, row.rows[0].cells, row.rows[0].cell_count);
}

static void repeated_headers_are_known(void **state)
{
    (void)state;
    assert_true(row_of(columns_header_repeats, "성명|휴대폰|주소|비고"));
    assert_true(row_of(columns_header_repeats, " 성 명 |휴대폰 *|주소|비고"));
    assert_true(row_of(columns_header_repeats, "성명|휴대폰||"));
    assert_false(row_of(columns_header_repeats, "성명|||"));
    assert_false(row_of(columns_header_repeats, "홍길동|휴대폰|주소|비고"));
    assert_false(row_of(columns_header_repeats, "성명|휴대폰|주소|비고|더"));
    assert_false(row_of(columns_header_repeats, " | "));
    assert_false(row_of(columns_header_repeats, "성명|\xFF|주소|비고"));
}

static void remarks_are_known(void **state)
{
    (void)state;
    static const char *const remarks[] = {
        "※ 문의는 매장으로 해 주세요.",
        "|※ 배송 중 바뀔 수 있습니다|",
        "- 이상 -",
        "이하 여백",
        "~ 이하 여백 ~",
        "||이상|",
        "끝",
        "1/3",
        "- 2 -",
        "Page 2 of 3",
        "필수|필수|선택|선택",
        "(필수)|(필수)|(선택)",
        "* 굵은 글씨는 필수입니다",
    };
    static const char *const people[] = {
        "이상",   "이상|없음", "홍길동",     "홍길동|없음", "|02-123-4567",
        "끝순이", "|||메모",   "2026-11-23", "|12",         "※ 010-0000-0001|",
        "합계",   " | ",       "필수",       "\xFF",        "이상해|",
        "*",
    };
    for (size_t i = 0; i < COUNT_OF(remarks); i++)
        if (!row_of(columns_row_remarks, remarks[i]))
            fail_msg("'%s' was taken for a person", remarks[i]);
    for (size_t i = 0; i < COUNT_OF(people); i++)
        if (row_of(columns_row_remarks, people[i]))
            fail_msg("'%s' was taken for a remark", people[i]);
}

static void totals_are_known(void **state)
{
    (void)state;
    static const char *const totals[] = {
        "합계",       "합 계",    "소 계",          "총계",        "총합",      "총 합계 (12건)",
        "합계:",      "TOTAL",    "Sub Total",      "Grand total", "합계 12건", "총 12명",
        "[소계]",     "누계",     "합계 : 1,200원", "계",          "= 합계 =",  "합　계",
        "총인원 3명", "total: 3",
    };
    static const char *const people[] = {
        "합계연", "소계동",          "총명한",        "총",   "",         " ",
        "12건",   "합계란 무엇인가", "total eclipse", "\xFF", "합계연 12"};
    for (size_t i = 0; i < COUNT_OF(totals); i++)
        if (!cell_is_total(&arena, str_c(totals[i])))
            fail_msg("'%s' is a total", totals[i]);
    for (size_t i = 0; i < COUNT_OF(people); i++)
        if (cell_is_total(&arena, str_c(people[i])))
            fail_msg("'%s' is no total", people[i]);
}

static void cells_are_judged(void **state)
{
    (void)state;
    assert_true(str_eq(cell_value(STR("=\"010\"")), STR("010")));
    assert_true(str_eq(cell_value(STR("=\"\"")), STR("=\"\"")) ||
                cell_value(STR("=\"\"")).len == 0);
    assert_true(str_eq(cell_value(STR("=\"")), STR("=\"")));
    assert_true(cell_is_blank(STR("")) &&
                cell_is_blank(STR(" \t\xC2\xA0\xE2\x80\x8B\xE3\x85\xA4")));
    assert_false(cell_is_blank(STR(" a")) || cell_is_blank(STR("\xFF")) ||
                 cell_is_blank(STR("가")));
}

/* ---- anything ---- */

static void any_rows_are_survived(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "이름", "휴대폰", "010-0000-0001", "",       " ", "합계", "수취인", "정보", "\xFF\xFE",
        "가나", "1",      "이름",          "연락처", "👤", "(",    ")",      "주문", "E-mail"};
    unsigned seed = 7;
    for (int round = 0; round < 2000; round++) {
        ARENA(scratch, ARENA_MAX_DEFAULT);
        struct peek_row rows[12];
        struct str cells[12][8];
        for (size_t r = 0; r < COUNT_OF(rows); r++) {
            for (size_t i = 0; i < 8; i++) {
                seed = seed * 1664525u + 1013904223u;
                cells[r][i] = str_c(pieces[(seed >> 16) % COUNT_OF(pieces)]);
            }
            rows[r] =
                (struct peek_row){(int64_t)r + 1 + (seed >> 20) % 2, cells[r], (seed >> 8) % 9};
        }
        struct columns c;
        columns_guess(&scratch, rows, COUNT_OF(rows), &(struct columns_hints){.header_row = -1},
                      &c);
        size_t of[COLUMN_ROLES] = {0};
        for (size_t i = 0; i < c.count; i++) {
            of[c.list[i].role]++;
            assert_true(c.list[i].role == COLUMN_IGNORE || c.list[i].basis != BASIS_NONE);
            for (size_t k = 0; k < i && c.list[i].role == COLUMN_ATTRIBUTE; k++)
                assert_false(c.list[k].role == COLUMN_ATTRIBUTE &&
                             str_eq(c.list[k].attribute, c.list[i].attribute));
        }
        assert_true(of[COLUMN_PHONE] <= 1 && of[COLUMN_NAME] <= 1 && of[COLUMN_EMAIL] <= 1);
    }
}

/* The largest rows that are ever looked at stay far below what an import may use. */
static void the_largest_sheet_needs_little_memory(void **state)
{
    (void)state;
    struct str cells[COLUMNS_MAX];
    struct peek_row rows[PEEK_ROWS];
    struct columns c;
    char text[400];
    for (size_t i = 0; i < sizeof text; i += 4)
        memcpy(text + i, "\xE1\x84\x80(", 4);
    memcpy(text + 190, "휴대폰", 9);
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        cells[i] = str_n(text, i % 2 ? 199 : 397);
    for (size_t r = 0; r < PEEK_ROWS; r++)
        rows[r] = (struct peek_row){(int64_t)r + 1, cells, COLUMNS_MAX};
    columns_guess(&arena, rows, PEEK_ROWS, &(struct columns_hints){.header_row = -1}, &c);
    assert_true(arena.used < ((size_t)16 << 20));

    static struct str form[16384];
    struct str word = str_printf(&arena, "%0*d", 4000, 0);
    memset((char *)(uintptr_t)word.ptr, '(', word.len);
    memcpy((char *)(uintptr_t)word.ptr, "필수", 6);
    for (size_t i = 0; i < COUNT_OF(form); i++)
        form[i] = word;
    assert_false(columns_row_remarks(&c, form, COUNT_OF(form)));
    assert_false(columns_header_repeats(&c, form, COUNT_OF(form)));
    assert_false(columns_row_remarks(&c, form, 100));
}

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_MAX_DEFAULT);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_sheet_is_understood, begin, end),
        cmocka_unit_test_setup_teardown(a_header_far_down_is_found, begin, end),
        cmocka_unit_test_setup_teardown(a_known_header_row_is_obeyed, begin, end),
        cmocka_unit_test_setup_teardown(every_column_says_why, begin, end),
        cmocka_unit_test_setup_teardown(variables_find_their_columns, begin, end),
        cmocka_unit_test_setup_teardown(a_signature_knows_the_headers, begin, end),
        cmocka_unit_test_setup_teardown(a_mapping_is_remembered, begin, end),
        cmocka_unit_test_setup_teardown(columns_survive_their_json, begin, end),
        cmocka_unit_test_setup_teardown(a_list_scores_above_what_is_none, begin, end),
        cmocka_unit_test_setup_teardown(repeated_headers_are_known, begin, end),
        cmocka_unit_test_setup_teardown(remarks_are_known, begin, end),
        cmocka_unit_test_setup_teardown(totals_are_known, begin, end),
        cmocka_unit_test_setup_teardown(cells_are_judged, begin, end),
        cmocka_unit_test_setup_teardown(any_rows_are_survived, begin, end),
        cmocka_unit_test_setup_teardown(the_largest_sheet_needs_little_memory, begin, end),
    };
    return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
