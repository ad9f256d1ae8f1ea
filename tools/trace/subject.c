/*
 * A trace with its symbols. Which files have them, the trace's parameters tell;
 * a file that has changed or gone costs the names, not the trace.
 */
#include "cli.h"
#include "file_hash.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the kernel puts programs that can be anywhere. */
static const uint64_t pie_base = UINT64_C(0x555555554000);

static void subject_add_symbols(struct subject *subject, const char *path, bool required)
{
    char error[256];

    code_add(subject->code, path, pie_base);
    if (symbols_add(subject->symbols, path, pie_base, error, sizeof(error)))
        return;
    if (required)
        cli_fail(CLI_ERROR, "%s", error);
    cli_warn("no names for addresses: %s", error);
}

/* The value of "key_sha256=" behind line n, before the next "key="; NULL: there is none. */
static const char *recorded_hash(const struct trace *trace, unsigned n, const char *key)
{
    size_t length = strlen(key);
    const char *line;

    while ((line = trace_parameter_line(trace, ++n)) &&
           !(strncmp(line, key, length) == 0 && line[length] == '=')) {
        if (strncmp(line, key, length) == 0 && strncmp(line + length, "_sha256=", 8) == 0)
            return line + length + 8;
    }
    return NULL;
}

/* What a trace names is anybody's wish: regular files only, and told if they are not the same. */
static void subject_add_file(struct subject *subject, const char *path, const char *recorded)
{
    char hash[FILE_HASH_CHARS + 1];

    if (!file_hash(path, hash)) {
        cli_warn("no names for addresses: cannot read %s", path);
        return;
    }
    if (recorded && strcmp(recorded, hash) != 0)
        cli_warn("%s has changed since the recording: names and lines may be wrong", path);
    subject_add_symbols(subject, path, false);
}

/* Where a file is now: where it was, or beside the trace, if they moved together. */
static const char *recorded_path(const struct subject *subject, const char *path, char *buf,
                                 size_t size)
{
    const char *slash = strrchr(subject->path, '/'), *name = strrchr(path, '/');

    if (access(path, R_OK) == 0)
        return path;
    snprintf(buf, size, "%.*s%s", slash ? (int)(slash + 1 - subject->path) : 0, subject->path,
             name ? name + 1 : path);
    return access(buf, R_OK) == 0 ? buf : path;
}

static void subject_add_recorded(struct subject *subject, const char *key)
{
    size_t length = strlen(key);
    char buf[PATH_MAX];
    const char *line;

    for (unsigned n = 0; (line = trace_parameter_line(subject->trace, n)); n++) {
        if (strncmp(line, key, length) == 0 && line[length] == '=' && line[length + 1])
            subject_add_file(subject, recorded_path(subject, line + length + 1, buf, sizeof(buf)),
                             recorded_hash(subject->trace, n, key));
    }
}

void subject_open(struct subject *subject, const char *path, const struct subject_files *files)
{
    char error[256];

    *subject = (struct subject){ .path = path };
    subject->trace = trace_open(path, error, sizeof(error));
    if (!subject->trace)
        cli_fail(CLI_ERROR, "%s", error);
    if (!trace_is_complete(subject->trace))
        cli_warn("%s was cut off or is damaged; what follows is its good part", path);
    subject->symbols = symbols_new();
    subject->code = code_new();
    subject->calls = call_names_new(subject->trace);
    if (!subject->symbols || !subject->code || !subject->calls)
        cli_fail(CLI_ERROR, "not enough memory");
    if (files->kernel)
        subject_add_symbols(subject, files->kernel, true);
    else
        subject_add_recorded(subject, "kernel");
    for (unsigned i = 0; i < files->programs; i++)
        subject_add_symbols(subject, files->program[i], true);
    if (files->programs == 0)
        subject_add_recorded(subject, "program");
    subject->spaces = spaces_find(subject->trace, subject->calls);
}

void subject_close(struct subject *subject)
{
    spaces_free(subject->spaces);
    call_names_free(subject->calls);
    code_free(subject->code);
    symbols_free(subject->symbols);
    trace_close(subject->trace);
}

void subject_print_place(FILE *out, const struct subject *subject, uint64_t addr)
{
    char name[512], line[512];

    addr = code_linked(subject->code, addr);
    if (!symbols_line(subject->symbols, addr, line, sizeof(line))) {
        cli_print_safe(out, symbols_name(subject->symbols, addr, name, sizeof(name)));
        return;
    }
    cli_print_safe(out, subject_function(subject, addr, name, sizeof(name)));
    fputs(" (", out);
    cli_print_safe(out, line);
    fputc(')', out);
}

const char *subject_call(const struct subject *subject, const struct trace_event *event, char *buf,
                         size_t size)
{
    const char *name = call_name(subject->calls, event);

    return name ? name : subject_function(subject, event->rip, buf, size);
}

const char *subject_function(const struct subject *subject, uint64_t addr, char *buf, size_t size)
{
    char *plus;

    symbols_name(subject->symbols, code_linked(subject->code, addr), buf, size);
    plus = strrchr(buf, '+');
    if (plus && strncmp(plus, "+0x", 3) == 0)
        *plus = '\0';
    return buf;
}
