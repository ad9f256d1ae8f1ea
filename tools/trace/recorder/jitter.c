/*
 * The PIT tells the interrupt controller through virtual functions of Bochs'
 * bx_pic_c: the object gets a table of its own, with ours in the place of
 * raise_irq. An object by the name of "pic" is known to the debugger.
 */
#include "jitter.h"

#include "../challenge.h"
#include "machine.h"
#include "setup.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TIMER_IRQ = 0 };

/* What Bochs' debugger knows about a device. */
struct debug_info {
    const char *name;
    void *device;
    struct debug_info *next;
};

typedef void (*irq_function_t)(void *pic, unsigned irq);

static irq_function_t raise_irq, lower_irq;
static void *pic;
static unsigned timer;
static bool waiting;
static uint64_t last_tick; /* of the PIT; 0: none yet */
static uint64_t count;     /* ticks so far */

/* The line goes up anew, whatever the PIT has done to it meanwhile. */
static void jitter_fire(void *arg)
{
    (void)arg;
    waiting = false;
    lower_irq(pic, TIMER_IRQ);
    raise_irq(pic, TIMER_IRQ);
}

/* How long to hold back a tick that comes now, so long after the last one. */
static uint64_t jitter_delay(uint64_t now, uint64_t period)
{
    if (period == 0)
        return 0;
    if (setup.jitter)
        return siphash_word(setup.jitter, 0, count) % period;
    for (size_t i = 0; i < setup.jitter_ticks; i++)
        if (setup.jitter_tick[i] >= now && setup.jitter_tick[i] < now + period)
            return setup.jitter_tick[i] - now;
    return 0;
}

static void jitter_raise(void *object, unsigned irq)
{
    uint64_t now, delay;

    if (irq != TIMER_IRQ) {
        raise_irq(object, irq);
        return;
    }
    now = machine_tick();
    delay = jitter_delay(now, last_tick ? now - last_tick : 0);
    last_tick = now;
    count++;
    if (delay == 0 || waiting) {
        raise_irq(object, irq);
        return;
    }
    waiting = true;
    machine_set_timer(timer, delay);
}

/* The functions of a class by a table of them, which its symbol gives the size of. */
static size_t table_length(void **table)
{
    const Elf64_Sym *symbol = NULL;
    Dl_info info;

    if (!dladdr1(table, &info, (void **)&symbol, RTLD_DL_SYMENT) || !symbol || !info.dli_saddr)
        return 0;
    return ((uintptr_t)info.dli_saddr + symbol->st_size - (uintptr_t)table) / sizeof(*table);
}

static void **table_find(void **table, size_t length, const char *function)
{
    for (size_t i = 0; i < length; i++) {
        Dl_info info;

        if (dladdr(table[i], &info) && info.dli_sname && strcmp(info.dli_sname, function) == 0)
            return &table[i];
    }
    setup_refuse("this Bochs' interrupt controller has no %s; install the package bochs 2.7",
                 function);
}

/* The object's own copy of its table; two words before it belong to it. */
static void pic_replace_raise(void)
{
    enum { BEFORE = 2 };
    void **table = *(void ***)pic, **copy;
    size_t length = table_length(table);

    raise_irq = (irq_function_t)*table_find(table, length, "_ZN8bx_pic_c9raise_irqEj");
    lower_irq = (irq_function_t)*table_find(table, length, "_ZN8bx_pic_c9lower_irqEj");
    copy = calloc(length + BEFORE, sizeof(*copy));
    if (!copy)
        setup_refuse("out of memory");
    memcpy(copy, table - BEFORE, (length + BEFORE) * sizeof(*copy));
    copy += BEFORE;
    *table_find(copy, length, "_ZN8bx_pic_c9raise_irqEj") = (void *)jitter_raise;
    *(void ***)pic = copy;
}

void jitter_start(void)
{
    bool (*find_device)(const char *, struct debug_info **);
    struct debug_info *info = NULL;

    if (!setup.jitter && setup.jitter_ticks == 0)
        return;
    find_device = (bool (*)(const char *, struct debug_info **))machine_symbol(
        "_Z23bx_dbg_info_find_devicePKcPP13_debug_info_t");
    if (!find_device("pic", &info))
        setup_refuse("this Bochs has no interrupt controller 'pic'; install the package bochs 2.7");
    pic = info->device;
    timer = machine_make_timer(jitter_fire);
    pic_replace_raise();
}
