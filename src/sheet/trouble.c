/*
 * trouble.c - see trouble.h; and the sentences of sheet.h.
 */
#include "sheet/trouble.h"

#include <stdarg.h>
#include <stdio.h>

int trouble_set(struct trouble *t, enum sheet_error e, const char *fmt, ...)
{
    if (t->error != SHEET_OK)
        return -1;
    va_list args;
    va_start(args, fmt);
    vsnprintf(t->why, sizeof t->why, fmt, args);
    va_end(args);
    /* Names of parts come from the file: nothing of them may steer a terminal or a log. */
    for (char *p = t->why; *p; p++)
        if (*p < ' ' || *p > '~')
            *p = '?';
    t->error = e;
    return -1;
}

struct sentence {
    const char *code, *korean, *english;
};

static const struct sentence sentences[] = {
    [SHEET_OK] = {"OK", "문제가 없습니다.", "Nothing is wrong."},
    [SHEET_E_IO] = {"IO", "파일을 읽을 수 없습니다. 다시 올려 주세요.",
                    "The file cannot be read. Please upload it again."},
    [SHEET_E_EMPTY] = {"EMPTY", "빈 파일입니다. 내용이 있는 파일을 올려 주세요.",
                       "The file is empty. Please upload a file with content."},
    [SHEET_E_UNSUPPORTED] =
        {"UNSUPPORTED",
         "엑셀 파일이나 CSV 파일이 아닙니다. 엑셀(.xlsx)이나 CSV로 저장해서 올려 "
         "주세요.",
         "This is neither a workbook nor a CSV file. Please save the list as "
         ".xlsx or CSV."},
    [SHEET_E_ENCRYPTED] = {"ENCRYPTED",
                           "암호가 걸린 파일입니다. 엑셀에서 암호를 해제하고 저장해서 올려 주세요.",
                           "The file is protected by a password. Please remove the password and "
                           "save it again."},
    [SHEET_E_DAMAGED] =
        {"DAMAGED", "파일이 손상되어 읽을 수 없습니다. 엑셀에서 열어 다시 저장한 뒤 올려 주세요.",
         "The file is damaged. Please open it in Excel, save it again and upload "
         "that."},
    [SHEET_E_TOO_LARGE] = {"TOO_LARGE",
                           "파일이 읽을 수 있는 한도를 넘었습니다. 나누어 올려 주세요.",
                           "The file exceeds what can be read. Please split it."},
    [SHEET_E_NO_SHEET] = {"NO_SHEET", "파일에 해당 시트가 없습니다.",
                          "The file has no such worksheet."},
    [SHEET_E_ENCODING] =
        {"ENCODING",
         "글자가 깨진 곳이 있습니다. 인코딩(UTF-8 또는 CP949)을 확인하고 다시 저장해 "
         "주세요.",
         "Some characters are broken. Please check the encoding (UTF-8 or CP949) "
         "and save the file again."},
    [SHEET_E_XLS] =
        {"XLS",
         "예전 엑셀 형식(.xls)입니다. 엑셀에서 ‘Excel 통합 문서(.xlsx)’로 저장해서 올려 "
         "주세요.",
         "This is an old Excel file (.xls). Please save it as “Excel Workbook (.xlsx)”."},
    [SHEET_E_XLSB] =
        {"XLSB",
         "엑셀 바이너리 형식(.xlsb)입니다. 엑셀에서 ‘Excel 통합 문서(.xlsx)’로 저장해서 "
         "올려 주세요.",
         "This is a binary workbook (.xlsb). Please save it as “Excel Workbook "
         "(.xlsx)”."},
    [SHEET_E_ODS] =
        {"ODS", "오픈도큐먼트(.ods) 파일입니다. ‘Excel 통합 문서(.xlsx)’로 저장해서 올려 주세요.",
         "This is an OpenDocument file. Please save it as “Excel Workbook (.xlsx)”."},
    [SHEET_E_HTML] =
        {"HTML",
         "이름만 엑셀인 웹페이지(HTML) 파일입니다. 엑셀에서 열어 ‘Excel 통합 문서(.xlsx)’로 "
         "저장해서 올려 주세요.",
         "This is a web page (HTML). Please open it in Excel and save it as “Excel "
         "Workbook (.xlsx)”."},
    [SHEET_E_XML2003] =
        {"XML2003",
         "‘XML 스프레드시트 2003’ 파일입니다. 엑셀에서 ‘Excel 통합 문서(.xlsx)’로 저장해서 "
         "올려 주세요.",
         "This is an “XML Spreadsheet 2003”. Please save it as “Excel Workbook "
         "(.xlsx)”."},
    [SHEET_E_QUOTE] = {"CSV_QUOTE",
                       "따옴표(\")가 닫히지 않았습니다. 파일을 고쳐서 다시 올려 주세요.",
                       "A quotation mark (\") is never closed. Please correct the file."},
};
_Static_assert(COUNT_OF(sentences) == SHEET_ERRORS, "a sentence for every error");

struct str sheet_error_text(enum sheet_error e, bool english)
{
    return str_c(english ? sentences[e].english : sentences[e].korean);
}

struct str sheet_error_code(enum sheet_error e)
{
    return str_c(sentences[e].code);
}
