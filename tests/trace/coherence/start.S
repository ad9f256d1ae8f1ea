/*
 * From the loader's 32 bits to coherence_main(boot information) in long mode.
 *
 * The first GiB is mapped where it lies, by 2 MiB pages that users may use.
 */
    .section .multiboot2, "a"
    .balign 8
header:
    .long 0xe85250d6, 0, header_end - header
    .long -(0xe85250d6 + (header_end - header))
    .word 0, 0
    .long 8
header_end:

    .text
    .code32
    .globl start
start:
    cli
    cld
    movl $boot_stack_top, %esp
    movl %ebx, %edi
    movl $pdpt + 7, pml4
    movl $pd + 7, pdpt
    xorl %ecx, %ecx
1:  movl %ecx, %eax
    shll $21, %eax
    orl $0x87, %eax
    movl %eax, pd(, %ecx, 8)
    incl %ecx
    cmpl $512, %ecx
    jb 1b

    movl $0x6a0, %eax           /* PAE, PGE, OSFXSR, OSXMMEXCPT */
    movl %eax, %cr4
    movl $pml4, %eax
    movl %eax, %cr3
    movl $0xc0000080, %ecx      /* EFER: LME, NXE */
    rdmsr
    orl $0x900, %eax
    wrmsr
    movl $0x80010033, %eax      /* PG, WP, NE, ET, MP, PE */
    movl %eax, %cr0
    lgdt gdt_pointer
    ljmp $0x08, $long_mode

    .code64
long_mode:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    leaq tss(%rip), %rax        /* its base, in pieces, into the GDT */
    movw %ax, gdt_tss + 2
    shrl $16, %eax
    movb %al, gdt_tss + 4
    movb %ah, gdt_tss + 7
    movl $0x28, %eax
    ltr %ax
    call coherence_main
    ud2

/* uint64_t user_run(uint64_t (*code)(uint64_t), uint64_t argument): in ring 3, until INT 0x80. */
    .globl user_run
user_run:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, user_resume
    movq %rdi, %rax
    movq %rsi, %rdi
    pushq $0x1b                 /* ss */
    pushq $user_stack_top
    pushq $2                    /* rflags */
    pushq $0x23                 /* cs */
    pushq %rax
    iretq

/* INT 0x80: user_run returns what rax holds. */
    .globl user_end
user_end:
    movq user_resume, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

/* uint64_t user_read(uint64_t va), user_write, user_nothing: for ring 3. */
    .globl user_read, user_write, user_nothing
user_read:
    movq (%rdi), %rax
    int $0x80
user_write:
    movq %rdi, (%rdi)
user_nothing:
    int $0x80

/* The timer's: nothing to do. */
    .globl interrupt
interrupt:
    iretq

/* Page fault: fault_handler(address, error) repairs it. */
    .globl page_fault
page_fault:
    pushq %rax
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    movq %cr2, %rdi
    movq 72(%rsp), %rsi
    call fault_handler
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rax
    addq $8, %rsp
    iretq

    .data
    .balign 8
gdt:
    .quad 0
    .quad 0x00af9a000000ffff    /* 08 kernel code */
    .quad 0x00cf92000000ffff    /* 10 kernel data */
    .quad 0x00cff2000000ffff    /* 18 user data */
    .quad 0x00affa000000ffff    /* 20 user code */
gdt_tss:
    .quad 0x0000890000000067    /* 28 TSS */
    .quad 0
gdt_pointer:
    .short gdt_pointer - gdt - 1
    .quad gdt
    .balign 8
tss:
    .long 0
    .quad fault_stack_top       /* rsp0 */
    .fill 23, 4, 0

    .section .note.GNU-stack, "", @progbits

    .bss
    .globl pml4, pdpt, pd
    .balign 4096
pml4:   .skip 4096
pdpt:   .skip 4096
pd:     .skip 4096
        .skip 16384
boot_stack_top:
        .skip 16384
fault_stack_top:
        .skip 16384
user_stack_top:
user_resume:
        .skip 8
