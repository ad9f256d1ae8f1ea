#include "record_calls.h"

#include "report.h"
#include "symbols.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * Rare enough to cost nothing, and enough to tell the story: what programs ask
 * for, what becomes of their memory, who runs, and who gives up.
 */
static const char calls_default[] = "sys_*,as_*,schedule,task_exit,task_fork,panic,signal_fault";

struct symbol_list {
    FILE *file;
    const char *patterns; /* with commas between */
    size_t count;
    char *names; /* with commas between */
    size_t names_len;
};

/* A pattern's name ends at a comma or at "@N", which tells the argument for a result. */
static size_t pattern_name(const char *pattern, unsigned *out_argument)
{
    size_t len = strcspn(pattern, ",@");

    *out_argument = 0;
    if (pattern[len] == '@' && pattern[len + 1] >= '1' && pattern[len + 1] <= '6' &&
        strcspn(pattern + len, ",") == 2)
        *out_argument = (unsigned)(pattern[len + 1] - '0');
    return len;
}

static void symbol_put(struct symbol_list *list, uint64_t addr, const char *name,
                       unsigned out_argument)
{
    size_t len = strlen(name);

    list->names = realloc(list->names, list->names_len + len + 2);
    if (!list->names)
        report_fail("out of memory");
    if (list->count++ > 0)
        list->names[list->names_len++] = ',';
    memcpy(list->names + list->names_len, name, len + 1);
    list->names_len += len;
    fprintf(list->file, "symbol %" PRIx64 " %u\n", addr, out_argument);
}

/* Does a pattern of this length, a name or a beginning with *, mean the name? */
static bool pattern_matches(const char *pattern, size_t len, const char *name)
{
    if (len > 0 && pattern[len - 1] == '*')
        return strncmp(pattern, name, len - 1) == 0;
    return strlen(name) == len && strncmp(pattern, name, len) == 0;
}

static bool symbol_visit(void *arg, uint64_t addr, uint64_t size, const char *name)
{
    struct symbol_list *list = arg;
    const char *pattern = list->patterns;

    (void)size;
    for (;;) {
        unsigned out_argument;
        size_t len = pattern_name(pattern, &out_argument);

        if (pattern_matches(pattern, len, name)) {
            symbol_put(list, addr, name, out_argument);
            return true;
        }
        pattern += strcspn(pattern, ",");
        if (*pattern++ == '\0')
            return true;
    }
}

/* Names that a user gave must be there. */
static void calls_check(struct symbols *symbols, const char *patterns)
{
    char *copy = strdup(patterns), *save = NULL;
    uint64_t addr;

    if (!copy)
        report_fail("out of memory");
    for (char *name = strtok_r(copy, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
        unsigned out_argument;
        size_t len = pattern_name(name, &out_argument);

        if (name[len] == '@' && !out_argument)
            report_fail("--calls wants NAME@N with N from 1 to 6, not '%s'", name);
        name[len] = '\0';
        if (!strchr(name, '*') && !symbols_find(symbols, name, &addr))
            report_fail("the kernel has no function '%s' to record calls of", name);
    }
    free(copy);
}

char *record_calls_write(FILE *file, const struct record_options *options)
{
    struct symbol_list list = { .file = file, .patterns = options->calls };
    struct symbols *symbols;
    char error[256];

    if (!list.patterns)
        list.patterns = options->bare ? "*" : calls_default;
    if (strcmp(list.patterns, "none") == 0)
        return NULL;
    symbols = symbols_new();
    if (!symbols || !symbols_add(symbols, options->run.kernel, 0, error, sizeof(error)))
        report_fail("cannot read the kernel's symbols: %s", symbols ? error : "out of memory");
    if (strcmp(list.patterns, "all") == 0)
        list.patterns = "*";
    else if (options->calls)
        calls_check(symbols, options->calls);
    symbols_each(symbols, symbol_visit, &list);
    symbols_free(symbols);
    return list.names;
}
