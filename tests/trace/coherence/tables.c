/*
 * Tables that go, windows, address spaces, stores of all sizes, and ways to end.
 */
#include "cases.h"

/* ---- tables that go ------------------------------------------------------------ */

void case_table(void)
{
    map(A | P | W | U);
    read(VA);
    set(&test_pd[0], 0);
    read(VA);
}

/* The page's own translation was never cached, but the way to its table was. */
void case_table_walk(void)
{
    map(A | P | W | U);
    pt[1] = B | P | W | U;
    other_pt[0] = B | P | W | U;
    other_pt[1] = B | P | W | U;
    read(VA + 0x1000);
    set(&test_pd[0], (uint64_t)other_pt | P | W | U);
    read(VA);
}

void case_table_flush(void)
{
    map(A | P | W | U);
    read(VA);
    map(0);
    set(&test_pd[0], 0);
    invlpg(VA);
    set(&test_pd[0], (uint64_t)other_pt | P | W | U);
    other_pt[0] = B | P | W | U;
    user_run(user_read, VA);
}

/* ---- windows ------------------------------------------------------------------- */

void case_window_return(void)
{
    map(A | P | W | U);
    read(VA);
    map(0);
    user_run(user_nothing, 0);
    cr3_write(cr3_read());
    user_run(user_nothing, 0);
}

void case_window_reuse(void)
{
    for (unsigned i = 0; i < 512; i++)
        other_pml4[i] = pml4[i];
    other_pml4[1] = (uint64_t)third | P | W | U;
    third[0] = (uint64_t)test_pd | P | W | U; /* the frame's next owner */
    cr3_write((uint64_t)other_pml4);
    cr3_write((uint64_t)pml4);
    map(A | P | W | U);
    read(VA);
    map(0);
    set(&third[1], A | P | W | U); /* not a table of pages: a link */
    invlpg(VA);
    user_run(user_nothing, 0);
}

/* The page stays where it was, but the way there leads through a table that was given up. */
void case_window_table(void)
{
    map(A | P | W | U);
    read(VA);
    other_pt[0] = A | P | W | U;
    set(&test_pd[0], (uint64_t)other_pt | P | W | U);
    user_run(user_nothing, 0);
    cr3_write(cr3_read());
    user_run(user_nothing, 0);
}

/* ---- address spaces, and stores of other sizes ----------------------------------- */

/* Leaves the entries of process context 1 where they are while 2 is loaded. */
void case_pcid(void)
{
    cr4_write(cr4_read() | CR4_PCIDE);
    cr3_write((uint64_t)pml4 | 1);
    map(A | P | W | U);
    read(VA);
    cr3_write((uint64_t)pml4 | 2);
    map(B | P | W | U);
    cr3_write((uint64_t)pml4 | 1 | KEEP);
    read(VA);
}

void case_stores(void)
{
    uint8_t *bytes = (uint8_t *)&pt[0];

    map(A | P | W | U);
    asm volatile("lock orq $0x200, %0" : "+m"(pt[0]));
    asm volatile("lock btsq $10, %0" : "+m"(pt[0]));
    asm volatile("andq $-1025, %0" : "+m"(pt[0]));
    asm volatile("xchgq %0, %1" : "+m"(pt[1]) : "r"(B | P | W | U));
    asm volatile("lock cmpxchgq %2, %0" : "+m"(pt[2]) : "a"(0ull), "r"(B | P | U) : "memory");
    asm volatile("movb $0x27, %0" : "=m"(bytes[24]));
    asm volatile("movl $0x2001, %0" : "=m"(*(uint32_t *)(bytes + 26)));
    asm volatile("movups %0, %%xmm0; movups %%xmm0, %1"
                 :
                 : "m"(pt[0]), "m"(*(uint64_t(*)[2])(bytes + 44))
                 : "memory");
    asm volatile("rep stosq" : : "D"(&pt[16]), "a"(B | P), "c"(20ull) : "memory");
    asm volatile("rep stosb" : : "D"(&pt[300]), "a"(0), "c"(20ull) : "memory");
    asm volatile("rep movsq" : : "S"(&pt[16]), "D"(&pt[40]), "c"(20ull) : "memory");
    read(VA);
    write(VA + 0x1000, 1);
    asm volatile("lock andq $-2, %0" : "+m"(pt[0]));
    set(&pt[7], A | W | U); /* not present, keeps its frame */
    cr3_write(cr3_read());
}

/* A tree that is given up without being cleared: its pages become other things. */
void case_given_up(void)
{
    for (unsigned i = 0; i < 512; i++)
        other_pml4[i] = i == 1 ? (uint64_t)third | P | W | U : pml4[i];
    third[0] = (uint64_t)other_pt | P | W | U;
    other_pt[0] = (uint64_t)0x2500000 | P | W | U;
    cr3_write((uint64_t)other_pml4);
    cr3_write((uint64_t)pml4);
    other_pt[1] = 0x6f6c6c6548ull | 1; /* text: "Hello" with reserved bits */
    other_pt[2] = 0x7fffffffffffffffull;
    for (unsigned i = 0; i < 512; i++)
        other_pml4[i] = 0;
    map((uint64_t)third | P | W | U); /* a user's page now */
    write(VA, 0x123457);
    set(&test_pd[2], (uint64_t)other_pml4 | P | W | U); /* a page table now */
    set(&other_pml4[3], A | P | W | U);
    read(VA_BIG + 0x200000 + 3 * 4096);
}

/* other_pml4 is pml4, but that its entry `at` refers to `third`. */
static void second_space(unsigned at)
{
    for (unsigned i = 0; i < 512; i++)
        other_pml4[i] = i == at ? (uint64_t)third | P | W | U : pml4[i];
}

/* A table of two spaces outlives the entry that led to it first. */
void case_shared_table(void)
{
    map(A | P | W | U);
    set(&test_pd[7], BIG_A | P | W | U | PS); /* never used */
    second_space(0);
    for (unsigned i = 0; i < 512; i++)
        third[i] = pdpt[i];
    cr3_write((uint64_t)other_pml4);
    set(&pdpt[1], 0);
    read(VA);
    set(&pt[1], B | P | W | U);
    read(VA + 0x1000);
}

/* The same, and what is left maps it at other addresses. */
void case_moved_table(void)
{
    map(A | P | W | U);
    second_space(1);
    third[2] = (uint64_t)test_pd | P | W | U;
    cr3_write((uint64_t)other_pml4);
    set(&pdpt[1], 0);
    invlpg(VA);
    set(&pt[1], B | P | W | U);
    read((1ull << 39) + (2ull << 30) + 0x1000);
}

/* A root that entries refer to, its own first, and then only another space's. */
void case_linked_root(void)
{
    set(&pml4[5], (uint64_t)pml4 | P | W);
    second_space(1);
    cr3_write((uint64_t)other_pml4);
    cr3_write((uint64_t)pml4);
    set(&pml4[5], 0);
    invlpg(5ull << 39);
}

/* Two more spaces like the first: both have run, and sleep. */
static void sleeping_spaces(void)
{
    for (unsigned i = 0; i < 512; i++)
        other_pml4[i] = third[i] = pml4[i];
    cr3_write((uint64_t)other_pml4);
    cr3_write((uint64_t)third);
    cr3_write((uint64_t)pml4);
}

/* A dead root, still full, holds data that looks like an entry for a root that lives. */
void case_sleeping_root(void)
{
    sleeping_spaces();
    third[3] = (uint64_t)other_pml4 | P | W | U;
    cr3_write((uint64_t)other_pml4);
}

/* A dead root becomes a lower table of a space before that runs again. */
void case_root_below(void)
{
    sleeping_spaces();
    other_pml4[5] = A | P | W | U;
    for (unsigned i = 0; i < 512; i++)
        if (i != 5)
            other_pml4[i] = 0;
    third[3] = (uint64_t)other_pml4 | P | W | U;
    cr3_write((uint64_t)third);
    other_pml4[6] = B | P | W | U | PS;
}

/* One interrupt of the PIT, by the interrupt controller as the firmware left it or did not. */
static void timer_interrupt(void)
{
    static const struct {
        uint16_t port;
        uint8_t value;
    } setup[] = {
        { 0x20, 0x11 }, { 0x21, 0x30 }, { 0x21, 4 }, { 0x21, 1 },    { 0xa0, 0x11 },
        { 0xa1, 0x38 }, { 0xa1, 2 },    { 0xa1, 1 }, { 0x21, 0xfe }, { 0xa1, 0xff },
        { 0x43, 0x30 }, { 0x40, 100 },  { 0x40, 0 },
    };

    for (unsigned i = 0; i < sizeof(setup) / sizeof(setup[0]); i++)
        out8(setup[i].port, setup[i].value);
    asm volatile("sti; hlt; cli");
}

/* ---- events and ends ------------------------------------------------------------- */

void case_events(void)
{
    on_fault = fault_maps_b;
    asm volatile("wrmsr" : : "c"(0xc0000102), "a"(0x1234), "d"(0));
    out8(0x80, 0x55);
    user_run(user_nothing, 0);
    write(VA, 1);
    invlpg(VA);
    invpcid(2, 0, 0x5000);
    cr3_write(cr3_read());
    timer_interrupt();
}

void case_halt(void)
{
    asm volatile("cli; hlt");
}

void case_reset(void)
{
    out8(0xcf9, 0x06);
    for (;;)
        ;
}

void case_triple(void)
{
    const struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) none = { 0 };

    asm volatile("lidt %0; ud2" : : "m"(none));
}

void case_loop(void)
{
    for (;;)
        asm volatile("cli");
}

void case_flood(void)
{
    for (;;)
        out8(0x80, 1);
}
