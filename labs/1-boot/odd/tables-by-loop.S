/*
 * Different: one loop for the four PDPT entries, the tables from the top down, and the data
 * pages last; registers instead of constants as addresses.
 *
 * Compiler: clang
 */
boot_tables:
    movl $PHYS(boot_pdpt_high) + PTE_TABLE, PHYS(boot_pml4) + 511 * 8
    movl $PHYS(boot_pdpt_low) + PTE_TABLE, %eax
    movl %eax, PHYS(boot_pml4)
    movl %eax, PHYS(boot_pml4) + 256 * 8
    movl $PTE_NX_HIGH, PHYS(boot_pml4) + 256 * 8 + 4
    movl $PHYS(boot_pd) + PTE_TABLE, %eax
    movl %eax, PHYS(boot_pdpt_high) + 510 * 8
    xorl %ecx, %ecx
1:  movl %eax, PHYS(boot_pdpt_low)(, %ecx, 8)
    addl $0x1000, %eax
    incl %ecx
    cmpl $4, %ecx
    jb 1b
    movl $2048, %ecx
2:  leal -1(%ecx), %eax
    shll $21, %eax
    orl $PTE_PAGE, %eax
    movl %eax, PHYS(boot_pd) - 8(, %ecx, 8)
    loop 2b

/* LME before CR3 and PAE, a far return instead of a far jump, WP left to the C code. */
enter_long_mode:
    movl $MSR_EFER, %ecx
    rdmsr
    orl $EFER_LME_NXE, %eax
    wrmsr
    movl $PHYS(boot_pml4), %eax
    movl %eax, %cr3
    movl %cr4, %eax
    orl $CR4_PAE, %eax
    movl %eax, %cr4
    lgdt PHYS(boot_gdt_pointer)
    movl %cr0, %eax
    andl $~CR0_CLEAR, %eax
    orl $CR0_SET & ~0x10000, %eax
    movl %eax, %cr0
    pushl $0x08
    pushl $PHYS(1f)
    lretl
    .code64
1:  movq $boot_stack_top, %rsp
    movabsq $2f, %rax
    jmpq *%rax
2:  xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %eax, %fs
    movl %eax, %gs
    movl %edi, %edi
    movl %esi, %esi
    xorl %ebp, %ebp
    callq kmain
    ud2
    .code32
