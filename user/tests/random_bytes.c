/* getrandom: as many bytes as asked, not the same twice, bad flags refused. */
#include <sys/random.h>

#include "test.h"

int main(void)
{
    static unsigned char a[1000], b[1000];
    unsigned counts[256] = { 0 }, most = 0;

    show("16", getrandom(a, 16, 0));
    show("0", getrandom(a, 0, 0));
    show("256", getrandom(a, 256, GRND_NONBLOCK));
    show("1000", getrandom(a, sizeof(a), 0));
    show("1000 again", getrandom(b, sizeof(b), GRND_RANDOM));
    CHECK(memcmp(a, b, sizeof(a)) != 0);
    for (size_t i = 0; i < sizeof(a); i++) {
        counts[a[i]]++;
        if (counts[a[i]] > most)
            most = counts[a[i]];
    }
    CHECK(most < 30);
    show("bad flags", getrandom(a, 10, 0x1000));

    /* A child does not repeat what its parent gets. */
    unsigned char *shared = (void *)map_pages(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
    pid_t pid = fork();

    if (pid == 0)
        _exit(getrandom(shared, 64, 0) != 64);
    CHECK(getrandom(shared + 64, 64, 0) == 64);
    CHECK(waitpid(pid, NULL, 0) == pid);
    CHECK(memcmp(shared, shared + 64, 64) != 0);
    return test_end();
}
