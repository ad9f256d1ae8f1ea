/*
 * Switching kernel stacks; arch/context.h draws what a stopped task's stack
 * looks like.
 */

    .text

/* void context_switch(uint64_t *save_rsp, uint64_t load_rsp); */
    .globl context_switch
    .type context_switch, @function
context_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size context_switch, . - context_switch

/*
 * Where a new task's first switch returns to: context_init has put the function
 * into rbx and its argument into r12. The frame pointer is 0: backtraces end here.
 */
    .globl context_start
    .type context_start, @function
context_start:
    movq %r12, %rdi
    callq *%rbx
    ud2
    .size context_start, . - context_start

    .section .note.GNU-stack, "", @progbits
