/*
 * Make the submission of a cheat: the reference's files of its lab with the cheat's
 * bodies put in. The rest is right, so that all the cheat gets is the cheat's.
 *
 *     cheat_make TREE CHEAT.c DIR         prints the lab's number
 *     cheat_make TREE BODIES.c DIR LAB    any bodies, of zoo/ or odd/; "": the reference
 */
#include "bodies.h"
#include "make.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "Lab: 7" in the comment at the head of the file. */
static void read_lab_number(const char *path, char number[8])
{
    char error[500], *at;
    size_t length;
    char *text = text_read(path, &length, error, sizeof(error));

    if (!text)
        make_fail(error);
    at = strstr(text, "\n * Lab: ");
    if (!at || sscanf(at, "\n * Lab: %7[0-9]", number) != 1)
        make_fail("no line \"Lab: N\" at the head of the cheat");
    free(text);
}

int main(int argc, char **argv)
{
    char error[500], number[8];
    struct lab *lab;

    if (argc != 4 && argc != 5)
        make_fail("usage: cheat_make TREE CHEAT.c DIR [LAB]");
    if (argc == 5)
        snprintf(number, sizeof(number), "%s", argv[4]);
    else
        read_lab_number(argv[2], number);
    lab = lab_load(argv[1], number, error, sizeof(error));
    if (!lab)
        make_fail(error);
    for (size_t i = 0; i < lab->files.count; i++)
        make_copy(argv[1], argv[3], lab->files.at[i]);
    if (*argv[2] && !bodies_apply(argv[3], lab, argv[2], error, sizeof(error)))
        make_fail(error);
    puts(number);
    lab_free(lab);
    return 0;
}
