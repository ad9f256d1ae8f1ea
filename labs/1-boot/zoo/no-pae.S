/*
 * Misconception: Four-level tables are chosen by EFER.LME alone. Without CR4.PAE the CPU
 * refuses to activate long mode when paging is set.
 *
 * Fails: long-mode-order, far-jump
 */
enter_long_mode:
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
2:  movq $boot_stack_top, %rsp
    xorl %ebp, %ebp
    movl %edi, %edi
    movl %esi, %esi
    callq kmain
    ud2
    .code32
