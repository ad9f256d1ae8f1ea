/*
 * Misconception: registers are popped in the order in which they were pushed. A
 * stack gives back the last one first: each register gets another one's value.
 *
 * Fails: first-program, kernel-registers-kept
 */
    .globl context_switch
    .type context_switch, @function
context_switch:
    .irp r, rbp, rbx, r12, r13, r14, r15
    pushq %\r
    .endr
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    .irp r, rbp, rbx, r12, r13, r14, r15
    popq %\r
    .endr
    ret
