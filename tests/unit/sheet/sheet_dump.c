/*
 * sheet_dump.c - `sheet_dump FILE`: the sheet room alone as a program, for the corpus tests.
 */
#include "sheet/dump.h"

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    return sheet_dump(argv[1], NULL, stdout, stderr);
}
