/* Names of the functions whose calls were recorded: the parameter `calls`. */
#include "judgement.h"

#include <string.h>

/* Number n of the list; "@2" behind a name tells of its result, and is not part of it. */
static const char *name_at(const char *list, uint32_t n, size_t *len)
{
    for (; list && n > 0; n--) {
        list = strchr(list, ',');
        list = list ? list + 1 : NULL;
    }
    *len = list ? strcspn(list, ",@") : 0;
    return list;
}

const char *call_function(const struct judgement *j, const struct trace_event *event, char *buf)
{
    size_t len;
    const char *name = name_at(trace_parameter(j->run->trace, "calls"), event->what, &len);

    if (!name || len == 0 || len >= NAME_MAX_LEN)
        return NULL;
    memcpy(buf, name, len);
    buf[len] = '\0';
    return buf;
}

int call_place(const struct judgement *j, const char *name)
{
    const char *list = trace_parameter(j->run->trace, "calls");
    size_t len = strlen(name);

    for (int place = 0; list; place++) {
        if (strcspn(list, ",@") == len && strncmp(list, name, len) == 0)
            return place;
        list = strchr(list, ',');
        list = list ? list + 1 : NULL;
    }
    return -1;
}
