/* The functions whose calls were recorded: the trace's parameter "calls" lists them. */
#include "judgement.h"
#include "reader.h"

#include <stdio.h>
#include <string.h>

enum { CALL_NAME_MAX = 128 };

int call_place(const struct judgement *j, const char *name)
{
    const char *list = trace_parameter(j->run->trace, "calls");
    size_t length = strlen(name);

    for (int place = 0; list && *list; place++) {
        size_t part = strcspn(list, ",");

        if (part == length && strncmp(list, name, length) == 0)
            return place;
        list += part + (list[part] == ',');
    }
    return -1;
}

const char *call_function(const struct judgement *j, const struct trace_event *event, char *buf)
{
    const char *list = trace_parameter(j->run->trace, "calls");

    for (uint32_t place = 0; list && *list; place++) {
        size_t part = strcspn(list, ",");

        if (place == event->what) {
            snprintf(buf, CALL_NAME_MAX, "%.*s", (int)(part < CALL_NAME_MAX ? part : 0), list);
            return buf;
        }
        list += part + (list[part] == ',');
    }
    return NULL;
}
