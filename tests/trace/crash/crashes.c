/*
 * The ways to crash. Each kernel is linked with one of these as crash_main().
 */
#include "crashes.h"

#include "machine.h"

static uint64_t spare_pdpt[512] __attribute__((aligned(4096)));
static uint64_t spare_pd[512] __attribute__((aligned(4096)));
static uint64_t spare_pt[512] __attribute__((aligned(4096)));
static char page[4096] __attribute__((aligned(4096)));

/* Linear addresses from here on are free. */
static const uintptr_t spare_va = UINT64_C(1) << 39;

/* Map page at spare_va, by tables of its own. */
static void map_spare(void)
{
    spare_pt[0] = (uintptr_t)page | 3;
    spare_pd[0] = (uintptr_t)spare_pt | 3;
    spare_pdpt[0] = (uintptr_t)spare_pd | 3;
    boot_pml4[1] = (uintptr_t)spare_pdpt | 3;
}

/* What an allocator does with a page that it got back. */
[[gnu::noinline]] static void fill_page(volatile uint64_t *words)
{
    for (unsigned i = 0; i < 512; i++)
        words[i] = UINT64_C(0xcccccccccccccccc);
}

void crash_bad_gdt(void)
{
    static uint64_t short_gdt[1];

    idt_load(give_up);
    __asm__ volatile("lgdt %0" ::"m"((struct table_pointer){ 7, (uintptr_t)short_gdt }));
    __asm__ volatile("pushq $0x08; pushq $1f; lretq; 1:" ::: "memory");
}

void crash_bad_idt(void)
{
    __asm__ volatile("lidt %0" ::"m"((struct table_pointer){ 0, 0 }));
    __asm__ volatile("ud2");
}

void crash_idt_unmapped(void)
{
    __asm__ volatile("lidt %0" ::"m"((struct table_pointer){ 4095, 0x40000000 }));
    __asm__ volatile("ud2");
}

void crash_bad_tss(void)
{
    idt_load(give_up);
    __asm__ volatile("ltr %w0" ::"r"(TSS)); /* the GDT has nothing there yet */
}

/* Go to ring 3, on a page of the kernel's that is made accessible. */
static void enter_user(void)
{
    *pte_of(user_code) |= 4;
    __asm__ volatile("pushq %0; pushq $0; pushq $2; pushq %1; pushq %2; iretq" ::"i"(USER_DATA),
                     "i"(USER_CODE), "r"(user_code));
}

void crash_bad_rsp0(void)
{
    idt_load(give_up);
    tss_load(0x50000000);
    enter_user();
}

void crash_higher_half(void)
{
    idt_load(give_up);
    jump((uintptr_t)give_up + UINT64_C(0xffffffff80000000));
}

static uint64_t fill(volatile uint64_t *words, unsigned count)
{
    for (unsigned i = count; i-- > 0;)
        words[i] = i;
    return words[0];
}

[[gnu::noinline]] static void large_frame(void)
{
    volatile uint64_t words[1400];

    fill(words, 1400);
}

void crash_stack_overflow(void)
{
    idt_load(give_up);
    large_frame();
}

static volatile unsigned depth;

[[gnu::noinline]] static void descend(unsigned n)
{
    depth = n;
    descend(n + 1);
    depth = n;
}

void crash_recursion(void)
{
    idt_load(give_up);
    descend(1);
}

void crash_nx_text(void)
{
    idt_load(give_up);
    map_spare();
    ((char *)page)[0] = (char)0xc3; /* ret */
    spare_pt[0] |= UINT64_C(1) << 63;
    jump(spare_va);
}

void crash_reserved_bits(void)
{
    idt_load(give_up);
    map_spare();
    spare_pt[0] |= UINT64_C(1) << 50;
    poke(spare_va);
}

void crash_freed_table(void)
{
    idt_load(give_up);
    map_spare();
    poke(spare_va);
    fill_page(spare_pt);
    invlpg((void *)spare_va);
    poke(spare_va + 8);
}

void crash_wrong_cr3(void)
{
    idt_load(give_up);
    __asm__ volatile("movq %0, %%cr3" ::"r"(page) : "memory");
}

void crash_iretq_frame(void)
{
    idt_load(give_up);
    /* The handler's error code is still on the stack: RIP, CS and so on are one word off. */
    __asm__ volatile("movq %%rsp, %%rax; pushq $0x10; pushq %%rax; pushq $2; pushq $0x08;"
                     "pushq $1f; pushq $0; iretq; 1:" ::
                         : "rax", "memory");
}

/* IRETQ with a good CS and a RIP from nowhere. */
void crash_iretq_rip(void)
{
    idt_load(give_up);
    __asm__ volatile("movq %%rsp, %%rax; pushq $0x10; pushq %%rax; pushq $2; pushq $0x08;"
                     "pushq $0x7654000; iretq" ::
                         : "rax", "memory");
}

static void timer_start(void)
{
    /* The PIC's lines at 0x20, only the timer's open; the timer at 1 kHz. */
    out8(0x20, 0x11);
    out8(0x21, 0x20);
    out8(0x21, 4);
    out8(0x21, 1);
    out8(0x21, 0xfe);
    out8(0x43, 0x34);
    out8(0x40, 1193 & 0xff);
    out8(0x40, 1193 >> 8);
}

void crash_irq_before_idt(void)
{
    __asm__ volatile("lidt %0" ::"m"((struct table_pointer){ 0, 0 }));
    timer_start();
    __asm__ volatile("sti");
    for (;;)
        depth = 0;
}

static volatile unsigned lock = 1;

[[gnu::noinline]] static void wait_for_lock(void)
{
    while (lock)
        ;
}

void crash_loop_cli(void)
{
    idt_load(give_up);
    wait_for_lock();
}

void crash_loop_sti(void)
{
    idt_load(return_from_irq);
    timer_start();
    __asm__ volatile("sti");
    wait_for_lock();
}

void crash_idle(void)
{
    idt_load(return_from_irq);
    timer_start();
    for (;;)
        __asm__ volatile("sti; hlt");
}

void crash_null_jump(void)
{
    idt_load(give_up);
    jump(0);
}

void crash_null_pointer(void)
{
    idt_load(give_up);
    poke(8);
}

void crash_fault_loop(void)
{
    idt_load(return_unmended);
    poke(0x60000000);
}

void crash_halt(void)
{
    idt_load(give_up);
    __asm__ volatile("cli; hlt");
}

void crash_read_only(void)
{
    idt_load(give_up);
    map_spare();
    spare_pt[0] &= ~UINT64_C(2);
    poke(spare_va);
}

void crash_divide(void)
{
    idt_load(give_up);
    __asm__ volatile("xorl %%ecx, %%ecx; movl $1, %%eax; xorl %%edx, %%edx; divl %%ecx" ::
                         : "eax", "ecx", "edx");
}

void crash_not_canonical(void)
{
    idt_load(give_up);
    poke(UINT64_C(0x8000000000000000));
}

void crash_bad_msr(void)
{
    idt_load(give_up);
    __asm__ volatile("wrmsr" ::"c"(0xc0000100), "a"(0), "d"(1u << 31));
}

void crash_bad_cr4(void)
{
    idt_load(give_up);
    __asm__ volatile("movq %0, %%cr4" ::"r"(UINT64_C(1) << 31));
}

/* Used after it was unmapped. */
void crash_unmapped(void)
{
    idt_load(give_up);
    map_spare();
    poke(spare_va);
    spare_pt[0] = 0;
    invlpg((void *)spare_va);
    poke(spare_va);
}

[[gnu::noinline]] static void panic(void)
{
    __asm__ volatile("int3");
}

void crash_assertion(void)
{
    idt_load(give_up);
    panic();
}

void crash_reset(void)
{
    idt_load(give_up);
    out8(0x64, 0xfe);
    for (;;)
        ;
}

/* Named on the debug console, then the ports that end a run. */
void crash_gives_up(void)
{
    for (const char *c = "an older line\nthis CPU has no fun\n"; *c; c++)
        out8(0xe9, (uint8_t)*c);
    out8(0xf4, 61);
    for (const char *c = "Shutdown"; *c; c++)
        out8(0x8900, (uint8_t)*c);
}
