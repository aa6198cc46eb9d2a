/*
 * result_class.h - what a gateway's raw result means, in the words of domain/reason.def.
 */
#ifndef SENDER_RESULT_CLASS_H
#define SENDER_RESULT_CLASS_H

#include "base/str.h"

/* Reason word for a failing result code; "other" when it is not known. Aligo publishes only `U`;
 * the other letters are those of two dealers of the same family, so the raw text is always kept and
 * shown as well. */
struct str result_reason(struct str code);

#endif
