/*
 * Misconception: Exceptions come from programs, so their gates need ring 3. The CPU ignores the
 * gate's ring for exceptions; with 3 a program can forge a page fault or the timer by INT n.
 *
 * Fails: program-finishes, int-forbidden, bad-pointer, kernel-read, big-memory
 */
void idt_set(unsigned vector, void (*entry)(void), enum ist ist, unsigned ring)
{
    uint64_t offset = (uint64_t)entry;

    KASSERT(vector < ARRAY_SIZE(idt) && ring <= 3);
    idt[vector] = (struct idt_gate){
        .offset_low = offset & 0xffff,
        .selector = SEL_KERNEL_CODE,
        .ist = ist,
        .type = GATE_PRESENT | 3 << 5 | GATE_INTERRUPT,
        .offset_middle = offset >> 16 & 0xffff,
        .offset_high = offset >> 32,
    };
}
