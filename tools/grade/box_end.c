/* How a box ended, in words; and whether one can be had at all. */
#include "box_parts.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIGNAL_BASE = 128, SIGNAL_MAX = 64, STATUS_TEXT = 512, FIRST_LINE = 140 };

#define MIB (1024ull * 1024)

static void say(struct box_outcome *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct box_outcome *out, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(out->reason, sizeof(out->reason), format, list);
    va_end(list);
}

static void say_limit(const struct box_running *run)
{
    const struct box_limits *limits = &run->limits;
    struct box_outcome *out = run->out;

    switch (out->end) {
    case BOX_TIME:
        say(out, "it did not end within %u s and was killed", limits->wall_seconds);
        break;
    case BOX_MEMORY:
        say(out, "it used more than %llu MiB of memory and was killed", limits->memory_bytes / MIB);
        break;
    case BOX_DISK:
        say(out, "it wrote more than %llu MiB and was killed", limits->disk_bytes / MIB);
        break;
    default:
        say(out, "it printed more than %zu KiB and was killed", limits->output_bytes / 1024);
    }
}

/* Bubblewrap says "exit-code" only of a command that it could start. */
static bool command_started(const struct box_running *run)
{
    char text[STATUS_TEXT];

    if (run->box->open)
        return true;
    const ssize_t size = read(run->status_fd, text, sizeof(text) - 1);

    if (size <= 0)
        return false;
    text[size] = '\0';
    return strstr(text, "\"exit-code\"") != NULL;
}

static const char *advice(const char *output)
{
    if (strstr(output, "bwrap: No such file"))
        return "bubblewrap is not installed; ./quire setup installs it";
    if (strstr(output, "namespace") || strstr(output, "uid map") ||
        strstr(output, "not permitted") || strstr(output, "Permission denied"))
        return "user namespaces are forbidden here; allow them (sysctl "
               "kernel.unprivileged_userns_clone=1 or "
               "kernel.apparmor_restrict_unprivileged_userns=0), or use --no-sandbox";
    return "./quire doctor tells what is missing";
}

static void say_not_started(struct box_outcome *out)
{
    const char *output = out->output ? out->output : "";
    int length = (int)strcspn(output, "\n");

    out->end = BOX_NOT_STARTED;
    if (length > FIRST_LINE)
        length = FIRST_LINE;
    say(out, "the sandbox does not start (%.*s): %s", length, output, advice(output));
}

static void say_signal(const struct box_running *run, int number)
{
    struct box_outcome *out = run->out;

    if (number == SIGXCPU) {
        out->end = BOX_TIME;
        say(out, "it used more than %u s of processor time and was killed",
            run->limits.cpu_seconds);
        return;
    }
    out->end = BOX_SIGNALLED;
    out->status = number;
    say(out, "it was killed by signal %d (%s)", number, strsignal(number));
}

/* Bubblewrap hands a command's death on as 128 + signal, as shells do. */
void box_classify(struct box_running *run)
{
    struct box_outcome *out = run->out;
    const int code = WIFEXITED(run->status) ? WEXITSTATUS(run->status) : -1;

    if (run->stopped) {
        say_limit(run);
    } else if (!command_started(run)) {
        say_not_started(out);
    } else if (WIFSIGNALED(run->status)) {
        say_signal(run, WTERMSIG(run->status));
    } else if (code > SIGNAL_BASE && code <= SIGNAL_BASE + SIGNAL_MAX) {
        say_signal(run, code - SIGNAL_BASE);
    } else {
        out->end = BOX_EXITED;
        out->status = code;
        say(out, "it ended with status %d", code);
    }
}

bool box_available(char *error, size_t error_size)
{
    const char *const command[] = { "true", NULL };
    const struct box box = { .command = command };
    struct box_outcome out;
    const bool works = box_run(&box, &out);

    if (!works)
        snprintf(error, error_size, "%s", out.reason);
    box_outcome_free(&out);
    return works;
}

void box_version(char *out, size_t size)
{
    char line[64] = "";
    FILE *pipe = popen("bwrap --version 2>/dev/null", "re");

    if (pipe && !fgets(line, sizeof(line), pipe))
        line[0] = '\0';
    if (pipe)
        pclose(pipe);
    line[strcspn(line, "\n")] = '\0';
    snprintf(out, size, "%s", line[0] ? line : "none");
}
