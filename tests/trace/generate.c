/*
 * generate FILE EVENTS: a trace of the made-up machine, as large as one wants.
 * Its events are dearer to unpack than a real trace's: their values hardly
 * resemble the ones before.
 */
#include "machine.h"
#include "writer.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: trace_generate FILE EVENTS\n");
        return 2;
    }
    const uint64_t events = strtoull(argv[2], NULL, 0);
    struct machine *const machine = malloc(sizeof *machine);
    struct writer *const writer = writer_open(argv[1], "command=made up\n", TRACE_BLOCK_EVENTS);
    machine_init(machine, 1);
    for (uint64_t n = 0; n < events; n++) {
        struct trace_event event;
        machine_next(machine, &event);
        writer_add(writer, &event);
    }
    writer_close(writer, true);
    free(machine);
    return 0;
}
