/* See machine.h. */
#include "machine.h"

#include <string.h>

uint64_t machine_page(unsigned n)
{
    return (UINT64_C(0x100) + n) << 12 | (n % 3 == 2 ? UINT64_C(1) << 33 : 0);
}

unsigned machine_page_number(uint64_t phys)
{
    const uint64_t frame = phys >> 12 & 0xfffff;
    const unsigned n = frame < 0x100 ? MACHINE_PAGES : (unsigned)(frame - 0x100);
    return n < MACHINE_PAGES && machine_page(n) == (phys & ~UINT64_C(0xfff)) ? n : MACHINE_PAGES;
}

void machine_init(struct machine *machine, uint64_t seed)
{
    memset(machine, 0, sizeof *machine);
    machine->rng = seed * 2 + 1;
    machine->tick = 1000;
}

/* An entry: often not present, sometimes large, mostly of another page of the machine. */
static uint64_t random_entry(struct machine *machine)
{
    static const uint64_t flags[] = { 0, 0, 1, 3, 5, 7, 7, 0x67, 0x83, 0x87, 0x63 };
    const uint64_t page = machine_page((unsigned)rng_below(&machine->rng, MACHINE_PAGES));
    const uint64_t no_execute = rng_below(&machine->rng, 4) == 0 ? UINT64_C(1) << 63 : 0;
    const uint64_t flag = flags[rng_below(&machine->rng, sizeof flags / sizeof *flags)];
    return rng_below(&machine->rng, 6) == 0 ? 0 : page | flag | no_execute;
}

static uint64_t entry_phys(unsigned page, unsigned index)
{
    return machine_page(page) + index * sizeof(uint64_t);
}

/* A table whose entries crowd at its beginning, where walks and leaves find them. */
static unsigned random_index(struct machine *machine)
{
    const uint64_t span = rng_below(&machine->rng, 4) ? 6 : MACHINE_ENTRIES;
    return (unsigned)rng_below(&machine->rng, span);
}

static void table_comes(struct machine *machine, unsigned page, struct trace_event *event)
{
    event->kind = EVENT_TABLE;
    event->level = (uint8_t)(1 + rng_below(&machine->rng, 4));
    event->v[0] = machine_page(page);
    event->v[1] = rng_next(&machine->rng) & UINT64_C(0x7fffffe00000);
    event->v[2] = machine_page(0) + 8;
    machine->level[page] = event->level;
    memset(machine->entry[page], 0, sizeof machine->entry[page]);
    machine->pending = (unsigned)rng_below(&machine->rng, 5);
    machine->pending_page = page;
}

static void entry_seen(struct machine *machine, struct trace_event *event)
{
    const unsigned index = random_index(machine);
    machine->pending--;
    event->kind = EVENT_ENTRY_SEEN;
    event->level = (uint8_t)machine->level[machine->pending_page];
    event->v[0] = entry_phys(machine->pending_page, index);
    event->v[1] = random_entry(machine) | 1;
    machine->entry[machine->pending_page][index] = event->v[1];
}

static void entry_changes(struct machine *machine, unsigned page, struct trace_event *event)
{
    const unsigned index = random_index(machine);
    uint64_t *const entry = &machine->entry[page][index];
    const bool by_cpu = rng_below(&machine->rng, 3) == 0;
    event->kind = by_cpu ? EVENT_ENTRY_AD : EVENT_ENTRY_WRITE;
    event->level = (uint8_t)machine->level[page];
    event->what = by_cpu ? 0 : 8;
    event->v[0] = entry_phys(page, index);
    event->v[1] = *entry;
    event->v[2] = by_cpu ? *entry | 0x20 : random_entry(machine);
    *entry = event->v[2];
}

static void other_event(struct machine *machine, unsigned page, struct trace_event *event)
{
    if (rng_below(&machine->rng, 3) == 0) {
        event->kind = EVENT_CR;
        event->what = 3;
        event->v[0] = machine_page(page) | rng_below(&machine->rng, 2) << 63;
        return;
    }
    event->kind = (uint8_t)(EVENT_INVLPG + rng_below(&machine->rng, 5));
    event->v[0] = rng_next(&machine->rng);
}

void machine_next(struct machine *machine, struct trace_event *event)
{
    const unsigned page = (unsigned)rng_below(&machine->rng, MACHINE_PAGES);
    const uint64_t choice = rng_below(&machine->rng, 100);

    machine->tick += rng_below(&machine->rng, 50);
    machine->rip += rng_below(&machine->rng, 64) - 20;
    *event = (struct trace_event){ .tick = machine->tick, .rip = machine->rip };
    event->ring = rng_below(&machine->rng, 2) ? 3 : 0;
    if (machine->pending)
        entry_seen(machine, event);
    else if (choice < 4)
        table_comes(machine, page, event); /* even where there is one already */
    else if (choice < 6 && machine->level[page]) {
        event->kind = EVENT_TABLE_GONE;
        event->level = (uint8_t)machine->level[page];
        event->v[0] = machine_page(page);
        machine->level[page] = 0;
    } else if (choice < 90 && machine->level[page])
        entry_changes(machine, page, event);
    else
        other_event(machine, page, event);
}

/* ---- the model ---- */

static void model_entry(struct model *model, uint64_t phys, uint64_t value, uint64_t writer)
{
    const unsigned page = machine_page_number(phys), index = phys / 8 % MACHINE_ENTRIES;
    if (page == MACHINE_PAGES || !model->level[page])
        return;
    model->entry[page][index] = value;
    if (writer != UINT64_MAX)
        model->writer[page][index] = writer;
}

/* A table that is told again has no entries, but its writers. */
static void model_table(struct model *model, unsigned page, uint64_t n, unsigned level)
{
    const bool again = model->level[page] == level;
    model->level[page] = level;
    memset(model->entry[page], 0, sizeof model->entry[page]);
    if (again)
        return;
    model->born[page] = n;
    for (unsigned i = 0; i < MACHINE_ENTRIES; i++)
        model->writer[page][i] = n;
}

static uint64_t model_writer(const struct model *model, uint64_t phys)
{
    return model->writer[machine_page_number(phys)][phys / 8 % MACHINE_ENTRIES];
}

void model_apply(struct model *model, uint64_t n, const struct trace_event *event)
{
    const unsigned page = machine_page_number(event->v[0]);
    switch (event->kind) {
    case EVENT_CR:
        model->cr3 = event->v[0] & UINT64_C(0x000ffffffffff000);
        break;
    case EVENT_TABLE:
        model_table(model, page, n, event->level);
        break;
    case EVENT_TABLE_GONE:
        model->level[page] = 0;
        break;
    case EVENT_ENTRY_SEEN:
        model_entry(model, event->v[0], event->v[1],
                    model_writer(model, event->v[0]) == model->born[page] ? n : UINT64_MAX);
        break;
    case EVENT_ENTRY_WRITE:
        model_entry(model, event->v[0], event->v[2], n);
        break;
    case EVENT_ENTRY_AD:
        model_entry(model, event->v[0], event->v[2], UINT64_MAX);
        break;
    }
}
