/*
 * sheet.h - a spreadsheet in, rows of text out.
 *
 * One reader for every kind of file; which kind it is, is found from the bytes, never from the
 * name. Rows come one at a time in the canonical form (numbers as the shortest decimal, dates as
 * yyyy-mm-dd …: see doc/sheet.md), so memory does not grow with the number of rows. The room knows
 * no database and no HTTP. Called by domain/import and by `sendingo sheet`.
 */
#ifndef SHEET_SHEET_H
#define SHEET_SHEET_H

#include "base/arena.h"
#include "base/str.h"

enum sheet_kind {
    SHEET_UNKNOWN,
    SHEET_XLSX,
    SHEET_XLS,  /* BIFF8 and BIFF5: Excel 5 to 2003 */
    SHEET_CSV,  /* comma, tab, semicolon or | */
    SHEET_HTML, /* the tables of a web page, as malls and ERPs save them under the name .xls */
};

/* Limits on what comes from outside; beyond them a file is refused with a sentence. */
#define SHEET_ROWS_MAX    1048576
#define SHEET_COLUMNS_MAX 16384
#define SHEET_CELLS_MAX                                                                            \
    ((int64_t)1 << 28)           /* cells of a sheet, up to the last filled one of each row */
#define SHEET_CHARS_MAX    32767 /* characters of one cell, as in Excel */
#define SHEET_CELL_MAX     ((size_t)SHEET_CHARS_MAX * 4) /* the same in bytes */
#define SHEET_FILE_MAX     ((int64_t)200 << 20)
#define SHEET_INFLATED_MAX ((int64_t)4 << 30) /* bytes of one zip entry after inflating */
#define SHEET_RATIO_MAX    200                /* inflated to stored, above SHEET_RATIO_FROM */
#define SHEET_RATIO_FROM   ((int64_t)64 << 20)
#define SHEET_SHARED_MAX   ((size_t)512 << 20) /* bytes of all shared strings of a workbook */
#define SHEET_ROW_MAX      ((size_t)16 << 20)  /* bytes of all texts of one row */
#define SHEET_SHEETS_MAX   4096

/* Why a file cannot be read. Each has one sentence in Korean and English and one word for programs
 * (refusal.c). */
enum sheet_error {
    SHEET_OK,
    SHEET_E_IO,          /* the file cannot be read */
    SHEET_E_EMPTY,       /* no bytes at all */
    SHEET_E_UNSUPPORTED, /* neither a workbook nor text (picture, document, program, …) */
    SHEET_E_ENCRYPTED,   /* protected by a password */
    SHEET_E_DRM,         /* sealed by a company's document security */
    SHEET_E_DAMAGED,     /* the kind is known but its content is broken */
    SHEET_E_CUT,         /* the end of the file is missing */
    SHEET_E_TOO_LARGE,   /* one of the limits above; the next three name theirs */
    SHEET_E_ROWS,
    SHEET_E_COLUMNS,
    SHEET_E_CELL,
    SHEET_E_NO_SHEET, /* no worksheet, or not the one asked for */
    SHEET_E_ENCODING, /* text that is not valid in its encoding */
    SHEET_E_QUOTE,    /* CSV: a quote that never closes, or not where it should */
    SHEET_E_HTML,     /* a web page without a table */
    SHEET_E_XLS,      /* these are tables, but of kinds that we do not read: Excel 2 to 4 */
    SHEET_E_XLSB,
    SHEET_E_ODS,
    SHEET_E_XML2003,
    SHEET_ERRORS, /* how many there are */
};

/* Why a file was not read, or not to its end: what people, programs and the log are told. */
struct sheet_refusal {
    enum sheet_error error;
    int thing;           /* what the file is instead (trouble.h) */
    int64_t row;         /* of the sheet, where it was noticed; 0: in none */
    int64_t line;        /* the same of a text file */
    struct str sheet;    /* name of the sheet that was being read; empty: none */
    struct str encoding; /* that the text was read in; empty: none */
    struct str detail;   /* English, for the log: parts, rows and lines, never what a cell holds */
};

struct sheet_info {
    struct str name;
    bool hidden;
};

/* How to read; zero means: find out. */
struct sheet_options {
    struct str sheet; /* name, or empty */
    int sheet_number; /* 1-based in tab order when > 0; when there is no such sheet but one of the
                         name above, that one */
    struct str encoding; /* text files: "utf-8", "cp949", "utf-16le", "utf-16be", or empty */
};

struct sheet_row {
    int64_t number;          /* 1-based as the spreadsheet shows it; rows without cells are skipped
                                over, so numbers may jump */
    const struct str *cells; /* valid until the next call; empty cells have len 0 */
    size_t cell_count;       /* up to the last cell that is not empty */
    bool hidden;
};

/* What a reader sees of a sheet beside its cells, known in full when sheet_next has returned 0. */
#define SHEET_RANGES_KEPT 16

struct sheet_range {
    int64_t first_row, last_row;      /* 1-based, both of it */
    size_t first_column, last_column; /* 0-based, both of it */
};

struct sheet_notes {
    size_t hidden_columns;                   /* how many, up to the last that holds a cell */
    uint64_t hidden[SHEET_COLUMNS_MAX / 64]; /* which: bit column % 64 of word column / 64 */
    int64_t merged;      /* merged ranges: the first cell has the value, the others are empty */
    int64_t merged_down; /* those of them that cover several rows, so that rows miss a value */
    struct sheet_range ranges[SHEET_RANGES_KEPT]; /* the first of these */
    size_t range_count;
    bool cut; /* a web page that ends inside its table: perhaps not all of it is here */
};

struct sheet;

/* Opens `path` and stands before the first row of the chosen sheet (by default the first that is
 * not hidden; of a web page the table with the most cells). On SHEET_OK *out is the caller's to
 * sheet_close; otherwise it is NULL and *refusal says why, its texts in `a`. Everything of the
 * reader but large buffers comes from its own arena. */
enum sheet_error sheet_open(const char *path, const struct sheet_options *options, struct arena *a,
                            struct sheet **out, struct sheet_refusal *refusal) MUST_CHECK;
void sheet_close(struct sheet **s);

/* The next row with at least one cell: 1 a row, 0 the end, -1 trouble (see sheet_failure). */
int sheet_next(struct sheet *s, struct sheet_row *row) MUST_CHECK;
/* Why sheet_next said -1; the texts are valid until sheet_close. */
struct sheet_refusal sheet_failure(const struct sheet *s);

enum sheet_kind sheet_kind(const struct sheet *s);
/* "xlsx", "xls", "csv", "html"; empty for SHEET_UNKNOWN. */
struct str sheet_kind_name(enum sheet_kind kind);
/* Encoding found or used: "utf-8", "cp949", …; for workbooks "". */
struct str sheet_encoding(const struct sheet *s);
/* All worksheets in tab order and which one is being read (0-based); text files have one. */
size_t sheet_list(const struct sheet *s, const struct sheet_info **list, size_t *chosen);

/* Valid until sheet_close. */
const struct sheet_notes *sheet_notes(const struct sheet *s);
bool sheet_column_hidden(const struct sheet_notes *n, size_t column);
/* "A4:A5", in `a`. */
struct str sheet_range_text(const struct sheet_range *r, struct arena *a);

/* One sentence for people that says what is wrong, where, and what to do; NUL-terminated, in `a`.
 */
struct str sheet_refusal_text(const struct sheet_refusal *r, bool english, struct arena *a);
/* The class as one word for programs: "ENCRYPTED", "XLS", … */
struct str sheet_error_code(enum sheet_error e);

#endif
