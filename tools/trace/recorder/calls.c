/*
 * A return is told apart from others by where its return address lay: the
 * stack slot that the call pushed it to, in its address space. Open calls wait
 * in a table by slot; the oldest give way where it is full, as calls that
 * never return must not stay for ever.
 */
#include "calls.h"

#include "machine.h"
#include "out.h"
#include "setup.h"
#include "tables.h"
#include "translate.h"

#include <stdlib.h>
#include <string.h>

enum { FILTER_BITS = 16, OPEN_BITS = 14, OPEN_NEAR = 16, SLOT_BYTES = 8 };

struct symbol {
    uint64_t address;
    uint32_t index;
    unsigned out_argument;
};

struct open_call {
    uint64_t slot, root; /* root: 0 for stacks of the kernel, which all spaces share */
    uint64_t back;       /* return address; 0: free */
    uint64_t order;
    uint64_t out; /* where the function is to leave a result; 0: nowhere */
    uint32_t index;
};

/* Where the System V ABI passes arguments. */
static const enum machine_reg argument[] = { CPU_RDI, CPU_RSI, CPU_RDX, CPU_RCX, CPU_R8, CPU_R9 };

static struct symbol *symbols;
static uint8_t entered[1 << FILTER_BITS], returned[1 << FILTER_BITS];
static struct open_call open_calls[(1 << OPEN_BITS) + OPEN_NEAR];
static uint64_t calls_order;

static uint8_t *filter_at(uint8_t *filter, uint64_t address)
{
    return &filter[address & ((1 << FILTER_BITS) - 1)];
}

static int symbol_compare(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;

    return x->address < y->address ? -1 : x->address > y->address;
}

void calls_init(void)
{
    symbols = calloc(setup.symbols + 1, sizeof(*symbols));
    if (!symbols)
        setup_refuse("out of memory");
    for (size_t i = 0; i < setup.symbols; i++) {
        const struct setup_symbol *s = &setup.symbol[i];

        symbols[i] = (struct symbol){ s->address, (uint32_t)i, s->out_argument };
        *filter_at(entered, s->address) = 1;
    }
    qsort(symbols, setup.symbols, sizeof(*symbols), symbol_compare);
}

static struct open_call *open_near(uint64_t slot)
{
    uint64_t key = slot / SLOT_BYTES * 0x9e3779b97f4a7c15ull;

    return &open_calls[key >> (64 - OPEN_BITS)];
}

static uint64_t stack_root(uint64_t slot)
{
    return slot >> 63 ? 0 : machine.cr3 & PTE_ADDR;
}

static void open_push(uint64_t slot, uint64_t back, const struct symbol *symbol, uint64_t out)
{
    struct open_call *near = open_near(slot), *best = near;

    for (unsigned i = 0; i < OPEN_NEAR && best->back; i++)
        if (!near[i].back || near[i].order < best->order)
            best = &near[i];
    *best = (struct open_call){ slot, stack_root(slot), back, ++calls_order, out, symbol->index };
    *filter_at(returned, back) = 1;
}

static uint64_t slot_read(uint64_t slot)
{
    uint64_t back = 0;

    if (machine_paging())
        translate_read(slot, &back, sizeof(back));
    else
        machine_read(slot, &back, sizeof(back) / 2);
    return back;
}

void calls_enter(uint64_t to)
{
    struct symbol key = { .address = to }, *found;
    uint64_t slot, out = 0;

    if (!*filter_at(entered, to))
        return;
    found = bsearch(&key, symbols, setup.symbols, sizeof(*symbols), symbol_compare);
    if (!found)
        return;
    slot = machine_reg(CPU_RSP);
    out_event_at(EVENT_CALL, found->index, 0, to, machine_ring(),
                 VALUES(machine_reg(CPU_RDI), machine_reg(CPU_RSI), machine_reg(CPU_RDX),
                        machine_reg(CPU_RCX), machine_reg(CPU_R8), machine_reg(CPU_R9)));
    if (found->out_argument)
        out = machine_reg(argument[found->out_argument - 1]);
    open_push(slot, slot_read(slot), found, out);
}

/* A value that a function has left where its caller asked for it. */
static void calls_tell_out(const struct open_call *call)
{
    uint64_t value = 0;

    if (call->out && translate_read(call->out, &value, sizeof(value)))
        out_event(EVENT_OUT_VALUE, call->index, 0, VALUES(value, call->out));
}

/* Calls that end here: the function, and those that jumped to it instead of returning. */
void calls_leave(uint64_t to)
{
    struct open_call *near, *newest;
    uint64_t slot;

    if (!*filter_at(returned, to))
        return;
    slot = machine_reg(CPU_RSP) - SLOT_BYTES;
    near = open_near(slot);
    do {
        newest = NULL;
        for (unsigned i = 0; i < OPEN_NEAR; i++) {
            struct open_call *c = &near[i];

            if (c->slot == slot && c->back == to && c->root == stack_root(slot) &&
                (!newest || c->order > newest->order))
                newest = c;
        }
        if (newest) {
            newest->back = 0;
            calls_tell_out(newest);
            out_event(EVENT_RETURN, newest->index, 0, VALUES(machine_reg(CPU_RAX), to));
        }
    } while (newest);
}
