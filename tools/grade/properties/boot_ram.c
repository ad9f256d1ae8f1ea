/*
 * Which frames the kernel's half maps at the end, against the memory map that the
 * machine had: the recorder's own (tools/trace/record_boot.c), with the trace's holes.
 */
#include "define.h"

#define RAM_START UINT64_C(0x100000)
#define RAM_LIMIT UINT64_C(0xc0000000) /* devices from here on */
#define BIOS_RAM  UINT64_C(0x10000)    /* the firmware's tables, at the end of RAM */

/* A bit for each frame that a leaf of the kernel's half maps. */
struct mapped {
    uint64_t frames;
    uint8_t *bits;
};

static bool mark_leaf(void *arg, const struct leaf *leaf)
{
    struct mapped *mapped = arg;

    if (leaf->va < KERNEL_HALF)
        return true;
    for (uint64_t at = leaf->phys; at < leaf->phys + leaf->bytes; at += PAGE_SIZE)
        if (at / PAGE_SIZE < mapped->frames)
            mapped->bits[at / PAGE_SIZE / 8] |= (uint8_t)(1 << at / PAGE_SIZE % 8);
    return true;
}

static bool is_mapped(const struct mapped *mapped, uint64_t pa)
{
    return mapped->bits[pa / PAGE_SIZE / 8] >> pa / PAGE_SIZE % 8 & 1;
}

/* Is the address in a hole that the recorder was asked for? */
static bool in_hole(const struct judgement *j, uint64_t pa)
{
    const char *line;

    for (unsigned n = 0; (line = trace_parameter_line(j->run->trace, n)) != NULL; n++) {
        unsigned long long start, len;

        if (sscanf(line, "hole=0x%llx:0x%llx", &start, &len) == 2 && pa >= start &&
            pa - start < len)
            return true;
    }
    return false;
}

/* Look at each frame of the one stretch of RAM from 1 MiB on. */
static void compare(struct judgement *j, const struct mapped *mapped)
{
    uint64_t end = mapped->frames * PAGE_SIZE - BIOS_RAM;

    for (uint64_t pa = RAM_START; pa < end; pa += PAGE_SIZE) {
        bool hole = in_hole(j, pa), there = is_mapped(mapped, pa);

        if (hole != there)
            continue;
        judgement_about_frame(j, pa);
        return judgement_fail_at(
            j, NEVER,
            there ? "The kernel maps the frame at 0x%" PRIx64 ", which the memory map calls "
                    "reserved: it takes for RAM what is not."
                  : "The frame at 0x%" PRIx64 " is RAM by the memory map, but nothing in the "
                    "kernel's half maps it at the end: the kernel does not know all its RAM.",
            pa);
    }
}

PROPERTY(ram_mapped, "The kernel's half maps all of RAM, and nothing that is reserved in between")
{
    uint64_t bytes = (uint64_t)j->run->mem_mib << 20;
    struct mapped mapped = { .frames = (bytes < RAM_LIMIT ? bytes : RAM_LIMIT) / PAGE_SIZE };
    uint64_t cr3;

    mapped.bits = calloc(mapped.frames / 8 + 1, 1);
    if (!mapped.bits)
        return judgement_refuse(j, "Memory is out.");
    if (replay_seek(j->run->replay, trace_events(j->run->trace))) {
        cr3 = replay_cr3(j->run->replay);
        replay_each_leaf(j->run->replay, cr3, mark_leaf, &mapped);
        compare(j, &mapped);
    } else {
        judgement_refuse(j, "The recording cannot be read to its end.");
    }
    free(mapped.bits);
}
