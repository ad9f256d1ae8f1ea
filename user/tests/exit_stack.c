/* A child runs on the stack it was forked on: locals, return addresses and all. */
#include "test.h"

static int descend(int depth, int *deepest)
{
    volatile int here[16] = { depth };

    if (depth == 0) {
        int status;
        pid_t pid = fork();

        if (pid == 0) {
            *deepest = 1000; /* the parent's stack is not touched */
            return 1;
        }
        waitpid(pid, &status, 0);
        show_status("child", status);
        return 2;
    }
    return descend(depth - 1, deepest) + here[0] - depth;
}

int main(void)
{
    int deepest = 0;
    int result = descend(200, &deepest);

    if (result == 1)
        return deepest == 1000 ? 33 : 34; /* the child came back all the way */
    say("parent: %d, deepest %d\n", result, deepest);
    return test_end();
}
