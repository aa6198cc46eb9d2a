/*
 * sheet_dump.c - `sheet_dump FILE [SHEET]`: the sheet room alone as a program, for the corpus
 * tests.
 */
#include "sheet/dump.h"

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3)
        return 2;
    struct sheet_options options = {.sheet = str_c(argc == 3 ? argv[2] : "")};
    return sheet_dump(argv[1], &options, stdout, stderr);
}
