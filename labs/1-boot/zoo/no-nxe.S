/*
 * Misconception: The NX bit is a bit of the entry, so setting it is enough. Until EFER.NXE is
 * set, bit 63 is reserved: the first use of such an entry is a page fault.
 *
 * Fails: long-mode-order
 */
enter_long_mode:
    movl %cr4, %eax
    orl $CR4_PAE, %eax
    movl %eax, %cr4
    movl $PHYS(boot_pml4), %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    rdmsr
    orl $0x100, %eax
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
2:  movq $boot_stack_top, %rsp
    xorl %ebp, %ebp
    movl %edi, %edi
    movl %esi, %esi
    callq kmain
    ud2
    .code32
