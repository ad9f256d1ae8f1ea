/* Standard output and standard error arrive apart, in order, byte for byte. */
#include <stdio.h>

int main(void)
{
    printf("hello, world\n");
    fprintf(stderr, "hello, standard error\n");
    printf("no newline, a NUL (%c) and an escape (\033) at the end", 0);
    return 42;
}
