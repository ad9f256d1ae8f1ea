/*
 * Simulated RAM: one reserved area of the process; holes stay inaccessible,
 * so that a stray pointer faults even where no check looks.
 */
#include "sim.h"

#include <string.h>
#include <sys/mman.h>

enum { RAM_MAX_MIB = 1024 };

static struct sim_ram ram_shape;
static char *ram_area;
static uint64_t ram_lookup_count;

const struct sim_ram SIM_RAM_PC = {
    .size = UINT64_C(32) << 20,
    .hole_count = 2,
    .hole = { { 0x9f000, 0x61000 }, { 0x1355000, 0x23000 } },
};
const struct sim_ram SIM_RAM_BIG = {
    .size = UINT64_C(128) << 20,
    .hole_count = 2,
    .hole = { { 0x9f000, 0x61000 }, { 0x1355000, 0x23000 } },
};

void sim_ram_init(const struct sim_ram *ram)
{
    if (ram->size > (uint64_t)RAM_MAX_MIB << 20)
        sim_die("simulated RAM is too large");
    if (ram_area)
        munmap(ram_area, ram_shape.size);
    ram_shape = *ram;
    ram_area = mmap(NULL, ram->size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (ram_area == MAP_FAILED)
        sim_die("no memory for the simulated RAM");
    memset(ram_area, 0xa5, ram->size);
    for (unsigned i = 0; i < ram->hole_count; i++)
        mprotect(ram_area + ram->hole[i].base, ram->hole[i].len, PROT_NONE);
}

const struct sim_ram *sim_ram_shape(void)
{
    return &ram_shape;
}

bool sim_is_ram(uint64_t pa, uint64_t len)
{
    if (pa >= ram_shape.size || len > ram_shape.size - pa)
        return false;
    for (unsigned i = 0; i < ram_shape.hole_count; i++) {
        uint64_t base = ram_shape.hole[i].base;

        if (pa < base + ram_shape.hole[i].len && base < pa + len)
            return false;
    }
    return true;
}

void *sim_phys_to_virt(paddr_t pa)
{
    ram_lookup_count++;
    if (!sim_is_ram(pa.v, 1))
        sim_die("physical address %#llx is no RAM", (unsigned long long)pa.v);
    return ram_area + pa.v;
}

paddr_t sim_virt_to_phys(const void *p)
{
    uint64_t pa = (uint64_t)((const char *)p - ram_area);

    if (!sim_is_ram(pa, 1))
        sim_die("pointer %p does not point into RAM", p);
    return PADDR(pa);
}

uint64_t sim_ram_lookups(void)
{
    return ram_lookup_count;
}
