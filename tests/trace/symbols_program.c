/* A program whose functions and lines the symbols test knows. */
#include <stdio.h>

int marked_function(int n);
int another_function(int n);

[[gnu::noinline]] int marked_function(int n)
{
    return n * 3 + printf("%d\n", n);
}

[[gnu::noinline]] int another_function(int n)
{
    return marked_function(n + 1) - 5;
}

int main(void)
{
    return another_function(4) == 17 ? 0 : 1;
}
