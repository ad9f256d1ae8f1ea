/* The simulated machine's log: the last lines are kept, and shown when a test fails. */
#include "arch/log.h"
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 240 };

static char log_line[SIM_LOG_LINES][LINE_MAX_BYTES + 1];
static unsigned long log_count;
static void (*death_report)(void);

void klog(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(log_line[log_count++ % SIM_LOG_LINES], sizeof(log_line[0]), fmt, args);
    va_end(args);
}

const char *sim_log_last(void)
{
    return log_count ? log_line[(log_count - 1) % SIM_LOG_LINES] : "";
}

void sim_log_dump(void)
{
    unsigned long first = log_count > SIM_LOG_LINES ? log_count - SIM_LOG_LINES : 0;

    for (unsigned long i = first; i < log_count; i++)
        fprintf(stderr, "  log: %s\n", log_line[i % SIM_LOG_LINES]);
}

void sim_on_death(void (*report)(void))
{
    death_report = report;
}

void sim_die(const char *fmt, ...)
{
    void (*report)(void) = death_report;
    va_list args;

    death_report = NULL; /* a report that dies itself must not come back here */
    sim_log_dump();
    va_start(args, fmt);
    fputs("FAILED: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    if (report)
        report();
    fflush(NULL);
    _exit(99);
}
