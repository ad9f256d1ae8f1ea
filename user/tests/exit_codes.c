/* Every exit status reaches the parent, cut to eight bits. */
#include <sys/syscall.h>

#include "test.h"

static int leave(void *arg)
{
    return *(int *)arg;
}

static int leave_group(void *arg)
{
    syscall(SYS_exit_group, *(int *)arg);
    return 1;
}

static int leave_thread(void *arg)
{
    syscall(SYS_exit, *(int *)arg);
    return 1;
}

int main(void)
{
    for (int code = 0; code < 256; code++)
        CHECK(in_child(leave, &code) == code << 8);
    for (int code = -2; code < 1026; code += 257) {
        say("%d ->", code);
        show_status("", in_child(leave_group, &code));
        show_status("by exit", in_child(leave_thread, &code));
    }
    return test_end() ? 1 : 256 + 7;
}
