/* Copies standard input to standard output, and its size to standard error. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    static char buffer[60000];
    size_t total = 0;
    ssize_t got;

    while ((got = read(0, buffer, sizeof(buffer))) > 0) {
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(1, buffer + done, (size_t)(got - done));

            if (put <= 0)
                return 1;
            done += put;
        }
        total += (size_t)got;
    }
    fprintf(stderr, "%zu bytes\n", total);
    return 0;
}
