#include "rerun.h"

#include "args.h"
#include "child.h"
#include "output.h"
#include "report.h"
#include "stop.h"
#include "workdir.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { EXTRA_SECONDS = 60 /* for the recorder's start and the autopsy */ };

/* Signals that a fault of the program's own sends. */
static bool signal_is_fault(int signo)
{
    return signo == SIGSEGV || signo == SIGBUS || signo == SIGILL || signo == SIGFPE ||
           signo == SIGTRAP;
}

/* A machine that never got to the kernel has said itself why; one that died there has not. */
static bool rerun_reached_kernel(const struct session *s)
{
    return s->kernel_spoke || bochs_saw_triple_fault() || stop_timed_out();
}

/* Panic, triple fault, a hang, a program that was killed for what it did. */
static bool rerun_is_due(const struct session *s)
{
    enum autopsy_wish wish = s->options->autopsy;

    if (s->options->emulator != EMULATOR_BOCHS || wish == AUTOPSY_NEVER || stop_signal())
        return false;
    if (s->outcome == OUTCOME_SIGNAL)
        return signal_is_fault(s->number) && (wish == AUTOPSY_ALWAYS || isatty(STDERR_FILENO));
    return s->outcome != OUTCOME_EXIT && rerun_reached_kernel(s);
}

static void rerun_add_list(struct args *args, const char *option, const struct option_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        args_add(args, "%s", option);
        args_add(args, "%s", list->item[i]);
    }
}

/* The same machine with the same archive; PROG and --file say whose symbols to use. */
static void rerun_add_machine(struct args *args, const struct session *s)
{
    const struct run_options *options = s->options;

    args_add_all(args, "--archive", s->archive, "--kernel", options->kernel, NULL);
    args_add(args, "--mem");
    args_add(args, "%uM", (unsigned)options->mem_mib);
    args_add(args, "--seed");
    args_add(args, "%" PRIu64, options->seed);
    if (options->timeout > 0) {
        args_add(args, "--timeout");
        args_add(args, "%g", options->timeout);
    }
    rerun_add_list(args, "--kernel-arg", &options->kernel_args);
    rerun_add_list(args, "--file", &options->files);
}

static void rerun_record(const struct session *s, const char *trace, bool grub)
{
    struct args args = { 0 };
    char log[WORKDIR_PATH_MAX];

    args_add_all(&args, QUIRE_TRACE, "record", "--calls", "all", "-o", trace, NULL);
    if (grub)
        args_add(&args, "--grub");
    rerun_add_machine(&args, s);
    for (char **word = s->options->program; word && *word; word++)
        args_add(&args, "%s", *word);
    args_report(&args);
    child_run(args.item, workdir_path(log, "rerun.log"));
}

/* True if the trace shows what went wrong; its autopsy is in the file then. */
static bool rerun_autopsy(const char *trace, const char *text)
{
    struct args args = { 0 };

    args_add_all(&args, QUIRE_TRACE, "autopsy", trace, NULL);
    unlink(text);
    return access(trace, R_OK) == 0 && !child_run(args.item, text);
}

static void rerun_print(const char *path)
{
    FILE *file = fopen(path, "r");
    char piece[4096];
    size_t got;

    report_progress_clear();
    output_write(STDERR_FILENO, "\n", 1);
    while (file && (got = fread(piece, 1, sizeof(piece), file)) > 0)
        output_write(STDERR_FILENO, piece, got);
    output_write(STDERR_FILENO, "\n", 1);
    if (file)
        fclose(file);
}

void rerun_after_failure(const struct session *s)
{
    bool timed_out = stop_timed_out();
    char trace[WORKDIR_PATH_MAX], text[WORKDIR_PATH_MAX];
    bool found;

    if (!rerun_is_due(s) || access(QUIRE_TRACE, X_OK) != 0)
        return;
    report_progress("running it again with the recorder, for an autopsy");
    stop_set_limit(stop_elapsed() + 4 * stop_elapsed() + EXTRA_SECONDS);
    workdir_path(trace, "rerun.trace");
    workdir_path(text, "autopsy.txt");
    rerun_record(s, trace, false);
    found = rerun_autopsy(trace, text);
    /* Started at once it may do better than started by GRUB: then as it was. */
    if (!found && !stop_signal() && s->outcome != OUTCOME_SIGNAL) {
        rerun_record(s, trace, true);
        found = rerun_autopsy(trace, text);
    }
    if (found && !stop_signal())
        rerun_print(text);
    stop_set_limit(timed_out ? 0 : stop_elapsed() + EXTRA_SECONDS);
}
