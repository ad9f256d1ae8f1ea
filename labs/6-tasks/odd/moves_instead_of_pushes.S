/*
 * Different: the six registers are stored and loaded by MOV into room that is made
 * once, and the return is a jump.
 *
 * Compiler: clang
 */
    .globl context_switch
    .type context_switch, @function
context_switch:
    leaq -48(%rsp), %rax
    movq %r15, 0(%rax)
    movq %r14, 8(%rax)
    movq %r13, 16(%rax)
    movq %r12, 24(%rax)
    movq %rbx, 32(%rax)
    movq %rbp, 40(%rax)
    movq %rax, (%rdi)
    movq 0(%rsi), %r15
    movq 8(%rsi), %r14
    movq 16(%rsi), %r13
    movq 24(%rsi), %r12
    movq 32(%rsi), %rbx
    movq 40(%rsi), %rbp
    movq 48(%rsi), %rcx
    leaq 56(%rsi), %rsp
    jmp *%rcx
