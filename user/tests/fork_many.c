/* Many children: one after another, then all at once. */
#include "test.h"

enum { IN_TURN = 500, AT_ONCE = 60 };

int main(void)
{
    pid_t children[AT_ONCE];
    int sum = 0;

    for (int i = 0; i < IN_TURN; i++) {
        pid_t pid = fork();
        int status;

        if (pid == 0)
            _exit(i & 127);
        CHECK(wait(&status) == pid);
        sum += WEXITSTATUS(status);
    }
    say("in turn: %d\n", sum);
    sum = 0;
    for (int i = 0; i < AT_ONCE; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(i);
        CHECK(children[i] > 0);
        for (int j = 0; j < i; j++)
            CHECK(children[i] != children[j]);
    }
    for (int i = 0; i < AT_ONCE; i++) {
        int status;

        CHECK(wait(&status) > 0);
        sum += WEXITSTATUS(status);
    }
    say("at once: %d\n", sum);
    show("one more wait", wait(NULL));
    return test_end();
}
