/* Big reservations cost what is touched, not what is reserved. */
#include <sys/sysinfo.h>

#include "test.h"

#define TIB (1ULL << 40)

static void touch_some(char *at, uint64_t size)
{
    for (int i = 0; i < 64; i++) {
        uint64_t offset = (uint64_t)i * (size / 64);

        CHECK(at[offset] == 0);
        at[offset] = (char)i;
    }
    for (int i = 0; i < 64; i++)
        CHECK(at[(uint64_t)i * (size / 64)] == i);
}

int main(void)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    char *at = mmap(NULL, TIB, PROT_READ | PROT_WRITE, flags, -1, 0);
    char *more = mmap(NULL, 16 * TIB, PROT_NONE, flags, -1, 0);

    show_ok("1 TiB", at != MAP_FAILED);
    show_ok("16 TiB without rights", more != MAP_FAILED);
    touch_some(at, TIB);
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();

        if (pid == 0) {
            at[(100 + i) * PAGE] = 'c';
            touch_some(at + PAGE, TIB / 4);
            _exit(test_failures);
        }
        int status;

        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    CHECK(mprotect(more + TIB, PAGE, PROT_READ | PROT_WRITE) == 0);
    more[TIB] = 1;
    CHECK(mprotect(more, 8 * TIB, PROT_READ) == 0);
    CHECK(more[TIB] == 1 && more[5 * TIB] == 0);
    CHECK(munmap(at + TIB / 2, TIB / 4) == 0);
    CHECK(at[TIB / 64 * 63] == 63 && at[0] == 0);
    CHECK(munmap(at, TIB) == 0 && munmap(more, 16 * TIB) == 0);
    errno = 0;
    at = mmap(NULL, 200 * TIB, PROT_NONE, flags, -1, 0);
    show("200 TiB", at == MAP_FAILED ? -1 : 0);
    at = mmap(NULL, SIZE_MAX & -PAGE, PROT_NONE, flags, -1, 0);
    show("all of it", at == MAP_FAILED ? -1 : 0);
    return test_end();
}
