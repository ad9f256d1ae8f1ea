/*
 * Misconception: a new context begins like a function, so its argument belongs
 * where the function would look first. context_start says which register holds
 * which.
 *
 * Fails: first-program, kernel-registers-kept
 */
uint64_t context_init(void *stack_top, void (*entry)(void *), void *arg)
{
    struct context *context = (struct context *)((uint64_t)stack_top - 16) - 1;

    *context = (struct context){
        .rip = (uint64_t)context_start,
        .rbx = (uint64_t)arg,
        .r12 = (uint64_t)entry,
    };
    return (uint64_t)context;
}
