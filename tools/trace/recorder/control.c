/*
 * Which instruction flushes what: Intel SDM vol. 3A, "Operations that Invalidate
 * TLBs and Paging-Structure Caches".
 */
#include "control.h"

#include "machine.h"
#include "out.h"
#include "tables.h"
#include "tlb.h"
#include "translate.h"

#include <string.h>

enum {
    CHANGED_CR0 = 10,
    CHANGED_CR3 = 11,
    CHANGED_CR4 = 12,
    CHANGED_TASK = 13,
    CHANGED_INVLPG = 15,
    CHANGED_INVPCID = 18,
};
enum { INVPCID_PAGE, INVPCID_SPACE, INVPCID_ALL, INVPCID_NOT_GLOBAL };

static uint64_t descriptor[2];

void control_note_descriptor(const uint8_t *data)
{
    memcpy(descriptor, data, sizeof(descriptor));
}

/* Paging may have been switched on or off, or another root may hold. */
static void control_follow_root(void)
{
    if (machine_paging())
        tables_load_root(machine.cr3);
}

void control_refresh(void)
{
    bool paging = machine_paging();

    machine_refresh();
    if (!paging)
        control_follow_root();
}

static void control_cr0(uint64_t old)
{
    out_event(EVENT_CR, 0, 0, VALUES(machine.cr0, old));
    if ((machine.cr0 ^ old) & CR0_PG) {
        tlb_flush_all();
        control_follow_root();
    }
}

/*
 * Bochs drops the bit that keeps translations before it tells of the load. It
 * is still in the register of the instruction just executed, MOV to CR3: 0f 22
 * and a byte that ends in the register's number, whose fourth bit is in a
 * prefix.
 */
static bool control_keeps(uint64_t value, uint64_t old)
{
    uint64_t rip = machine_reg(CPU_RIP) - 4;
    struct translation t;
    uint8_t code[4];

    if (!(machine.cr4 & CR4_PCIDE))
        return false;
    t = translate(old, rip);
    if (!t.present)
        return false;
    machine_read(translation_phys(&t, rip), code, sizeof(code));
    for (unsigned high = (code[0] & 0xf1) == 0x41; high <= 1; high--) {
        uint64_t reg = machine_reg((enum machine_reg)((code[3] & 7) + 8 * high));

        if ((reg & ~CR3_NOFLUSH) == (value & ~CR3_NOFLUSH))
            return reg & CR3_NOFLUSH;
    }
    return false;
}

static void control_cr3(uint64_t value, uint64_t old)
{
    bool keep = control_keeps(value, old);

    if (keep)
        value |= CR3_NOFLUSH;
    out_event(EVENT_CR, 3, 0, VALUES(value, old));
    if (!keep)
        tlb_flush_space(tlb_space());
    control_follow_root();
}

static void control_cr4(uint64_t old)
{
    uint64_t changed = machine.cr4 ^ old;

    out_event(EVENT_CR, 4, 0, VALUES(machine.cr4, old));
    if (changed & (CR4_PAE | CR4_PGE | CR4_PCIDE | CR4_SMEP))
        tlb_flush_all();
}

static void control_invpcid(uint64_t type)
{
    uint64_t pcid = descriptor[0] & CR3_PCID;

    out_event(EVENT_INVPCID, (uint32_t)type, 0, VALUES(descriptor[1], descriptor[0]));
    if (type == INVPCID_PAGE)
        tlb_flush_page(descriptor[1], pcid, false);
    else if (type == INVPCID_SPACE)
        tlb_flush_space(pcid);
    else if (type == INVPCID_ALL)
        tlb_flush_all();
    else
        tlb_flush_not_global();
}

void control_changed(unsigned what, uint64_t value)
{
    struct machine old = machine;

    machine_refresh();
    switch (what) {
    case CHANGED_CR0:
        control_cr0(old.cr0);
        break;
    case CHANGED_CR3:
    case CHANGED_TASK:
        control_cr3(value, old.cr3);
        break;
    case CHANGED_CR4:
        control_cr4(old.cr4);
        break;
    case CHANGED_INVLPG:
        out_event(EVENT_INVLPG, 0, 0, VALUES(value));
        tlb_flush_page(value, tlb_space(), true);
        break;
    case CHANGED_INVPCID:
        control_invpcid(value);
        break;
    default:
        break;
    }
}
