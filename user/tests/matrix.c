/* An ordinary computation, as a student might bring it: matrices, primes, text. */
#include "test.h"

enum { N = 120 };

static double a[N][N], b[N][N], c[N][N];

static void multiply(void)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            a[i][j] = i + j / 3.0;
            b[i][j] = i - j / 7.0;
        }
    }
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            for (int k = 0; k < N; k++)
                c[i][j] += a[i][k] * b[k][j];
        }
    }
    say("%.6f %.6f\n", c[0][0], c[N - 1][N - 1]);
}

static int count_primes(int below)
{
    char *composite = calloc((size_t)below, 1);
    int count = 0;

    for (int i = 2; i < below; i++) {
        if (composite[i])
            continue;
        count++;
        for (long j = (long)i * i; j < below; j += i)
            composite[j] = 1;
    }
    free(composite);
    return count;
}

int main(void)
{
    multiply();
    say("%d primes\n", count_primes(2000000));
    return test_end();
}
