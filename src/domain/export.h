/*
 * export.h - what a company has, as a spreadsheet: contacts, results of a campaign, and an example
 * to fill in for a template.
 *
 * Rows go from the store into the file one by one, whatever their number. Attributes are columns:
 * one walk finds their names, another writes. Called by the API, which makes the file.
 */
#ifndef DOMAIN_EXPORT_H
#define DOMAIN_EXPORT_H

#include "domain/contact.h"
#include "domain/message_view.h"
#include "domain/template.h"
#include "sheet/sheet_out.h"

#include <stdatomic.h>

/* Attributes that get a column each, by first appearance; what a contact has beyond them stands in
 * one last column, name and value a line. */
#define EXPORT_ATTRIBUTES_MAX 1000

/* Where to write and how. The file is seekable, the caller's to close, and worth nothing when there
 * was a problem. */
struct export_file {
    int fd;
    enum sheet_out_kind kind;
    bool english;            /* titles, states and reasons */
    const atomic_bool *stop; /* true: end early with STOPPING; NULL: never */
};

/* NOT_FOUND when the filter's group does not exist. */
enum problem export_contacts(struct scope *s, const struct contact_filter *filter,
                             const struct export_file *to);
/* The campaign exists: a row a recipient, by ordinal. */
enum problem export_messages(struct scope *s, int64_t campaign, const struct message_filter *filter,
                             const struct export_file *to);
/* 이름, 휴대폰 and a column for every variable of the template, with two made-up people. */
enum problem export_example(struct scope *s, const struct template *t,
                            const struct export_file *to);

/* What sheet_out_close said, as a problem; the trouble is logged. */
enum problem export_problem(int error);

#endif
