/* The stack grows on demand to 8 MiB; beyond is a guard and SIGSEGV. */
#include <sys/resource.h>

#include "test.h"

enum { FRAME = 4096 };

/* Uses about depth * FRAME bytes of stack; every level checks its own at the way back. */
static __attribute__((noinline)) int descend(int depth)
{
    volatile char here[FRAME - 64];

    here[0] = (char)depth;
    here[sizeof(here) - 1] = (char)~depth;
    int below = depth > 0 ? descend(depth - 1) : 0;

    return below + (here[0] != (char)depth || here[sizeof(here) - 1] != (char)~depth);
}

static int recurse(void *arg)
{
    return descend(*(int *)arg);
}

static int skip_far(void *arg)
{
    /* One touch far below the stack pointer, inside the limit. */
    volatile char *far = opaque((uintptr_t)&arg - (7 << 20));

    *far = 1;
    return *far - 1;
}

int main(void)
{
    struct rlimit limit;
    static const int depths[] = { 10, 100, 1000, 1900, 2200, 100000 };

    CHECK(getrlimit(RLIMIT_STACK, &limit) == 0);
    say("stack limit %lu\n", (unsigned long)limit.rlim_cur);
    for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
        int depth = depths[i];

        say("%d frames", depth);
        show_status("", in_child(recurse, &depth));
    }
    show_status("far touch", in_child(skip_far, NULL));
    say("the parent itself: %d\n", descend(1500));
    int depth = 1000;

    show_status("a child of a deep parent", in_child(recurse, &depth));
    return test_end();
}
