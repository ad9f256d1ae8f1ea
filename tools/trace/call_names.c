#include "call_names.h"

#include <stdlib.h>
#include <string.h>

struct call_names {
    unsigned count;
    char *text;        /* the parameter, cut into names */
    const char **name; /* into text */
};

static void names_cut(struct call_names *names)
{
    char *rest = names->text;

    while (rest && *rest)
        names->name[names->count++] = strsep(&rest, ",");
}

struct call_names *call_names_new(const struct trace *trace)
{
    struct call_names *names = calloc(1, sizeof(*names));
    const char *list = trace_parameter(trace, "calls");

    if (!names)
        return NULL;
    names->text = strdup(list ? list : "");
    if (names->text)
        names->name = calloc(strlen(names->text) + 1, sizeof(*names->name));
    if (!names->name) {
        call_names_free(names);
        return NULL;
    }
    names_cut(names);
    return names;
}

void call_names_free(struct call_names *names)
{
    if (!names)
        return;
    free(names->name);
    free(names->text);
    free(names);
}

unsigned call_names_count(const struct call_names *names)
{
    return names->count;
}

const char *call_name(const struct call_names *names, const struct trace_event *event)
{
    return event->what < names->count ? names->name[event->what] : NULL;
}
