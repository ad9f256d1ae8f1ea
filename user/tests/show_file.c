/* Prints the files named: for /proc, which differs from run to run. */
#include <fcntl.h>

#include "test.h"

int main(int argc, char **argv)
{
    char buffer[4096];
    ssize_t got;

    for (int i = 1; i < argc; i++) {
        int fd = open(argv[i], O_RDONLY);

        if (fd < 0) {
            perror(argv[i]);
            return 1;
        }
        while ((got = read(fd, buffer, sizeof(buffer))) > 0) {
            if (write(1, buffer, (size_t)got) != got)
                return 1;
        }
        close(fd);
    }
    return 0;
}
