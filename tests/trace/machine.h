/*
 * A made-up machine: an endless stream of events that hang together as a real
 * trace's do (tables come, are written, go), and the plainest model of what they
 * do to the page tables.
 */
#pragma once

#include "check.h"
#include "event.h"

enum { MACHINE_PAGES = 96, MACHINE_ENTRIES = 512 };

/* Physical address of page number n; every third lies above 4 GiB. */
uint64_t machine_page(unsigned n);

struct machine {
    uint64_t rng, tick, rip;
    unsigned pending; /* of a new table's entries: still to be seen */
    unsigned pending_page;
    unsigned level[MACHINE_PAGES]; /* 0: no table */
    uint64_t entry[MACHINE_PAGES][MACHINE_ENTRIES];
};

void machine_init(struct machine *machine, uint64_t seed);
void machine_next(struct machine *machine, struct trace_event *event);

/* What an observer of events knows of the tables. */
struct model {
    unsigned level[MACHINE_PAGES];
    uint64_t entry[MACHINE_PAGES][MACHINE_ENTRIES];
    uint64_t writer[MACHINE_PAGES][MACHINE_ENTRIES];
    uint64_t born[MACHINE_PAGES]; /* what the writers are until there are any */
    uint64_t cr3;
};

void model_apply(struct model *model, uint64_t n, const struct trace_event *event);

/* Number of the page that holds a physical address, or MACHINE_PAGES. */
unsigned machine_page_number(uint64_t phys);
