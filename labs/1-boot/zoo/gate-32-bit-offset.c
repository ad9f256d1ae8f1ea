/*
 * Misconception: An offset has two halves, as in 32-bit gates. In 64-bit mode it has a third
 * part; with zeros there the handler lies where nothing is mapped.
 *
 * Fails: program-finishes, int3, int-forbidden, bad-pointer, kernel-read, double-fault,
 *        big-memory
 */
void idt_set(unsigned vector, void (*entry)(void), enum ist ist, unsigned ring)
{
    uint64_t offset = (uint64_t)entry;

    KASSERT(vector < ARRAY_SIZE(idt) && ring <= 3);
    idt[vector] = (struct idt_gate){
        .offset_low = offset & 0xffff,
        .selector = SEL_KERNEL_CODE,
        .ist = ist,
        .type = GATE_PRESENT | ring << 5 | GATE_INTERRUPT,
        .offset_middle = offset >> 16 & 0xffff,
    };
}
