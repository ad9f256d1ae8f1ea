#include "source_text.h"

#include "file_hash.h"
#include "json_text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AROUND = 3, LINES_MAX = 20000, LINE_BYTES = 512 };

const char *source_plain(const char *path)
{
    while (strncmp(path, "../", 3) == 0)
        path += 3;
    return path;
}

/* Only a file that is older than what was made of it can be what it was made from. */
static bool is_source_of(const char *path, const char *binary)
{
    struct stat source, made;

    return binary && stat(path, &source) == 0 && S_ISREG(source.st_mode) &&
           stat(binary, &made) == 0 && source.st_mtime <= made.st_mtime;
}

/* A trace may name any file; nothing but source text goes into a page. */
static bool is_source_name(const char *name)
{
    static const char *const endings[] = { ".c", ".h", ".S", ".cc" };
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && !strstr(source_plain(name), "..") && i < 4; i++) {
        if (strcmp(dot, endings[i]) == 0)
            return true;
    }
    return false;
}

/* Is the kernel still the one that was recorded? Else its lines are others. */
static bool is_recorded(const struct subject *subject, const char *kernel)
{
    const char *recorded = trace_parameter(subject->trace, "kernel_sha256");
    char hash[FILE_HASH_CHARS + 1];

    return !recorded || (file_hash(kernel, hash) && strcmp(hash, recorded) == 0);
}

/* A kernel is built below its tree: at tree/build/default/quire.elf. */
static bool source_find_kernels(const struct subject *subject, const char *name,
                                char path[PATH_MAX])
{
    const char *kernel = trace_parameter(subject->trace, "kernel");
    const char *build = kernel ? strstr(kernel, "/build/") : NULL;

    if (!kernel || !is_recorded(subject, kernel))
        return false;
    if (build)
        snprintf(path, PATH_MAX, "%.*s/%s", (int)(build - kernel), kernel, source_plain(name));
    else
        snprintf(path, PATH_MAX, "%s", source_plain(name));
    return is_source_of(path, kernel);
}

/* Where a line's file is: in the kernel's tree, or beside the program. */
static bool source_find(const struct subject *subject, const char *name, char path[PATH_MAX])
{
    const char *program = trace_parameter(subject->trace, "program");
    const char *slash = program ? strrchr(program, '/') : NULL;

    if (source_find_kernels(subject, name, path))
        return true;
    if (name[0] == '/')
        snprintf(path, PATH_MAX, "%s", name);
    else
        snprintf(path, PATH_MAX, "%.*s%s", slash ? (int)(slash + 1 - program) : 0,
                 program ? program : "", name);
    return is_source_of(path, program);
}

/* Read a file once: the wanted lines and some around them. */
static void source_read(const char *path, const bool *wanted, json_t *out)
{
    FILE *file = fopen(path, "r");
    char line[LINE_BYTES], number[16];

    for (unsigned n = 1; file && n < LINES_MAX && fgets(line, sizeof(line), file); n++) {
        bool near = false;

        for (unsigned i = n > AROUND ? n - AROUND : 1; i <= n + AROUND; i++)
            near |= wanted[i];
        if (!near)
            continue;
        line[strcspn(line, "\r\n")] = '\0';
        snprintf(number, sizeof(number), "%u", n);
        json_object_set_new(out, number, json_text(line, strlen(line)));
    }
    if (file)
        fclose(file);
}

/* The number behind the last colon of "file:number"; 0 if there is none. */
static unsigned line_part(const char *text, char name[LINE_BYTES])
{
    const char *colon = strrchr(text, ':');
    uint64_t number;

    if (!colon || !cli_number(colon + 1, &number) || number >= LINES_MAX)
        return 0;
    snprintf(name, LINE_BYTES, "%.*s", (int)(colon - text), text);
    return (unsigned)number;
}

static void source_mark(const json_t *lines, const char *file, bool *wanted)
{
    char name[LINE_BYTES];
    json_t *line;
    size_t i;

    memset(wanted, 0, LINES_MAX + 2 * AROUND);
    json_array_foreach(lines, i, line)
    {
        unsigned number = line_part(json_string_value(line), name);

        if (number && strcmp(name, file) == 0)
            wanted[number] = true;
    }
}

json_t *source_text(const struct subject *subject, const json_t *lines)
{
    bool *wanted = cli_alloc(LINES_MAX + 2 * AROUND, sizeof(*wanted));
    json_t *files = json_need(json_object()), *line, *text;
    char name[LINE_BYTES], path[PATH_MAX];
    size_t i;

    json_array_foreach(lines, i, line)
    {
        if (!line_part(json_string_value(line), name) || json_object_get(files, name))
            continue;
        text = json_need(json_object());
        if (is_source_name(name) && source_find(subject, name, path)) {
            source_mark(lines, name, wanted);
            source_read(path, wanted, text);
        }
        json_object_set_new(files, name, text);
    }
    free(wanted);
    return files;
}
