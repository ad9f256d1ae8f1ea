#include "describe.h"

#include "json_text.h"

#include <string.h>

json_t *describe_parameters(const struct trace *trace)
{
    json_t *all = json_need(json_object());
    const char *line, *equals;
    char key[128];

    for (unsigned n = 0; (line = trace_parameter_line(trace, n)); n++) {
        equals = strchr(line, '=');
        if (!equals || equals - line >= (long)sizeof(key) || strncmp(line, "calls=", 6) == 0)
            continue;
        snprintf(key, sizeof(key), "%.*s", (int)(equals - line), line);
        if (!json_object_get(all, key))
            json_object_set_new(all, key, json_text(equals + 1, strlen(equals + 1)));
    }
    return all;
}

json_t *describe_calls(const struct trace *trace)
{
    const char *list = trace_parameter(trace, "calls");
    json_t *names = json_need(json_array());

    while (list && *list) {
        size_t length = strcspn(list, ",");

        json_array_append_new(names, json_text(list, length));
        list += length + (list[length] == ',');
    }
    return names;
}

json_t *describe_spaces(const struct spaces *spaces, page_event_t *page_event, void *arg)
{
    json_t *list = json_need(json_array());
    const struct space *space;

    for (unsigned number = 1; (space = spaces_get(spaces, number)); number++) {
        json_array_append_new(
            list, json_need(json_pack("{s:i, s:s, s:o, s:I, s:I, s:I, s:b}", "number", (int)number,
                                      "name", space->name, "root", json_hex(space->root), "first",
                                      (json_int_t)page_event(arg, space->first_event), "last",
                                      space->last_event == UINT64_MAX
                                          ? (json_int_t)-1
                                          : (json_int_t)page_event(arg, space->last_event),
                                      "pid", (json_int_t)space->pid, "user", (int)space->user)));
    }
    return list;
}

json_t *describe_selection(const struct selection *selection, const struct trace *trace)
{
    json_t *dropped = json_need(json_array());

    for (unsigned kind = 0; kind < EVENT_KINDS; kind++) {
        if (selection->drop[kind])
            json_array_append_new(dropped, json_string(event_kind_name(kind)));
    }
    return json_need(json_pack("{s:I, s:I, s:b, s:b, s:o}", "total", (json_int_t)selection->total,
                               "kept", (json_int_t)selection->kept, "whole",
                               (int)trace_is_complete(trace), "cut", (int)selection->cut, "dropped",
                               dropped));
}
