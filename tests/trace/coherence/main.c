/*
 * One kernel, many ways to keep the TLB coherent or not. What the recorder must
 * say about each is in expected.txt.
 */
#include "cases.h"

#include <stddef.h>

enum { TAG_CMDLINE = 1, TAG_MODULE = 3 };

_Alignas(4096) table_t test_pd, pt, other_pt, other_pml4, third;
void (*on_fault)(uint64_t va, uint64_t error);

void fault_handler(uint64_t va, uint64_t error);
void coherence_main(const uint8_t *info);

static void finish(void)
{
    for (const char *c = "Shutdown"; *c; c++)
        out8(0x8900, (uint8_t)*c);
    for (;;)
        asm volatile("cli; hlt");
}

void fault_handler(uint64_t va, uint64_t error)
{
    if (!on_fault)
        finish();
    on_fault(va, error);
}

void fault_maps_b(uint64_t va, uint64_t error)
{
    (void)va;
    (void)error;
    map(B | P | W | U);
}

#define CASE(name)                                                                                 \
    {                                                                                              \
#name, case_##name                                                                         \
    }
static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    CASE(read),          CASE(write),
    CASE(fetch),         CASE(unmap),
    CASE(downgrade),     CASE(no_execute),
    CASE(big),           CASE(giant),
    CASE(user),          CASE(user_write),
    CASE(global),        CASE(forgotten),
    CASE(invlpg),        CASE(cr3),
    CASE(global_invlpg), CASE(global_cr4),
    CASE(big_invlpg),    CASE(invpcid),
    CASE(upgrade),       CASE(first),
    CASE(fault),         CASE(flushed_before),
    CASE(clean),         CASE(split),
    CASE(table),         CASE(table_walk),
    CASE(table_flush),   CASE(window_return),
    CASE(window_reuse),  CASE(window_table),
    CASE(pcid),          CASE(stores),
    CASE(given_up),      CASE(halt),
    CASE(reset),         CASE(triple),
    CASE(loop),          CASE(flood),
    CASE(high),          CASE(user_fetch),
    CASE(events),        CASE(lab_ring_0),
    CASE(lab_jump),      CASE(lab_forged),
    CASE(lab_stale),     CASE(lab_flushed),
    CASE(shared_table),  CASE(moved_table),
    CASE(linked_root),   CASE(sleeping_root),
    CASE(root_below),
};

static bool word_is(const char *word, const char *name)
{
    while (*name && *word == *name) {
        word++;
        name++;
    }
    return !*name && (!*word || *word == ' ');
}

/* What a tag of the boot information holds; NULL: there is none. */
static const uint8_t *find_tag(const uint8_t *info, uint32_t type)
{
    for (const uint8_t *tag = info + 8; *(const uint32_t *)tag;
         tag += (*(const uint32_t *)(tag + 4) + 7) & ~7u)
        if (*(const uint32_t *)tag == type)
            return tag + 8;
    return NULL;
}

/* What follows "case=" in the command line. */
static const char *find_case(const uint8_t *info)
{
    static const char key[] = "case=";
    const char *line = (const char *)find_tag(info, TAG_CMDLINE);

    for (const char *c = line ? line : ""; *c; c++) {
        unsigned n = 0;

        while (key[n] && c[n] == key[n])
            n++;
        if (!key[n])
            return c + n;
    }
    return "";
}

static void set_gate(uint64_t *gate, void (*handler)(void), uint64_t dpl)
{
    uint64_t at = (uint64_t)handler;

    gate[0] = (at & 0xffff) | 0x08ull << 16 | (0x8e00ull | dpl << 13) << 32 | (at >> 16) << 48;
    gate[1] = at >> 32;
}

void coherence_main(const uint8_t *info)
{
    static _Alignas(16) uint64_t idt[256][2];
    const struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) pointer = { sizeof(idt) - 1, (uint64_t)idt };
    const char *name = find_case(info);
    const uint8_t *module = find_tag(info, TAG_MODULE);

    if (module)
        boot_module = (const uint8_t *)(uint64_t) * (const uint32_t *)module;

    set_gate(idt[14], page_fault, 0);
    set_gate(idt[0x30], interrupt, 0);
    set_gate(idt[0x80], user_end, 3);
    asm volatile("lidt %0" : : "m"(pointer));
    set(&test_pd[0], (uint64_t)pt | P | W | U);
    set(&pdpt[1], (uint64_t)test_pd | P | W | U);
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (word_is(name, cases[i].name))
            cases[i].run();
    finish();
}
