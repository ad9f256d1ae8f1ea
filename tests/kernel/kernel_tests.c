/* Runs the tests and reports; also that each leaves memory as it was. */
#include "kernel_tests.h"

#include "arch/hoststream.h"
#include "lib/print.h"
#include "lib/string.h"
#include "pmm/pmm.h"

static void print(const char *text)
{
    host_stream_send('O', text, strlen(text));
}

bool test_fail(const char *file, int line, const char *what)
{
    char text[200];

    fmt_snprintf(text, sizeof(text), "# %s:%d: %s\n", file, line, what);
    print(text);
    return false;
}

/* Run one test; free frames before and after must be equal. */
static bool run_one(const struct kernel_test *test, unsigned number)
{
    struct pmm_stats before, after;
    char text[120];
    bool ok;

    pmm_stats(&before);
    ok = test->run();
    pmm_stats(&after);
    pmm_check();
    if (ok && before.free != after.free) {
        fmt_snprintf(text, sizeof(text), "# free frames: %lu before, %lu after\n", before.free,
                     after.free);
        print(text);
        ok = false;
    }
    fmt_snprintf(text, sizeof(text), "%sok %u %s\n", ok ? "" : "not ", number, test->name);
    print(text);
    return ok;
}

void kernel_tests_run(void *unused)
{
    const struct kernel_test *group[] = { memory_tests, sched_tests };
    unsigned number = 0, failed = 0;
    char text[40];

    (void)unused;
    for (unsigned g = 0; g < ARRAY_SIZE(group); g++)
        for (const struct kernel_test *test = group[g]; test->name; test++)
            failed += !run_one(test, ++number);
    fmt_snprintf(text, sizeof(text), "1..%u\n", number);
    print(text);
    fmt_snprintf(text, sizeof(text), "exit %u", failed);
    host_stream_send('S', text, strlen(text));
    host_shutdown(HOST_EXIT_DONE);
}
