/*
 * Traps that an emulator may not bother with: QEMU without KVM raises neither
 * alignment checks nor SSE exceptions. Run where the CPU does.
 */
#include "test.h"

static int icebp(void *arg)
{
    (void)arg;
    __asm__ volatile(".byte 0xf1");
    return 0;
}

static int push_noncanonical(void *arg)
{
    (void)arg;
    __asm__ volatile("mov $0x8000000000000000, %%rax; mov %%rax, %%rsp; push %%rax" ::: "rax");
    return 0;
}

/* An address based on RBP counts as stack, too. */
static int read_noncanonical(void *arg)
{
    (void)arg;
    __asm__ volatile("mov $0x8000000000000000, %%rax; xchg %%rax, %%rbp; mov (%%rbp), %%rcx" ::
                         : "rax", "rcx");
    return 0;
}

static int sse_error(void *arg)
{
    unsigned mxcsr = 0x1d80; /* divide by zero unmasked */
    double one = 1;

    (void)arg;
    __asm__ volatile("ldmxcsr %0; xorpd %%xmm1, %%xmm1; divsd %%xmm1, %1" ::"m"(mxcsr), "x"(one)
                     : "xmm1");
    return 0;
}

static int alignment(void *arg)
{
    (void)arg;
    __asm__ volatile("pushfq; orl $0x40000, (%%rsp); popfq; movl 1(%%rsp), %%eax" ::: "rax");
    return 0;
}

int main(void)
{
    show_status("icebp", in_child(icebp, NULL));
    show_status("push, not canonical", in_child(push_noncanonical, NULL));
    show_status("frame pointer, not canonical", in_child(read_noncanonical, NULL));
    show_status("SSE exception", in_child(sse_error, NULL));
    show_status("alignment check", in_child(alignment, NULL));
    return test_end();
}
