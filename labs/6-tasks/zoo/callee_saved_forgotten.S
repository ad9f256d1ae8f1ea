/*
 * Misconception: the frame pointer is for debuggers, and a switch has no use for it.
 * The compiler has: it finds its locals, and the way back, through rbp, and trusts
 * every function to leave it as it was.
 *
 * Fails: kernel-registers-kept
 */
    .globl context_switch
    .type context_switch, @function
context_switch:
    pushq $0                    /* where the frame that context_init builds has rbp */
    .irp r, rbx, r12, r13, r14, r15
    pushq %\r
    .endr
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    .irp r, r15, r14, r13, r12, rbx
    popq %\r
    .endr
    addq $8, %rsp
    ret
