/*
 * How the runner ends and what it says: one line `quire: ...` on standard
 * error, an exit status, and the status file that scripts read.
 */
#pragma once

/* The runner's own exit statuses; all others are the program's. */
enum run_status {
    RUN_TRIPLE_FAULT = 122,
    RUN_PANIC = 123,
    RUN_TIMEOUT = 124,
    RUN_ERROR = 125, /* environment or usage */
};

/* Write the outcome to this file when the run ends. */
void report_set_status_file(const char *path);

/* Print `quire: ` and one line. */
void report_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Under --verbose only: print `quire: ` and one line. */
void report_verbose(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void report_set_verbose(void);

/*
 * What the runner is busy with, on a line that the next one replaces; only
 * where standard error is a terminal. Clear it before anything else is shown.
 */
void report_progress(const char *what);
void report_progress_clear(void);

/* Record `word number` in the status file and exit with status; exit handlers clean up. */
_Noreturn void report_exit(int status, const char *word, int number);

/* One line, then exit 125: the environment is at fault, or the command line. */
_Noreturn void report_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
