/*
 * From the loader's 32-bit protected mode to kmain in the higher half.
 *
 * Both loaders enter with flat segments, paging and interrupts off, and the
 * address of their information in ebx (Multiboot2 Specification, "I386 machine
 * state"; Xen, "x86/HVM direct boot ABI"). GRUB says who it is in eax.
 *
 * The image lies at KERNEL_PHYS but is linked at KERNEL_BASE + KERNEL_PHYS: until
 * paging is on, every address needs PHYS(). The first tables, of 2 MiB pages:
 *
 *     boot_pml4 [0]   --+
 *               [256] --+--> boot_pdpt_low  [0..3] ---> boot_pd: the first 4 GiB
 *               [511] -----> boot_pdpt_high [510]  ---> its first GiB, the image in it
 *
 * They serve until vm/kernel_map.c builds the real ones. They lie in bss,
 * which the loaders have cleared.
 */
#include "arch/layout.h"

#define PHYS(symbol) ((symbol) - KERNEL_BASE)

#define MULTIBOOT2_HEADER_MAGIC 0xe85250d6
#define MULTIBOOT2_MAGIC        0x36d76289
#define PVH_MAGIC               0x336ec578
#define XEN_ELFNOTE_PHYS32_ENTRY 18

#define PTE_TABLE     0x03          /* present, writable */
#define PTE_PAGE      0x83          /* the same, 2 MiB */
#define PTE_NX_HIGH   0x80000000    /* in the upper half of the entry */
#define MSR_EFER      0xc0000080
#define EFER_LME_NXE  0x900
#define CR4_PAE       0x20
#define CR0_CLEAR     0x6000000c    /* CD, NW: caches on; TS, EM: FPU there */
#define CR0_SET       0x80010023    /* PG, WP, NE, MP, PE */
#define FLAGS_ID      0x200000      /* can be flipped where CPUID exists */
#define CPUID_LM      (1 << 29)
#define CPUID_NX      (1 << 20)

    .section .multiboot2, "a"
    .balign 8
header:
    .long MULTIBOOT2_HEADER_MAGIC, 0, header_end - header
    .long -(MULTIBOOT2_HEADER_MAGIC + (header_end - header))
    .short 3, 0             /* entry address */
    .long 12, PHYS(boot_multiboot2)
    .balign 8
    .short 6, 0             /* modules aligned to pages */
    .long 8
    .short 4, 1, 12, 0, 2, 0 /* console, optional: EGA text is supported */
    .balign 8
    .short 5, 1, 20, 0      /* framebuffer, optional: for a loader that has a driver */
    .long 1024, 768, 32
    .balign 8
    .short 0, 0, 8, 0       /* end */
header_end:

    .section .note.pvh, "a", @note
    .balign 4
    .long 4, 4, XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long PHYS(boot_pvh)

    .section .boot.text, "ax"
    .code32
boot_pvh:
    movl $PVH_MAGIC, %eax
    .globl boot_multiboot2
boot_multiboot2:
    cli
    cld
    movl $PHYS(boot_stack_top), %esp
    movl %eax, %edi         /* kmain's arguments, from here to the call */
    movl %ebx, %esi

    movl $PHYS(text_no_loader), %ebp
    cmpl $MULTIBOOT2_MAGIC, %edi
    je check_cpu
    cmpl $PVH_MAGIC, %edi
    jne boot_fail

check_cpu:
    movl $PHYS(text_no_cpuid), %ebp
    pushfl
    popl %eax
    movl %eax, %ecx
    xorl $FLAGS_ID, %eax
    pushl %eax
    popfl
    pushfl
    popl %eax
    cmpl %ecx, %eax
    je boot_fail

    movl $PHYS(text_no_long_mode), %ebp
    movl $0x80000000, %eax
    cpuid
    cmpl $0x80000001, %eax
    jb boot_fail
    movl $0x80000001, %eax
    cpuid
    testl $CPUID_LM, %edx
    jz boot_fail
    movl $PHYS(text_no_nx), %ebp
    testl $CPUID_NX, %edx
    jz boot_fail

/* Fill the tables drawn above, which are zero. May use eax, ebx, ecx, edx. */
boot_tables:
    movl $PHYS(boot_pd), %ebx
    movl $PTE_PAGE, %eax
    movl $2048, %ecx
1:  movl %eax, (%ebx)
    addl $0x200000, %eax
    addl $8, %ebx
    loop 1b

    .irp i, 0, 1, 2, 3
    movl $PHYS(boot_pd) + \i * 0x1000 + PTE_TABLE, PHYS(boot_pdpt_low) + \i * 8
    .endr
    movl $PHYS(boot_pd) + PTE_TABLE, PHYS(boot_pdpt_high) + 510 * 8
    movl $PHYS(boot_pdpt_low) + PTE_TABLE, PHYS(boot_pml4)
    movl $PHYS(boot_pdpt_low) + PTE_TABLE, PHYS(boot_pml4) + 256 * 8
    movl $PTE_NX_HIGH, PHYS(boot_pml4) + 256 * 8 + 4
    movl $PHYS(boot_pdpt_high) + PTE_TABLE, PHYS(boot_pml4) + 511 * 8

/* SDM vol. 3A, "Initializing IA-32e Mode"; then to the upper half, and kmain(edi, esi). */
enter_long_mode:
    movl %cr4, %eax
    orl $CR4_PAE, %eax
    movl %eax, %cr4
    movl $PHYS(boot_pml4), %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    rdmsr
    orl $EFER_LME_NXE, %eax
    wrmsr
    movl %cr0, %eax
    andl $~CR0_CLEAR, %eax
    orl $CR0_SET, %eax
    movl %eax, %cr0
    lgdt PHYS(boot_gdt_pointer)
    ljmp $0x08, $PHYS(1f)
    .code64
1:  movabsq $2f, %rax
    jmpq *%rax
2:  xorl %eax, %eax
    .irp segment, ss, ds, es, fs, gs /* null will do in 64-bit mode */
    movl %eax, %\segment
    .endr
    movq $boot_stack_top, %rsp
    xorl %ebp, %ebp         /* backtraces end here */
    movl %edi, %edi         /* clears the upper halves */
    movl %esi, %esi
    callq kmain
    ud2

    .code32
/* Name what is missing, in ebp, wherever somebody may be looking; then stop. */
boot_fail:
    movl $PHYS(uart_setup), %esi
    movl $6, %ecx
1:  lodsw                   /* al: register, ah: value */
    movzbl %al, %edx
    addl $0x3f8, %edx
    movb %ah, %al
    outb %al, %dx
    loop 1b

    movl %ebp, %esi
    movl $0xb8000, %ebx
2:  movl $100000, %ecx      /* polls until the port counts as stuck */
    movw $0x3fd, %dx
3:  inb %dx, %al
    testb $0x20, %al
    loopz 3b
    lodsb
    testb %al, %al
    jz 4f
    movw $0x3f8, %dx
    outb %al, %dx
    outb %al, $0xe9
    movb $0x4f, %ah         /* white on red */
    movw %ax, (%ebx)
    addl $2, %ebx
    jmp 2b

4:  movb $61, %al           /* HOST_EXIT_PANIC; then Bochs's way */
    outb %al, $0xf4
    movl $PHYS(text_shutdown), %esi
    movl $8, %ecx
    movw $0x8900, %dx
    rep outsb
5:  hlt
    jmp 5b

    .section .rodata
text_no_loader:
    .asciz "Quire: not loaded by Multiboot2 or PVH. Use GRUB's multiboot2 command. "
text_no_cpuid:
    .asciz "Quire: this CPU has no CPUID instruction; a 64-bit CPU is needed. "
text_no_long_mode:
    .asciz "Quire: this CPU has no long mode (64-bit); use qemu-system-x86_64 -cpu max. "
text_no_nx:
    .asciz "Quire: this CPU cannot forbid execution (NX); use -cpu max, or enable it in the firmware. "
text_shutdown: .ascii "Shutdown"
uart_setup: /* 115200 baud, 8N1, FIFOs on: register, value */
    .byte 1, 0x00, 3, 0x80, 0, 0x01, 1, 0x00, 3, 0x03, 2, 0x07

    .balign 8
boot_gdt:
    .quad 0
    .quad 0x00209b0000000000    /* 0x08: 64-bit code, ring 0 */
boot_gdt_pointer:
    .short . - boot_gdt - 1
    .long PHYS(boot_gdt)

    .section .bss
    .balign 4096
boot_pml4:      .skip 4096
boot_pdpt_low:  .skip 4096
boot_pdpt_high: .skip 4096
boot_pd:        .skip 4 * 4096
boot_stack:     .skip 4 * 4096  /* kmain's, until there are better ones */
boot_stack_top:

    .section .note.GNU-stack, "", @progbits
