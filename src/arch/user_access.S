/*
 * Copies across the border between kernel and programs; see user_access.h.
 */

/* An instruction that may fault, and where to continue then. */
    .macro may_fault fault, fixup
    .pushsection __ex_table, "a"
    .quad \fault, \fixup
    .popsection
    .endm

    .text

/*
 * size_t user_copy(void *dst, const void *src, size_t len);
 *
 * rcx counts what is left: first words, then bytes; rdx keeps the 0 to 7 bytes
 * that follow the words. REP leaves rcx right when it faults.
 */
    .globl user_copy
    .type user_copy, @function
user_copy:
    cmpb $0, cpu_has_smap(%rip)
    je 1f
    stac
1:  movq %rdx, %rcx
    andl $7, %edx
    shrq $3, %rcx
2:  rep movsq
    movl %edx, %ecx
    xorl %edx, %edx
3:  rep movsb
4:  leaq (%rdx,%rcx,1), %rax    /* after the bytes: both are 0 unless a fault left some */
    cmpb $0, cpu_has_smap(%rip)
    je 5f
    clac
5:  ret

6:  shlq $3, %rcx               /* words left, as bytes; rdx more behind them */
    jmp 4b
    .size user_copy, . - user_copy

    may_fault 2b, 6b
    may_fault 3b, 4b

    .section .note.GNU-stack, "", @progbits
