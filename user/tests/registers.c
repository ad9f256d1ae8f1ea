/* A system call changes RAX, RCX and R11 and nothing else; RCX and R11 hold RIP and RFLAGS. */
#include "test.h"

struct registers {
    uint64_t rbx, rdx, rsi, rdi, rbp, r8, r9, r10, r12, r13, r14, r15, rcx, r11, flags;
};

void call_with_pattern(struct registers *out, long number);
extern char after_syscall[];

/* Every register that the call may not change is set to a pattern before and stored after. */
__asm__(".text\n"
        "call_with_pattern:\n"
        "    push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
        "    push %rdi\n"
        "    mov %rsi, %rax\n"
        "    mov $0x1001, %ebx; mov $0x1002, %edx; mov $0x1003, %esi; mov $0x1004, %edi\n"
        "    mov $0x1005, %ebp; mov $0x1006, %r8d; mov $0x1007, %r9d; mov $0x1008, %r10d\n"
        "    mov $0x1009, %r12d; mov $0x100a, %r13d; mov $0x100b, %r14d; mov $0x100c, %r15d\n"
        "    std\n"
        "    stc\n"
        "    syscall\n"
        "after_syscall:\n"
        "    xchg (%rsp), %rdi\n"
        "    mov %rbx, 0(%rdi); mov %rdx, 8(%rdi); mov %rsi, 16(%rdi)\n"
        "    mov %rbp, 32(%rdi); mov %r8, 40(%rdi); mov %r9, 48(%rdi); mov %r10, 56(%rdi)\n"
        "    mov %r12, 64(%rdi); mov %r13, 72(%rdi); mov %r14, 80(%rdi); mov %r15, 88(%rdi)\n"
        "    mov %rcx, 96(%rdi); mov %r11, 104(%rdi)\n"
        "    pushfq; pop %rax; mov %rax, 112(%rdi)\n"
        "    cld\n"
        "    pop %rax; mov %rax, 24(%rdi)\n"
        "    pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
        "    ret\n");

static void check_call(const char *what, long number)
{
    struct registers seen;
    const uint64_t *word = &seen.rbx;

    call_with_pattern(&seen, number);
    for (int i = 0; i < 12; i++)
        CHECK(word[i] == 0x1001 + (uint64_t)i);
    CHECK(seen.rcx == (uint64_t)after_syscall);
    CHECK((seen.flags & 0x401) == 0x401); /* DF and CF as they were */
    CHECK(seen.r11 == seen.flags);
    say("%s\n", what);
}

int main(void)
{
    check_call("getpid", SYS_getpid);
    check_call("sched_yield", SYS_sched_yield);
    check_call("unknown", 5000);
    check_call("highest number", -1);
    check_call("bad arguments to read", SYS_read);
    check_call("bad arguments to mmap", SYS_mmap);
    return test_end();
}
