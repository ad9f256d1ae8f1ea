/*
 * Misconception: Once LMA is set the CPU runs 64-bit code. The old code segment is a 32-bit
 * one: without a far jump the CPU stays in compatibility mode and decodes 64-bit code wrongly.
 *
 * Fails: far-jump
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
    jmp 1f
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
