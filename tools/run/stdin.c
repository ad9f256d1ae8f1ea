#include "stdin.h"

#include "report.h"
#include "stop.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { STDIN_PATIENCE = 2 /* seconds without input until the user is told what is awaited */ };

/* True when a read will not block; false when the runner shall stop. */
static bool stdin_wait(void)
{
    struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

    if (!stop_wait(&in, 1, STDIN_PATIENCE))
        return false;
    if (!in.revents)
        report_progress("reading standard input to its end (</dev/null for none)");
    while (!in.revents) {
        if (!stop_wait(&in, 1, -1))
            return false;
    }
    return true;
}

bool stdin_read(struct stdin_data *in, bool terminals_interact)
{
    *in = (struct stdin_data){ .interactive = terminals_interact && isatty(STDIN_FILENO) };
    if (isatty(STDIN_FILENO))
        return true;
    in->bytes = malloc(STDIN_MAX + 1);
    if (!in->bytes)
        report_fail("no memory for standard input");
    while (in->len <= STDIN_MAX) {
        ssize_t got;

        if (!stdin_wait())
            return false;
        got = read(STDIN_FILENO, in->bytes + in->len, STDIN_MAX + 1 - in->len);
        if (got < 0 && errno != EINTR && errno != EAGAIN)
            report_fail("cannot read standard input: %m");
        if (got == 0)
            return true;
        if (got > 0)
            in->len += (size_t)got;
    }
    report_fail("standard input is longer than 16 MiB; give the data with --file instead");
}
