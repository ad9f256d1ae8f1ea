/*
 * One kernel, many ways to keep the TLB coherent or not; the word case=NAME of
 * the command line chooses. What the recorder must say about each is in
 * expected.txt.
 */
#include "machine.h"

#define VA        0x40000000ull /* what the cases map: page table `pt`, by `test_pd` */
#define VA_BIG    0x40200000ull /* the next entry of test_pd: a 2 MiB page */
#define VA_GIANT  0x80000000ull /* an entry of the PDPT: a 1 GiB page */
#define A         0x2000000ull  /* frames, all different */
#define B         0x2001000ull
#define HIGH      0x100000000ull
#define BIG_A     0x2200000ull
#define BIG_B     0x2400000ull
#define CODE      0xc3c3c3c3c3c3c3c3ull /* RET */
#define USER_CODE 0x80cdull             /* INT 0x80 */
#define CR4_PCIDE (1ull << 17)
#define KEEP      (1ull << 63)

static _Alignas(4096) table_t test_pd, pt, other_pt, other_pml4, third;
static void (*on_fault)(uint64_t va, uint64_t error);

void fault_handler(uint64_t va, uint64_t error);
void coherence_main(const uint8_t *info);

static void finish(void)
{
    for (const char *c = "Shutdown"; *c; c++)
        out8(0x8900, (uint8_t)*c);
    for (;;)
        asm volatile("cli; hlt");
}

void fault_handler(uint64_t va, uint64_t error)
{
    if (!on_fault)
        finish();
    on_fault(va, error);
}

static void set(uint64_t *entry, uint64_t value)
{
    *(volatile uint64_t *)entry = value;
}

static void map(uint64_t entry)
{
    set(&pt[0], entry);
}

static void fault_maps_b(uint64_t va, uint64_t error)
{
    (void)va;
    (void)error;
    map(B | P | W | U);
}

/* ---- stale uses ------------------------------------------------------------- */

static void case_read(void)
{
    map(A | P | W | U);
    read(VA);
    map(B | P | W | U);
    read(VA);
}

static void case_write(void)
{
    map(A | P | W | U);
    write(VA, 1);
    map(B | P | W | U);
    write(VA, 1);
}

static void case_fetch(void)
{
    write(A, CODE);
    write(B, CODE);
    map(A | P | W | U);
    call(VA);
    map(B | P | W | U);
    call(VA);
}

static void case_unmap(void)
{
    map(A | P | W | U);
    read(VA);
    map(0);
    read(VA);
}

static void case_downgrade(void)
{
    map(A | P | W | U);
    write(VA, 1);
    map(A | P | U | D);
    write(VA, 2);
}

static void case_no_execute(void)
{
    write(A, CODE);
    map(A | P | W | U);
    call(VA);
    map(A | P | W | U | NX);
    call(VA);
}

static void case_big(void)
{
    set(&test_pd[1], BIG_A | P | W | U | PS);
    read(VA_BIG + 0x123450);
    set(&test_pd[1], BIG_B | P | W | U | PS);
    read(VA_BIG + 0x54320);
}

static void case_giant(void)
{
    set(&pdpt[2], 0 | P | W | U | PS);
    read(VA_GIANT + A);
    set(&pdpt[2], 0);
    read(VA_GIANT + A);
}

/* The table itself above 4 GiB; needs a machine with that much RAM. */
static void case_high(void)
{
    uint64_t *high = (uint64_t *)(HIGH + 0x5000);

    set(&pdpt[4], HIGH | P | W | U | PS);
    high[0] = A | P | W | U;
    set(&test_pd[0], (uint64_t)high | P | W | U);
    read(VA);
    high[0] = (HIGH + 0x7000) | P | W | U;
    read(VA);
    invlpg(VA);
    read(VA);
    high[1] = B | P | W | U;
    set(&test_pd[0], 0);
    invlpg(VA);
}

static void case_user(void)
{
    map(A | P | W | U);
    user_run(user_read, VA);
    map(B | P | W | U);
    user_run(user_read, VA);
}

static void case_user_write(void)
{
    map(A | P | W | U);
    user_run(user_write, VA);
    map(A | P | U | D);
    user_run(user_write, VA);
}

static void case_user_fetch(void)
{
    write(A, USER_CODE);
    write(B, USER_CODE);
    map(A | P | W | U);
    user_run((void (*)(void))VA, 0);
    map(B | P | W | U);
    user_run((void (*)(void))VA, 0);
}

static void case_global(void)
{
    map(A | P | W | U | G);
    read(VA);
    map(B | P | W | U | G);
    cr3_write(cr3_read());
    read(VA);
}

/* The emulator's TLB has one place for both pages: it forgets the first, a real one may not. */
static void case_forgotten(void)
{
    on_fault = fault_maps_b;
    map(A | P | W | U);
    read(VA);
    map(0);
    for (uint64_t i = 1; i <= 8; i++)
        read(i << 23);
    read(VA);
}

/* ---- flushes that cover ----------------------------------------------------- */

static void case_invlpg(void)
{
    map(A | P | W | U);
    read(VA);
    map(B | P | W | U);
    invlpg(VA + 0x234);
    read(VA);
}

static void case_cr3(void)
{
    map(A | P | W | U);
    read(VA);
    map(B | P | W | U);
    cr3_write(cr3_read());
    user_run(user_read, VA);
}

static void case_global_invlpg(void)
{
    map(A | P | W | U | G);
    read(VA);
    map(B | P | W | U | G);
    invlpg(VA);
    user_run(user_read, VA);
}

static void case_global_cr4(void)
{
    map(A | P | W | U | G);
    read(VA);
    map(B | P | W | U | G);
    cr4_write(cr4_read() & ~0x80ull);
    cr4_write(cr4_read() | 0x80);
    user_run(user_read, VA);
}

static void case_big_invlpg(void)
{
    set(&test_pd[1], BIG_A | P | W | U | PS);
    read(VA_BIG + 0x123450);
    set(&test_pd[1], BIG_B | P | W | U | PS);
    invlpg(VA_BIG);
    read(VA_BIG + 0x54320);
}

static void case_invpcid(void)
{
    cr4_write(cr4_read() | CR4_PCIDE);
    map(A | P | W | U);
    read(VA);
    map(B | P | W | U);
    invpcid(0, 0, VA);
    read(VA);
    map(A | P | W | U);
    invpcid(1, 0, 0);
    read(VA);
    map(B | P | W | U);
    invpcid(2, 0, 0);
    read(VA);
    map(A | P | W | U);
    invpcid(3, 0, 0);
    read(VA);
}

/* ---- what needs no flush ----------------------------------------------------- */

static void case_upgrade(void)
{
    map(A | P | U);
    read(VA);
    map(A | P | W | U);
    write(VA, 1);
    user_run(user_write, VA);
}

static void case_first(void)
{
    on_fault = fault_maps_b;
    read(VA);
    user_run(user_read, VA);
}

/* A fault drops the page's translation, so the handler need not. */
static void case_fault(void)
{
    on_fault = fault_maps_b;
    map(A | P | U);
    read(VA);
    write(VA, 1);
    user_run(user_write, VA);
}

/* Used before the last flush, not since. */
static void case_flushed_before(void)
{
    map(A | P | W | U);
    read(VA);
    cr3_write(cr3_read());
    map(B | P | W | U);
    user_run(user_read, VA);
}

/* A page that was only read: the CPU must walk to make it dirty. */
static void case_clean(void)
{
    on_fault = fault_maps_b;
    map(A | P | W | U);
    read(VA);
    map(A | P | U);
    write(VA, 1);
}

static void case_split(void)
{
    for (uint64_t i = 0; i < 512; i++)
        other_pt[i] = (BIG_A + (i << 12)) | P | W | U;
    set(&test_pd[1], BIG_A | P | W | U | PS);
    read(VA_BIG + 0x123450);
    set(&test_pd[1], (uint64_t)other_pt | P | W | U);
    read(VA_BIG + 0x123450);
}

/* ---- tables that go ------------------------------------------------------------ */

static void case_table(void)
{
    map(A | P | W | U);
    read(VA);
    set(&test_pd[0], 0);
    read(VA);
}

/* The page's own translation was never cached, but the way to its table was. */
static void case_table_walk(void)
{
    map(A | P | W | U);
    pt[1] = B | P | W | U;
    other_pt[0] = B | P | W | U;
    other_pt[1] = B | P | W | U;
    read(VA + 0x1000);
    set(&test_pd[0], (uint64_t)other_pt | P | W | U);
    read(VA);
}

static void case_table_flush(void)
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

static void case_window_return(void)
{
    map(A | P | W | U);
    read(VA);
    map(0);
    user_run(user_nothing, 0);
    cr3_write(cr3_read());
    user_run(user_nothing, 0);
}

static void case_window_reuse(void)
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
static void case_window_table(void)
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
static void case_pcid(void)
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

static void case_stores(void)
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
static void case_given_up(void)
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

static void case_events(void)
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

static void case_halt(void)
{
    asm volatile("cli; hlt");
}

static void case_reset(void)
{
    out8(0xcf9, 0x06);
    for (;;)
        ;
}

static void case_triple(void)
{
    const struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) none = { 0 };

    asm volatile("lidt %0; ud2" : : "m"(none));
}

static void case_loop(void)
{
    for (;;)
        asm volatile("cli");
}

static void case_flood(void)
{
    for (;;)
        out8(0x80, 1);
}

#define CASE(name)                                                                                 \
    {                                                                                              \
#name, case_##name                                                                         \
    }
static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    CASE(read),          CASE(write),
    CASE(fetch),         CASE(unmap),
    CASE(downgrade),     CASE(no_execute),
    CASE(big),           CASE(giant),
    CASE(user),          CASE(user_write),
    CASE(global),        CASE(forgotten),
    CASE(invlpg),        CASE(cr3),
    CASE(global_invlpg), CASE(global_cr4),
    CASE(big_invlpg),    CASE(invpcid),
    CASE(upgrade),       CASE(first),
    CASE(fault),         CASE(flushed_before),
    CASE(clean),         CASE(split),
    CASE(table),         CASE(table_walk),
    CASE(table_flush),   CASE(window_return),
    CASE(window_reuse),  CASE(window_table),
    CASE(pcid),          CASE(stores),
    CASE(given_up),      CASE(halt),
    CASE(reset),         CASE(triple),
    CASE(loop),          CASE(flood),
    CASE(high),          CASE(user_fetch),
    CASE(events),
};

static bool word_is(const char *word, const char *name)
{
    while (*name && *word == *name) {
        word++;
        name++;
    }
    return !*name && (!*word || *word == ' ');
}

/* What follows "case=" in the command line: tag 1 of the boot information. */
static const char *find_case(const uint8_t *info)
{
    static const char key[] = "case=";

    for (const uint8_t *tag = info + 8; *(const uint32_t *)tag;
         tag += (*(const uint32_t *)(tag + 4) + 7) & ~7u) {
        if (*(const uint32_t *)tag != 1)
            continue;
        for (const char *c = (const char *)tag + 8; *c; c++) {
            unsigned n = 0;

            while (key[n] && c[n] == key[n])
                n++;
            if (!key[n])
                return c + n;
        }
    }
    return "";
}

static void set_gate(uint64_t *gate, void (*handler)(void), uint64_t dpl)
{
    uint64_t at = (uint64_t)handler;

    gate[0] = (at & 0xffff) | 0x08ull << 16 | (0x8e00ull | dpl << 13) << 32 | (at >> 16) << 48;
    gate[1] = at >> 32;
}

void coherence_main(const uint8_t *info)
{
    static _Alignas(16) uint64_t idt[256][2];
    const struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) pointer = { sizeof(idt) - 1, (uint64_t)idt };
    const char *name = find_case(info);

    set_gate(idt[14], page_fault, 0);
    set_gate(idt[0x30], interrupt, 0);
    set_gate(idt[0x80], user_end, 3);
    asm volatile("lidt %0" : : "m"(pointer));
    set(&test_pd[0], (uint64_t)pt | P | W | U);
    set(&pdpt[1], (uint64_t)test_pd | P | W | U);
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (word_is(name, cases[i].name))
            cases[i].run();
    finish();
}
