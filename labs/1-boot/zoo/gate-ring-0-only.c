/*
 * Misconception: The gate's ring is the ring that the handler runs in. It is the least
 * privileged ring that may use INT n: with 0 everywhere a program's INT3 is #GP.
 *
 * Fails: int3
 */
void idt_set(unsigned vector, void (*entry)(void), enum ist ist, unsigned ring)
{
    uint64_t offset = (uint64_t)entry;

    KASSERT(vector < ARRAY_SIZE(idt) && ring <= 3);
    idt[vector] = (struct idt_gate){
        .offset_low = offset & 0xffff,
        .selector = SEL_KERNEL_CODE,
        .ist = ist,
        .type = GATE_PRESENT | GATE_INTERRUPT,
        .offset_middle = offset >> 16 & 0xffff,
        .offset_high = offset >> 32,
    };
}
