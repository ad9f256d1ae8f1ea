#include "make.h"

#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

_Noreturn void make_fail(const char *text)
{
    fprintf(stderr, "%s: %s\n", program_invocation_short_name, text);
    exit(1);
}

static void make_folders(char *path)
{
    for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            make_fail(strerror(errno));
        *at = '/';
    }
}

void make_copy(const char *tree, const char *into, const char *relative)
{
    char error[500], *from = text_path(tree, relative), *to = text_path(into, relative);
    size_t length;
    char *text = text_read(from, &length, error, sizeof(error));
    FILE *file;

    if (!text)
        make_fail(error);
    make_folders(to);
    file = fopen(to, "w");
    if (!file || fwrite(text, 1, length, file) != length || fclose(file) != 0)
        make_fail(strerror(errno));
    free(text);
    free(from);
    free(to);
}
