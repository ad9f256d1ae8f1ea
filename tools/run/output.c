#include "output.h"

#include "report.h"
#include "stop.h"

#include <errno.h>
#include <unistd.h>

enum { OUTPUT_PIECE = 4096 /* a pipe that polls as writable takes this much at once */ };

static bool broken;

bool output_is_broken(void)
{
    return broken;
}

static bool output_wait(int fd)
{
    struct pollfd out = { .fd = fd, .events = POLLOUT };

    while (!out.revents) {
        if (!stop_wait(&out, 1, -1))
            return out.revents != 0;
    }
    return true;
}

void output_write(int fd, const char *data, size_t len)
{
    report_progress_clear();
    while (len > 0 && !broken && output_wait(fd)) {
        ssize_t put = write(fd, data, len < OUTPUT_PIECE ? len : OUTPUT_PIECE);

        if (put > 0) {
            data += put;
            len -= (size_t)put;
        } else if (errno == EPIPE) {
            broken = true;
        } else if (errno != EINTR && errno != EAGAIN) {
            report_fail("cannot write the program's output: %m");
        }
    }
}
