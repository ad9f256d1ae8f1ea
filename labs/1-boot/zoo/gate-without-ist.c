/*
 * Misconception: The kernel always has a stack, so the IST field may stay 0. A double fault
 * comes when the stack is what is broken: without one of its own it becomes a triple fault.
 *
 * Fails: double-fault
 */
void idt_set(unsigned vector, void (*entry)(void), enum ist ist, unsigned ring)
{
    uint64_t offset = (uint64_t)entry;

    KASSERT(vector < ARRAY_SIZE(idt) && ring <= 3);
    (void)ist;
    idt[vector] = (struct idt_gate){
        .offset_low = offset & 0xffff,
        .selector = SEL_KERNEL_CODE,
        .type = GATE_PRESENT | ring << 5 | GATE_INTERRUPT,
        .offset_middle = offset >> 16 & 0xffff,
        .offset_high = offset >> 32,
    };
}
