#include "report.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *status_file;
static bool verbose;
static bool progress_shown;

void report_set_status_file(const char *path)
{
    status_file = path;
}

void report_set_verbose(void)
{
    verbose = true;
}

static void report_vline(const char *fmt, va_list args)
{
    report_progress_clear();
    fputs("quire: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
}

void report_line(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    report_vline(fmt, args);
    va_end(args);
}

void report_verbose(const char *fmt, ...)
{
    va_list args;

    if (!verbose)
        return;
    va_start(args, fmt);
    report_vline(fmt, args);
    va_end(args);
}

void report_progress(const char *what)
{
    if (verbose || !isatty(STDERR_FILENO))
        return;
    report_progress_clear();
    fprintf(stderr, "quire: %s...", what);
    progress_shown = true;
}

void report_progress_clear(void)
{
    if (progress_shown)
        fputs("\r\033[K", stderr);
    progress_shown = false;
}

void report_exit(int status, const char *word, int number)
{
    FILE *file = status_file ? fopen(status_file, "w") : NULL;

    report_progress_clear();
    if (file)
        fprintf(file, "%s %d\n", word, number);
    if (status_file && (!file || fclose(file) != 0)) {
        report_line("cannot write the status file %s: %m", status_file);
        exit(RUN_ERROR);
    }
    exit(status);
}

void report_fail(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    report_vline(fmt, args);
    va_end(args);
    report_exit(RUN_ERROR, "error", RUN_ERROR);
}
