/*
 * refusal.c - the sentences of sheet.h: what is wrong, where, and what to do.
 *
 * A row of the table is a class of refusals. In its sentences {at} stands for the place ("‘주문’
 * 시트 304번째 행"), {what} for what the file is instead, {advice} for what
 * to do about that, {encoding} for the encoding it was read
 * in. Whoever reads them has a list of customers and Excel, and has heard of neither zip nor XML.
 */
#include "sheet/trouble.h"

#include "base/buf.h"

#define SENTENCE_MAX   4096
#define SHEET_NAME_MAX 60 /* characters of a sheet's name in a sentence */

#define SAVE_KO "고객 목록을 엑셀(.xlsx)이나 CSV로 저장해서 올려 주세요."
#define SAVE_EN "Please save the list of customers as .xlsx or CSV and upload that."
#define AGAIN_KO                                                                                   \
    " 엑셀에서 열어 ‘다른 이름으로 저장 → Excel 통합 문서(.xlsx)’로 저장한 뒤 올려 주세요."
#define AGAIN_EN " Please open it in Excel, save it as “Excel Workbook (.xlsx)” and upload that."
#define TEXT_KO                                                                                                                     \
    " 파일을 엑셀에서 열어 글자가 바르게 보이는지 확인한 뒤, ‘CSV UTF-8’이나 엑셀(.xlsx)로 다시 " \
    "저장해서 "                                                                                                                 \
    "올려 주세요."
#define TEXT_EN                                                                                    \
    " Please open it in Excel, see that every character is right, and save it again as “CSV "    \
    "UTF-8” or .xlsx."

/* The second of each pair is said when the place is known; without it the first is. */
struct sentence {
    const char *code;
    const char *korean, *korean_at;
    const char *english, *english_at;
};

static const struct sentence sentences[] = {
    [SHEET_OK] = {"OK", "문제가 없습니다.", NULL, "Nothing is wrong.", NULL},
    [SHEET_E_IO] = {"IO", "파일을 읽을 수 없습니다. 다시 올려 주세요.", NULL,
                    "The file cannot be read. Please upload it again.", NULL},
    [SHEET_E_EMPTY] = {"EMPTY", "빈 파일입니다. 내용이 있는 파일을 올려 주세요.", NULL,
                       "The file is empty. Please upload a file with content.", NULL},
    [SHEET_E_UNSUPPORTED] = {"UNSUPPORTED", "이 파일은 {what}입니다. {advice}", NULL,
                             "This file is {what}. {advice}", NULL},
    [SHEET_E_ENCRYPTED] = {"ENCRYPTED",
                           "암호가 걸린 파일입니다. 엑셀에서 암호를 해제하고 저장해서 올려 주세요.",
                           NULL,
                           "The file is protected by a password. Please remove the password and "
                           "save it again.",
                           NULL},
    [SHEET_E_DRM] =
        {"DRM",
         "문서보안(DRM)이 걸린 파일입니다. 회사의 문서보안 프로그램에서 보호를 해제한 뒤 "
         "올려 주세요.",
         NULL,
         "The file is sealed by document security (DRM). Please have the protection "
         "removed and upload it then.",
         NULL},
    [SHEET_E_DAMAGED] = {"DAMAGED", "파일이 손상되어 읽을 수 없습니다." AGAIN_KO,
                         "{at}에서 파일이 손상되어 더 읽을 수 없습니다." AGAIN_KO,
                         "The file is damaged." AGAIN_EN,
                         "The file is damaged in {at} and cannot be read further." AGAIN_EN},
    [SHEET_E_CUT] =
        {"CUT",
         "파일의 끝부분이 없습니다. 내려받기나 복사가 끝까지 되었는지 확인하고, 원래 파일을 "
         "다시 올려 주세요.",
         NULL,
         "The end of the file is missing. Please make sure that it was downloaded or "
         "copied to its end, and upload it again.",
         NULL},
    [SHEET_E_TOO_LARGE] = {"TOO_LARGE",
                           "파일이 읽을 수 있는 한도를 넘었습니다. 나누어 올려 주세요.",
                           "{at}에서 파일이 읽을 수 있는 한도를 넘었습니다. 나누어 올려 주세요.",
                           "The file exceeds what can be read. Please split it.",
                           "In {at} the file exceeds what can be read. Please split it."},
    [SHEET_E_ROWS] = {"TOO_MANY_ROWS", "행이 1,048,576개를 넘습니다. 파일을 나누어 올려 주세요.",
                      NULL, "There are more than 1,048,576 rows. Please split the file.", NULL},
    [SHEET_E_COLUMNS] = {"TOO_MANY_COLUMNS",
                         "열이 16,384개를 넘습니다. 필요한 열만 남기고 다시 올려 주세요.",
                         "{at}의 열이 16,384개를 넘습니다. 필요한 열만 남기고 다시 올려 주세요.",
                         "There are more than 16,384 columns. Please keep only those you need.",
                         "In {at} there are more than 16,384 columns. Please keep only those you "
                         "need."},
    [SHEET_E_CELL] = {"CELL_TOO_LONG",
                      "32,767자보다 긴 셀이 있습니다. 그 셀을 줄이고 다시 올려 주세요.",
                      "{at}에 32,767자보다 긴 셀이 있습니다. 그 셀을 줄이고 다시 올려 주세요.",
                      "A cell has more than 32,767 characters. Please shorten it.",
                      "In {at} a cell has more than 32,767 characters. Please shorten it."},
    [SHEET_E_NO_SHEET] =
        {"NO_SHEET", "읽을 시트가 없습니다. 파일에 그 시트가 있는지 확인하고 다시 골라 주세요.",
         NULL,
         "There is no such worksheet. Please see which sheets the file has and "
         "choose again.",
         NULL},
    [SHEET_E_ENCODING] = {"ENCODING", "글자가 깨져 있어 읽을 수 없습니다." TEXT_KO,
                          "{at}에 {encoding}로 읽을 수 없는 글자가 있습니다." TEXT_KO,
                          "Some characters are broken." TEXT_EN,
                          "There is a character in {at} that is not {encoding}." TEXT_EN},
    [SHEET_E_QUOTE] =
        {"CSV_QUOTE", "따옴표(\")가 닫히지 않았습니다. 따옴표의 짝을 맞추고 다시 올려 주세요.",
         "{at}에서 연 따옴표(\")가 제대로 닫히지 않았습니다. 그 줄의 따옴표를 지우거나 짝을 "
         "맞추고 다시 올려 주세요.",
         "A quotation mark (\") is never closed. Please correct the file.",
         "The quotation mark (\") that opens in {at} is not closed properly. Please "
         "remove it or add its partner."},
    [SHEET_E_HTML] =
        {"HTML",
         "표가 없는 웹페이지(HTML)입니다. 로그인 화면이나 오류 화면이 대신 저장된 것은 아닌지 "
         "열어 보고, 목록을 다시 내려받아 올려 주세요.",
         NULL,
         "This is a web page (HTML) without a table. Please see whether a login or "
         "error page was saved in place of the list, and download it again.",
         NULL},
    [SHEET_E_XLS] = {"XLS", "예전 엑셀 형식(.xls)입니다." AGAIN_KO, NULL,
                     "This is an old Excel file (.xls)." AGAIN_EN, NULL},
    [SHEET_E_XLSB] = {"XLSB", "엑셀 바이너리 형식(.xlsb)입니다." AGAIN_KO, NULL,
                      "This is a binary workbook (.xlsb)." AGAIN_EN, NULL},
    [SHEET_E_ODS] = {"ODS", "오픈도큐먼트(.ods) 파일입니다." AGAIN_KO, NULL,
                     "This is an OpenDocument file (.ods)." AGAIN_EN, NULL},
    [SHEET_E_XML2003] = {"XML2003", "‘XML 스프레드시트 2003’ 파일입니다." AGAIN_KO, NULL,
                         "This is an “XML Spreadsheet 2003”." AGAIN_EN, NULL},
};
_Static_assert(COUNT_OF(sentences) == SHEET_ERRORS, "a sentence for every error");

static const struct {
    const char *korean, *english;
    const char *korean_advice, *english_advice; /* NULL: to save a list */
} things[] = {
    [THING_UNKNOWN] = {"엑셀도 CSV도 아닌 파일", "neither a workbook nor CSV"},
    [THING_BINARY] = {"글자가 아닌 내용(NUL)이 섞인 파일", "not a text: it holds NUL bytes"},
    [THING_PDF] = {"PDF 문서", "a PDF document"},
    [THING_PICTURE] = {"사진(이미지)", "a picture"},
    [THING_VIDEO] = {"동영상이나 소리 파일", "a video or sound"},
    [THING_ARCHIVE] = {"압축 파일", "an archive (zip or the like)",
                       "압축을 풀고 안에 있는 목록(엑셀이나 CSV)을 올려 주세요.",
                       "Please unpack it and upload the list (.xlsx or CSV) that is inside."},
    [THING_HWP] = {"한글 문서(HWP)", "a Hangul document (HWP)"},
    [THING_HWPX] = {"한글 문서(HWPX)", "a Hangul document (HWPX)"},
    [THING_WORD] = {"워드 문서", "a Word document"},
    [THING_SLIDES] = {"파워포인트 문서", "a PowerPoint presentation"},
    [THING_NUMBERS] = {"애플 Numbers 문서", "an Apple Numbers document"},
    [THING_RTF] = {"서식 있는 글 문서(RTF)", "an RTF document"},
    [THING_MAIL] = {"아웃룩 메일", "an Outlook mail"},
    [THING_CONTACTS] = {"연락처 파일(vCard)", "a file of contacts (vCard)"},
    [THING_DATABASE] = {"데이터베이스 파일", "a database"},
    [THING_MHT] = {"웹 보관 파일(MHT)", "a web archive (MHT)",
                   "엑셀에서 열어 엑셀(.xlsx)로 저장한 뒤 올려 주세요.",
                   "Please open it in Excel, save it as .xlsx and upload that."},
    [THING_XML] = {"XML 문서", "an XML document"},
    [THING_PROGRAM] = {"실행 프로그램", "a program"},
    [THING_XLSB] = {"엑셀 바이너리 통합 문서(.xlsb)", "a binary workbook (.xlsb)"},
    [THING_ODS] = {"오픈도큐먼트(.ods)", "an OpenDocument file (.ods)"},
};
_Static_assert(COUNT_OF(things) == THINGS, "words for every thing");

const char *thing_name(enum thing thing, bool english)
{
    return english ? things[thing].english : things[thing].korean;
}

/* A name from the file: cut, and without what could steer a terminal. */
static void put_name(struct buf *out, struct str name)
{
    size_t at = 0, count = 0;
    while (at < name.len && count++ < SHEET_NAME_MAX) {
        size_t from = at;
        uint32_t c = utf8_next(name, &at);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0))
            buf_char(out, ' ');
        else
            buf_append(out, name.ptr + from, at - from);
    }
    if (at < name.len)
        buf_lit(out, "…");
}

static void put_place(struct buf *out, const struct sheet_refusal *r, bool english)
{
    bool named = r->sheet.len > 0 && utf8_valid(r->sheet);
    if (r->line > 0) {
        if (english)
            buf_lit(out, "line ");
        buf_i64_grouped(out, r->line);
        if (!english)
            buf_lit(out, "번째 줄");
        return;
    }
    if (english && r->row > 0) {
        buf_lit(out, "row ");
        buf_i64_grouped(out, r->row);
        buf_str(out, named ? STR(" of the sheet “") : STR(""));
    } else if (named) {
        buf_str(out, english ? STR("the sheet “") : STR("‘"));
    }
    if (named) {
        put_name(out, r->sheet);
        buf_str(out, english ? STR("”") : STR("’ 시트"));
    }
    if (!english && r->row > 0) {
        buf_str(out, named ? STR("의 ") : STR(""));
        buf_i64_grouped(out, r->row);
        buf_lit(out, "번째 행");
    }
}

static void put_upper(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_char(out, s.ptr[i] >= 'a' && s.ptr[i] <= 'z' ? (char)(s.ptr[i] - 32) : s.ptr[i]);
}

static void put_advice(struct buf *out, enum thing thing, bool english)
{
    const char *own = english ? things[thing].english_advice : things[thing].korean_advice;
    buf_str(out, own ? str_c(own) : english ? STR(SAVE_EN) : STR(SAVE_KO));
}

static void put_token(struct buf *out, struct str token, const struct sheet_refusal *r,
                      bool english)
{
    if (str_eq(token, STR("{at}")))
        put_place(out, r, english);
    else if (str_eq(token, STR("{what}")))
        buf_str(out, str_c(thing_name((enum thing)r->thing, english)));
    else if (str_eq(token, STR("{advice}")))
        put_advice(out, (enum thing)r->thing, english);
    else
        put_upper(out, r->encoding);
}

struct str sheet_refusal_text(const struct sheet_refusal *r, bool english, struct arena *a)
{
    const struct sentence *s = &sentences[r->error];
    bool placed = r->line > 0 || r->row > 0 || r->sheet.len > 0;
    const char *at = english ? s->english_at : s->korean_at;
    struct str rest = str_c(placed && at ? at : english ? s->english : s->korean);
    BUF(out, SENTENCE_MAX);
    for (ptrdiff_t open; (open = str_find(rest, STR("{"), 0)) >= 0;) {
        ptrdiff_t close = str_find(rest, STR("}"), (size_t)open);
        buf_str(&out, str_slice(rest, 0, (size_t)open));
        put_token(&out, str_slice(rest, (size_t)open, (size_t)close + 1), r, english);
        rest = str_slice(rest, (size_t)close + 1, rest.len);
    }
    buf_str(&out, rest);
    return str_dup(a, buf_view(&out));
}

struct str sheet_error_code(enum sheet_error e)
{
    return str_c(sentences[e].code);
}
