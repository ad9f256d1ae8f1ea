/*
 * Misconception: The stack still works, so it need not move. It works by the identity map; when
 * the kernel's own tables come, address 0 and all around it is gone, and the stack with it.
 *
 * Fails: reaches-ring-3, big-memory
 */
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
2:  xorl %ebp, %ebp
    movl %edi, %edi
    movl %esi, %esi
    callq kmain
    ud2
    .code32
