/* .data, .bss, heap and stack are private after fork; text and constants stay the same. */
#include "test.h"

static int data = 1;
static int bss;
static const int constant = 7;

int main(void)
{
    int local = 2;
    int *heap = malloc(sizeof(*heap) * 10000);
    int status;

    heap[9999] = 3;
    for (int i = 0; i < 5; i++) {
        pid_t pid = fork();

        if (pid == 0) {
            data += 10, bss += 20, local += 30, heap[9999] += 40;
            say("child %d: data %d bss %d local %d heap %d constant %d\n", i, data, bss, local,
                heap[9999], constant);
            _exit(0);
        }
        waitpid(pid, &status, 0);
        data++, bss++, local++, heap[9999]++;
    }
    say("parent: data %d bss %d local %d heap %d\n", data, bss, local, heap[9999]);
    return test_end();
}
