/*
 * A program without a C library: what the kernel puts in the registers and on
 * the stack at the first instruction, and two system calls. Exits with argc,
 * or above 100 where something is wrong.
 */
        .intel_syntax noprefix
        .section .rodata
text:   .ascii "bare program\n"
        .set    length, . - text

        .text
        .globl  _start
_start:
        mov     r12d, 101               /* RSP must be a multiple of 16 */
        test    rsp, 15
        jnz     leave
        inc     r12d                    /* RDX: no function for atexit */
        test    rdx, rdx
        jnz     leave
        inc     r12d                    /* DF and AC are clear */
        pushfq
        pop     rax
        test    eax, 0x40400
        jnz     leave
        inc     r12d                    /* argv[argc] is NULL */
        mov     rcx, [rsp]
        cmp     qword ptr [rsp + 8 * rcx + 8], 0
        jne     leave
        inc     r12d                    /* the red zone survives a system call */
        mov     rbx, 0x1234567890abcdef
        mov     [rsp - 128], rbx
        mov     [rsp - 8], rbx
        mov     eax, 1                  /* write(1, text, length) */
        mov     edi, 1
        lea     rsi, text[rip]
        mov     edx, length
        syscall
        cmp     rax, length
        jne     leave
        cmp     [rsp - 128], rbx
        jne     leave
        cmp     [rsp - 8], rbx
        jne     leave
        mov     r12, [rsp]
leave:
        mov     edi, r12d
        mov     eax, 60                 /* exit */
        syscall
        ud2

        .section .note.GNU-stack, "", @progbits
