/*
 * From the loader's 32 bits to crash_main() in long mode.
 *
 * The first 2 MiB are mapped where they lie, by 4 KiB pages, all but page 0
 * and the one below the stack. Everything else is not mapped.
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
    movl $boot_pdpt + 7, boot_pml4
    movl $boot_pd + 7, boot_pdpt
    movl $boot_pt + 7, boot_pd
    movl $1, %ecx
1:  movl %ecx, %eax
    shll $12, %eax
    orl $3, %eax
    movl %eax, boot_pt(, %ecx, 8)
    incl %ecx
    cmpl $512, %ecx
    jb 1b
    movl $boot_guard, %ecx
    shrl $12, %ecx
    movl $0, boot_pt(, %ecx, 8)

    movl %cr4, %eax
    orl $0x20, %eax             /* PAE */
    movl %eax, %cr4
    movl $boot_pml4, %eax
    movl %eax, %cr3
    movl $0xc0000080, %ecx      /* EFER: LME, NXE */
    rdmsr
    orl $0x900, %eax
    wrmsr
    movl $0x80010031, %eax      /* PG, WP, NE, ET, PE */
    movl %eax, %cr0
    lgdt boot_gdt_pointer
    ljmp $0x08, $long_mode

    .code64
long_mode:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    call crash_main
    ud2

/* Gates of the IDT: one that gives up, one that returns and has mended nothing. */
    .globl give_up
    .type give_up, @function
give_up:
    cli
1:  hlt
    jmp 1b
    .size give_up, . - give_up

    .globl return_unmended
    .type return_unmended, @function
return_unmended:
    addq $8, %rsp               /* the error code */
    iretq
    .size return_unmended, . - return_unmended

    .globl return_from_irq
    .type return_from_irq, @function
return_from_irq:
    pushq %rax
    movb $0x20, %al             /* end of interrupt */
    outb %al, $0x20
    popq %rax
    iretq
    .size return_from_irq, . - return_from_irq

    .balign 4096
    .globl user_code
    .type user_code, @function
user_code:
    ud2
    .size user_code, . - user_code
    .balign 4096

    .data
    .balign 8
    .globl boot_gdt
boot_gdt:
    .quad 0
    .quad 0x00af9b000000ffff    /* 0x08: code, ring 0 */
    .quad 0x00cf93000000ffff    /* 0x10: data, ring 0 */
    .quad 0x00cff3000000ffff    /* 0x18: data, ring 3 */
    .quad 0x00affb000000ffff    /* 0x20: code, ring 3 */
    .quad 0, 0                  /* 0x28: TSS */
boot_gdt_pointer:
    .word . - boot_gdt - 1
    .long boot_gdt
    .long 0

    .bss
    .balign 4096
    .globl boot_pml4, boot_pdpt, boot_pd, boot_pt, boot_guard, boot_stack_top
boot_pml4:  .skip 4096
boot_pdpt:  .skip 4096
boot_pd:    .skip 4096
boot_pt:    .skip 4096
boot_guard: .skip 4096
boot_stack: .skip 8192
boot_stack_top:

    .section .note.GNU-stack, "", @progbits
