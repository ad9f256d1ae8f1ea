/* readv and writev: order, empty parts, limits. */
#include <limits.h>
#include <sys/uio.h>

#include "test.h"

int main(void)
{
    static char parts[2000][2];
    static struct iovec many[2000];
    char a[3], b[5], c[4];
    int link[2];

    CHECK(pipe(link) == 0);
    struct iovec out[] = { { "one", 3 }, { NULL, 0 }, { "two!", 4 }, { "three", 5 } };
    struct iovec in[] = { { a, 3 }, { b, 5 }, { NULL, 0 }, { c, 4 } };

    show("writev", writev(link[1], out, 4));
    show("readv", readv(link[0], in, 4));
    say("%.3s %.5s %.4s\n", a, b, c);
    show("no parts", writev(link[1], out, 0));
    show("negative count", writev(link[1], out, -1));
    for (int i = 0; i < 2000; i++) {
        parts[i][0] = (char)('0' + i % 10);
        many[i] = (struct iovec){ parts[i], 1 };
    }
    show("1024 parts", writev(link[1], many, IOV_MAX));
    show("1025 parts", writev(link[1], many, IOV_MAX + 1));
    show("read back", readv(link[0], many + 100, 1024));
    say("%c%c%c\n", parts[100][0], parts[101][0], parts[1123][0]);
    struct iovec negative[] = { { a, (size_t)-1 } };

    show("negative length", readv(link[0], negative, 1));
    struct iovec zero[] = { { a, 0 }, { b, 0 } };

    show("only empty parts", writev(link[1], zero, 2));
    show("closed", writev(77, out, 4));
    say("on standard output: ");
    struct iovec words[] = { { "gathered ", 9 }, { "from ", 5 }, { "parts\n", 6 } };

    show("writev", writev(1, words, 3));

    /* The end of the data comes in the middle of the parts. */
    CHECK(write(link[1], "abcd", 4) == 4);
    memset(b, '-', sizeof(b));
    show("short", readv(link[0], in, 4));
    say("%.3s %.5s\n", a, b);
    return test_end();
}
