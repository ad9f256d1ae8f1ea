/* Four MiB of output in writes of odd sizes: nothing is lost, doubled or reordered. */
#include "test.h"

enum { TOTAL = 4 << 20, LARGEST = 70001 };

int main(void)
{
    static char buffer[LARGEST];
    uint64_t state = 1;

    for (size_t done = 0; done < TOTAL;) {
        size_t size = random_next(&state) % LARGEST + 1;

        if (size > TOTAL - done)
            size = TOTAL - done;
        for (size_t i = 0; i < size; i++)
            buffer[i] = (done + i) % 64 == 63 ? '\n' : (char)('!' + (done + i) / 64 % 90);
        if (write(1, buffer, size) != (ssize_t)size)
            return 1;
        done += size;
    }
    return 0;
}
