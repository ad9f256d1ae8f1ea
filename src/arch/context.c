/* A new task's first stack; see context.h. */
#include "arch/context.h"

#include "lib/panic.h"

void context_start(void); /* switch.S */

/* What context_switch pops, lowest address first. */
struct context {
    uint64_t r15, r14, r13, r12, rbx, rbp;
    uint64_t rip;
};
_Static_assert(sizeof(struct context) == 56, "switch.S pops six words and returns");

uint64_t context_init(void *stack_top, void (*entry)(void *), void *arg)
{
    /* Two zero words stay above: a backtrace that gets here finds an end. */
    struct context *context = (struct context *)((uint64_t)stack_top - 16) - 1;

    KASSERT(is_aligned((uint64_t)stack_top, 16));
    *context = (struct context){
        .rip = (uint64_t)context_start,
        .rbx = (uint64_t)entry,
        .r12 = (uint64_t)arg,
    };
    return (uint64_t)context;
}
