/*
 * page/scripts.txt lists the scripts, each after what it needs when it is loaded.
 * They are modules, so that each can be read and tested alone; in the page they
 * become one module: lines that import go, and the word export.
 */
#include "page.h"

#include "cli.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static FILE *part_open(const char *name)
{
    char path[PATH_MAX];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", QUIRE_VIEW_PAGE, name);
    file = fopen(path, "r");
    if (!file)
        cli_fail(CLI_ERROR, "cannot read %s, a part of the page: %m", path);
    return file;
}

static void part_copy(const char *name, struct buffer *out)
{
    FILE *file = part_open(name);
    char piece[4096];
    size_t bytes;

    while ((bytes = fread(piece, 1, sizeof(piece), file)) > 0)
        buffer_add(out, piece, bytes);
    fclose(file);
}

static void script_copy(const char *name, struct buffer *out)
{
    FILE *file = part_open(name);
    bool importing = false;
    char *line = NULL;
    size_t capacity = 0;

    while (getline(&line, &capacity, file) > 0) {
        importing |= strncmp(line, "import ", 7) == 0;
        if (!importing)
            buffer_add_text(out, strncmp(line, "export ", 7) == 0 ? line + 7 : line);
        else if (strchr(line, ';'))
            importing = false;
    }
    free(line);
    fclose(file);
}

static void scripts_copy(struct buffer *out)
{
    FILE *list = part_open("scripts.txt");
    char name[NAME_MAX];

    while (fgets(name, sizeof(name), list)) {
        name[strcspn(name, "\n")] = '\0';
        script_copy(name, out);
    }
    fclose(list);
}

static void blocks_copy(const struct buffer *blocks, unsigned count, struct buffer *out)
{
    for (unsigned i = 0; i < count; i++) {
        buffer_add_text(out, "<script type=\"text/plain\" class=\"trace\">");
        buffer_add_base64(out, &blocks[i]);
        buffer_add_text(out, "</script>\n");
    }
}

void page_make(const struct buffer *blocks, unsigned count, struct buffer *out)
{
    FILE *file = part_open("page.html");
    char *line = NULL;
    size_t capacity = 0;

    while (getline(&line, &capacity, file) > 0) {
        if (strcmp(line, "@style@\n") == 0)
            part_copy("style.css", out);
        else if (strcmp(line, "@script@\n") == 0)
            scripts_copy(out);
        else if (strcmp(line, "@trace@\n") == 0)
            blocks_copy(blocks, count, out);
        else
            buffer_add_text(out, line);
    }
    free(line);
    fclose(file);
}
