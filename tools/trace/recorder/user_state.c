#include "user_state.h"

#include "../challenge.h"
#include "machine.h"
#include "out.h"
#include "setup.h"

#include <stddef.h>

/* What SYSCALL itself overwrites. */
static const enum machine_reg clobbered[] = { CPU_RCX, CPU_R11 };

/* All others but RAX, which holds results, and RSP, which stands by itself. */
static const enum machine_reg preserved[] = {
    CPU_RBX, CPU_RBP, CPU_RSI, CPU_RDI, CPU_R8,  CPU_R9,
    CPU_R10, CPU_R12, CPU_R13, CPU_R14, CPU_R15, CPU_RDX,
};

static uint64_t registers_hash(const enum machine_reg *reg, size_t count)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < count; i++)
        hash = siphash_word(hash, i, machine_reg(reg[i]));
    return hash;
}

static void user_state_tell(enum user_state what, uint64_t rip)
{
    if (!setup.user_state)
        return;
    out_event_at(EVENT_USER_STATE, what, 0, rip, 3,
                 VALUES(registers_hash(preserved, sizeof(preserved) / sizeof(preserved[0])),
                        machine_reg(CPU_RAX),
                        registers_hash(clobbered, sizeof(clobbered) / sizeof(clobbered[0])),
                        machine_reg(CPU_RSP), rip));
}

void user_state_leaves(uint64_t rip)
{
    user_state_tell(USER_STATE_LEAVES, rip);
}

void user_state_enters(uint64_t rip)
{
    user_state_tell(USER_STATE_ENTERS, rip);
}
