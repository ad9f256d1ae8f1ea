/*
 * Counts in registers alone for long enough to be interrupted many times; an
 * interrupt that loses a register or a flag ends in another exit status.
 */
        .intel_syntax noprefix
        .text
        .globl  _start
_start:
        mov     rcx, 60000000
        xor     eax, eax
        mov     rbx, 1
        mov     rdx, 2
        mov     rsi, 3
        mov     rdi, 4
        mov     rbp, 5
        mov     r8, 6
        mov     r9, 7
        mov     r10, 8
        mov     r11, 9
        mov     r12, 10
        mov     r13, 11
        mov     r14, 12
        mov     r15, rsp
1:      inc     rax
        cmp     rax, rcx
        jne     1b
        sub     rsp, r15
        lea     rax, [rax + rbx + 0]
        add     rax, rdx
        add     rax, rsi
        add     rax, rdi
        add     rax, rbp
        add     rax, r8
        add     rax, r9
        add     rax, r10
        add     rax, r11
        add     rax, r12
        add     rax, r13
        add     rax, r14
        sub     rax, rcx
        add     rax, rsp
        mov     edi, eax                /* 1 + 2 + ... + 12 = 78 */
        mov     eax, 231                /* exit_group */
        syscall
        ud2

        .section .note.GNU-stack, "", @progbits
