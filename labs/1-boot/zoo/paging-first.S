/*
 * Misconception: Paging is one switch and long mode another, so their order does not matter.
 * With PG set first the CPU walks three-level PAE tables, and LME may not change any more.
 *
 * Fails: long-mode-order, far-jump
 */
enter_long_mode:
    movl %cr4, %eax
    orl $CR4_PAE, %eax
    movl %eax, %cr4
    movl $PHYS(boot_pml4), %eax
    movl %eax, %cr3
    movl %cr0, %eax
    andl $~CR0_CLEAR, %eax
    orl $CR0_SET, %eax
    movl %eax, %cr0
    movl $MSR_EFER, %ecx
    rdmsr
    orl $EFER_LME_NXE, %eax
    wrmsr
    lgdt PHYS(boot_gdt_pointer)
    ljmp $0x08, $PHYS(1f)
    .code64
1:  movabsq $2f, %rax
    jmpq *%rax
2:  movq $boot_stack_top, %rsp
    xorl %ebp, %ebp
    movl %edi, %edi
    movl %esi, %esi
    callq kmain
    ud2
    .code32
