/*
 * import_note.h - what the user should know about a file besides its rows: what it hides, what was
 * passed over. A note is a row of import_note.def. Made by import_check.c, read by the API.
 */
#ifndef DOMAIN_IMPORT_NOTE_H
#define DOMAIN_IMPORT_NOTE_H

#include "base/arena.h"
#include "base/str.h"

enum import_note {
#define N(name, code, ko, en) NOTE_##name,
#include "domain/import_note.def"
#undef N
    NOTES,
};

/* The counts as they are kept: a JSON array of {code, count}, without those that are 0. */
struct str import_notes_json(struct arena *a, const int64_t counts[NOTES]);
/* The sentence of a note; ptr NULL when there is none of that code. */
struct str import_note_text(struct arena *a, struct str code, int64_t count, bool english);

#endif
