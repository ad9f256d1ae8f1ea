#include "translate.h"

#include "machine.h"
#include "tables.h"

static uint64_t entry_now(uint64_t phys)
{
    const struct table *table = tables_find(phys);
    uint64_t entry;

    if (table)
        return table->entry[(phys & 0xfff) / sizeof(entry)];
    machine_read(phys, &entry, sizeof(entry));
    return entry;
}

bool translate_step(struct translation *t, uint64_t entry, uint64_t entry_phys, unsigned level)
{
    t->entry = entry;
    t->entry_phys = entry_phys;
    t->level = level;
    t->writable &= (entry & PTE_W) != 0;
    t->user &= (entry & PTE_U) != 0;
    t->executable &= !((entry & PTE_NX) && (machine.efer & EFER_NXE));
    if (entry_is_link(entry, level))
        return true;
    t->present = entry_is_leaf(entry, level);
    t->phys = entry & PTE_ADDR & ~((1ull << level_shift(level)) - 1);
    t->dirty = (entry & PTE_D) != 0;
    t->global = (entry & PTE_G) && (machine.cr4 & CR4_PGE);
    return false;
}

static uint64_t entry_address(uint64_t table, uint64_t va, unsigned level)
{
    return (table & PTE_ADDR) + (va >> level_shift(level) & 511) * sizeof(uint64_t);
}

static void translate_below(struct translation *t, uint64_t table, uint64_t va, unsigned level)
{
    uint64_t at;

    do {
        at = entry_address(table, va, level);
        table = entry_now(at);
    } while (translate_step(t, table, at, level--));
}

struct translation translate(uint64_t root, uint64_t va)
{
    struct translation t = TRANSLATION_START;

    translate_below(&t, root, va, LEVEL_ROOT);
    return t;
}

struct translation translate_from(uint64_t va, uint64_t entry, unsigned level,
                                  const struct translation *rights)
{
    struct translation t = *rights;

    if (translate_step(&t, entry, 0, level))
        translate_below(&t, entry, va, level - 1);
    return t;
}

uint64_t translation_phys(const struct translation *t, uint64_t va)
{
    return t->phys | (va & ((1ull << level_shift(t->level)) - 1));
}

bool translate_read(uint64_t va, void *out, unsigned len)
{
    uint8_t *to = out;

    while (len > 0) {
        unsigned left = (1u << PAGE_BITS) - (va & ((1u << PAGE_BITS) - 1));
        unsigned piece = len < left ? len : left;
        struct translation t = translate(machine.cr3, va);

        if (!t.present)
            return false;
        machine_read(translation_phys(&t, va), to, piece);
        to += piece;
        va += piece;
        len -= piece;
    }
    return true;
}

bool translation_permits(const struct translation *t, enum access_kind kind, unsigned ring)
{
    if (!t->present)
        return false;
    if (ring == 3 && !t->user)
        return false;
    if (kind == ACCESS_FETCH)
        return t->executable && !(ring < 3 && t->user && (machine.cr4 & CR4_SMEP));
    if (ring < 3 && t->user && (machine.cr4 & CR4_SMAP) && !(machine_reg(CPU_EFLAGS) & FLAGS_AC))
        return false;
    return kind == ACCESS_READ || t->writable || (ring < 3 && !(machine.cr0 & CR0_WP));
}

bool translation_is_weaker(const struct translation *now, const struct translation *old,
                           uint64_t va)
{
    if (!now->present || now->level != old->level)
        return true;
    return translation_phys(now, va) != translation_phys(old, va) ||
           (old->writable && !now->writable) || (old->user && !now->user) ||
           (old->executable && !now->executable);
}
