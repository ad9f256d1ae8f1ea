/* Two long computations in double precision, preempted at will, come out to the last bit. */
#include "test.h"

enum { TASKS = 3, STEPS = 3000000 };

static uint64_t compute(int task)
{
    double x = 0.1 * (task + 1), sum = 0;
    uint64_t bits;

    for (int i = 0; i < STEPS; i++) {
        x = 3.7 * x * (1 - x);
        sum += x / (i + 1.0);
    }
    memcpy(&bits, &sum, sizeof(bits));
    return bits;
}

int main(void)
{
    uint64_t *shared = (uint64_t *)map_pages(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);

    for (int task = 0; task < TASKS; task++) {
        if (fork() == 0) {
            shared[task] = compute(task);
            _exit(0);
        }
    }
    uint64_t mine = compute(0);

    while (wait(NULL) > 0)
        ;
    CHECK(mine == shared[0]);
    for (int task = 0; task < TASKS; task++)
        say("%016llx\n", (unsigned long long)shared[task]);
    return test_end();
}
