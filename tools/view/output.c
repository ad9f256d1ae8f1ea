#include "output.h"

#include "json_text.h"

static void output_take_frame(void *context, char type, const char *data, size_t len)
{
    struct output *output = context;

    if (type != 'O' && type != 'E' && type != 'L' && type != 'S')
        return;
    json_array_append_new(output->lines,
                          json_need(json_pack("[I, o, o]", (json_int_t)output->page_event,
                                              json_text(&type, 1), json_text(data, len))));
}

void output_init(struct output *output)
{
    *output = (struct output){ .lines = json_need(json_array()) };
    stream_init(&output->stream, output_take_frame, output);
}

void output_step(struct output *output, const struct trace_event *event, uint64_t page_event)
{
    uint8_t byte;

    output->page_event = page_event;
    if (lpt_step(&output->lpt, event, &byte))
        stream_feed(&output->stream, &byte, 1);
}
