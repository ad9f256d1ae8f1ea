#include "verdict.h"

#include "output.h"
#include "report.h"
#include "rerun.h"
#include "stop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXEC_FAILED = 127, QEMU_PANIC = 2 * 61 + 1 /* host_shutdown(HOST_EXIT_PANIC) */ };

void verdict_check_stop(const struct run_options *options)
{
    if (stop_signal())
        report_exit(128 + stop_signal(), "interrupted", stop_signal());
    if (stop_timed_out()) {
        report_line("no end within %g s; give it more with --timeout, or look inside with "
                    "./quire debug",
                    options->timeout);
        report_exit(RUN_TIMEOUT, "timeout", RUN_TIMEOUT);
    }
}

static _Noreturn void verdict_panic(const struct session *s)
{
    if (!s->panic_shown)
        output_write(STDERR_FILENO, s->console.text, s->console.len);
    report_line("the kernel panicked, its report is above; ./quire debug lets you look inside");
    report_exit(RUN_PANIC, "panic", RUN_PANIC);
}

static bool verdict_triple_fault(const struct session *s)
{
    return s->options->emulator == EMULATOR_QEMU ? qemu_saw_triple_fault()
                                                 : bochs_saw_triple_fault();
}

/*
 * What to quote of a text: the line at the last occurrence of the marker (behind
 * it, if it ends a line), or else the last line that is not blank.
 */
static const char *verdict_quote(struct tail *tail, const char *marker)
{
    static const char blank[] = " \t\r\n";
    char *quote = NULL;

    while (tail->len > 0 && strchr(blank, tail->text[tail->len - 1]))
        tail->text[--tail->len] = '\0';
    for (char *at = tail->text; (at = strstr(at, marker)); at++)
        quote = at;
    if (quote && strchr(marker, '\n'))
        quote += strlen(marker);
    if (!quote)
        quote = strrchr(tail->text, '\n');
    if (!quote)
        quote = tail->text;
    quote += strspn(quote, blank);
    quote[strcspn(quote, "\r\n")] = '\0';
    return *quote ? quote : "no message";
}

static _Noreturn void verdict_no_status(struct session *s)
{
    int status = s->emu->child.status;

    if (verdict_triple_fault(s)) {
        report_line("triple fault: an exception that the CPU could not deliver reset the machine; "
                    "step to it with ./quire debug%s",
                    s->options->emulator == EMULATOR_QEMU ? ", or let --bochs say why" : "");
        report_exit(RUN_TRIPLE_FAULT, "triple-fault", RUN_TRIPLE_FAULT);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXEC_FAILED && !s->kernel_spoke)
        report_fail("%s is not installed; ./quire setup installs it", s->emu->name);
    if (!s->kernel_spoke && s->console.len > 0)
        report_fail("the kernel did not start; the machine's last words: %s",
                    verdict_quote(&s->console, "error:"));
    if (!s->kernel_spoke)
        report_fail("%s could not start the machine: %s", s->emu->name,
                    verdict_quote(&s->messages, "following message:\n"));
    report_line("the machine stopped without saying how the program ended; run with --log, or "
                "look inside with ./quire debug");
    report_exit(RUN_PANIC, "panic", RUN_PANIC);
}

/* Who gave no program shall not wonder at silence: the demo's end is nobody's wish. */
static void verdict_demo(const struct session *s)
{
    if (s->options->program || (s->outcome == OUTCOME_EXIT && s->number == 0))
        return;
    if (s->outcome == OUTCOME_EXIT)
        report_line("the demo ended with status %d", s->number);
    else if (s->outcome == OUTCOME_SIGNAL)
        report_line("the demo was killed by signal %d (%s)", s->number, strsignal(s->number));
}

void verdict_exit(struct session *s)
{
    int status = s->emu->child.status;

    /* The reader went away: end without a word, like a program that SIGPIPE killed. */
    if (output_is_broken())
        report_exit(128 + SIGPIPE, "signal", SIGPIPE);
    if (s->gdb)
        report_exit(0, "exit", 0);
    rerun_after_failure(s);
    if (s->outcome == OUTCOME_PANIC || (WIFEXITED(status) && WEXITSTATUS(status) == QEMU_PANIC))
        verdict_panic(s);
    verdict_demo(s);
    if (s->outcome == OUTCOME_EXIT)
        report_exit(s->number & 0xff, "exit", s->number & 0xff);
    if (s->outcome == OUTCOME_SIGNAL)
        report_exit(128 + s->number, "signal", s->number);
    verdict_check_stop(s->options);
    verdict_no_status(s);
}
