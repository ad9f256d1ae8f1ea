/* A tree of processes, three wide and four deep; each counts its descendants. */
#include "test.h"

enum { WIDTH = 3, DEPTH = 4 };

static int grow(int depth)
{
    int below = 0;
    pid_t children[WIDTH];

    if (depth == 0)
        return 1;
    for (int i = 0; i < WIDTH; i++) {
        children[i] = fork();
        CHECK(children[i] >= 0);
        if (children[i] == 0)
            _exit(grow(depth - 1));
    }
    for (int i = WIDTH - 1; i >= 0; i--) {
        int status;

        CHECK(waitpid(children[i], &status, 0) == children[i]);
        CHECK(WIFEXITED(status));
        below += WEXITSTATUS(status);
    }
    return 1 + below;
}

int main(void)
{
    pid_t parent = getpid();
    int child_parent = -1;
    int link[2];

    say("processes in the tree: %d\n", grow(DEPTH));
    CHECK(pipe(link) == 0);
    if (fork() == 0) {
        pid_t seen = getppid();

        CHECK(getpid() != parent);
        CHECK(write(link[1], &seen, sizeof(seen)) == sizeof(seen));
        _exit(0);
    }
    CHECK(read(link[0], &child_parent, sizeof(child_parent)) == sizeof(child_parent));
    CHECK(child_parent == parent);
    CHECK(wait(NULL) > 0);
    CHECK(wait(NULL) == -1 && errno == ECHILD);
    return test_end();
}
