/*
 * Make the submission of a cheat: the reference's files of its lab with the cheat's
 * bodies put in. The rest is right, so that all the cheat gets is the cheat's.
 *
 *     cheat_make TREE CHEAT.c DIR     prints the lab's number
 */
#include "bodies.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static _Noreturn void fail(const char *text)
{
    fprintf(stderr, "cheat_make: %s\n", text);
    exit(1);
}

/* "Lab: 7" in the comment at the head of the file. */
static void read_lab_number(const char *path, char number[8])
{
    char error[500], *at;
    size_t length;
    char *text = text_read(path, &length, error, sizeof(error));

    if (!text)
        fail(error);
    at = strstr(text, "\n * Lab: ");
    if (!at || sscanf(at, "\n * Lab: %7[0-9]", number) != 1)
        fail("no line \"Lab: N\" at the head of the cheat");
    free(text);
}

static void make_folders(char *path)
{
    for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            fail(strerror(errno));
        *at = '/';
    }
}

static void copy_file(const char *tree, const char *into, const char *relative)
{
    char error[500], *from = text_path(tree, relative), *to = text_path(into, relative);
    size_t length;
    char *text = text_read(from, &length, error, sizeof(error));
    FILE *file;

    if (!text)
        fail(error);
    make_folders(to);
    file = fopen(to, "w");
    if (!file || fwrite(text, 1, length, file) != length || fclose(file) != 0)
        fail(strerror(errno));
    free(text);
    free(from);
    free(to);
}

int main(int argc, char **argv)
{
    char error[500], number[8];
    struct lab *lab;

    if (argc != 4)
        fail("usage: cheat_make TREE CHEAT.c DIR");
    read_lab_number(argv[2], number);
    lab = lab_load(argv[1], number, error, sizeof(error));
    if (!lab)
        fail(error);
    for (size_t i = 0; i < lab->files.count; i++)
        copy_file(argv[1], argv[3], lab->files.at[i]);
    if (!bodies_apply(argv[3], lab, argv[2], error, sizeof(error)))
        fail(error);
    puts(number);
    lab_free(lab);
    return 0;
}
