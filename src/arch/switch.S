/*
 * Switching kernel stacks; arch/context.h draws what a stopped task's stack
 * looks like.
 */

    .text

/* void context_switch(uint64_t *save_rsp, uint64_t load_rsp); */
    .globl context_switch
    .type context_switch, @function
context_switch:
    .irp r, rbp, rbx, r12, r13, r14, r15
    pushq %\r
    .endr
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    .irp r, r15, r14, r13, r12, rbx, rbp
    popq %\r
    .endr
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
