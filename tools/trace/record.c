/*
 * The launcher. It prepares a machine and a setup for the recorder, starts the
 * distribution's Bochs with the recorder loaded into it, passes the guest's
 * output on as ./quire run does, and says how it ended.
 *
 *     options -> archive -> boot (record_boot.c) --+--> bochs-bin + recorder -> trace
 *                setup (record_setup.c) -----------+             |
 *     exit status <- record_verdict <- Bochs' own exit status <--+
 */
#include "record.h"

#include "autopsy.h"
#include "emulator.h"
#include "output.h"
#include "pack.h"
#include "program.h"
#include "reader.h"
#include "record_boot.h"
#include "record_options.h"
#include "record_setup.h"
#include "recorder/setup.h"
#include "report.h"
#include "same_file.h"
#include "session.h"
#include "stop.h"
#include "verdict.h"
#include "workdir.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXEC_FAILED = 127 };
#define FILE_BYTES_MAX (16ull << 30)

static const struct {
    enum trace_end end;
    int status;
    const char *word, *text;
} ends[] = {
    { TRACE_END_SHUTDOWN, 0, "finished", "finished" },
    { TRACE_END_HALTED, RECORD_HALTED, "halted", "halted with interrupts off" },
    { TRACE_END_TICKS, RECORD_TICKS, "ticks", "tick limit reached" },
    { TRACE_END_EVENTS, RECORD_EVENTS, "events", "event limit reached" },
    { TRACE_END_RESET, RECORD_RESET, "reset", "the machine was reset" },
    { TRACE_END_TRIPLE_FAULT, RUN_TRIPLE_FAULT, "triple-fault", "triple fault" },
    { TRACE_END_STOPPED, RUN_TIMEOUT, "stopped", "stopped from outside" },
};

/* A guest can write no more than this, and crashes leave no core behind. */
static void record_limit_host(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){ FILE_BYTES_MAX, FILE_BYTES_MAX });
}

static const char *made; /* the trace's file, if it is this run that made it */

/* A recording that was refused leaves no empty trace behind. */
static void record_remove_empty(void)
{
    struct stat st;

    if (stat(made, &st) == 0 && st.st_size == 0)
        unlink(made);
}

/* See that the trace can be written, before anything takes time. */
static void record_make_out(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

    if (fd >= 0) {
        made = path;
        atexit(record_remove_empty);
    } else {
        fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    }
    if (fd < 0)
        report_fail("cannot write %s: %m", path);
    close(fd);
}

static void record_check_out(const struct record_options *options)
{
    const char *path = options->out;
    const char *program = options->run.program ? options->run.program[0] : NULL;

    if (same_file(path, program) || same_file(path, options->run.kernel) ||
        same_file(path, options->archive))
        report_fail("%s is what runs, and would be overwritten by the trace; give another -o",
                    path);
    record_make_out(path);
}

static void record_check(const struct record_options *options)
{
    if (!options->plain)
        record_check_out(options);
#ifndef __x86_64__
    report_line("this host's CPU is no x86-64: Bochs can run here, but the recorder's hooks are "
                "x86-64 code; record on a PC");
    report_exit(RECORD_UNSUITABLE, "unsuitable", RECORD_UNSUITABLE);
#endif
    /* Bochs' ports are connected to pipes by these. */
    if (access("/dev/null", R_OK | W_OK) != 0 || access("/dev/fd/0", F_OK) != 0)
        report_fail("no /dev/null or /dev/fd here: a sandbox needs /dev and /proc");
    if (access(options->run.kernel, R_OK) != 0)
        report_fail("cannot read the kernel %s: %m; ./quire run builds it", options->run.kernel);
    if (options->run.program)
        program_check(options->run.program[0]);
}

/* The archive to boot with, made from the program if it was not given; NULL: none. */
static const char *record_pack(char path[WORKDIR_PATH_MAX], const struct record_options *options)
{
    struct stdin_data in = { 0 };

    if (options->bare)
        return NULL;
    if (options->archive)
        return options->archive;
    if (!stdin_read(&in, false))
        verdict_check_stop(&options->run);
    pack_write(workdir_path(path, "run.cpio"), &options->run, &in);
    return path;
}

static void record_say(const struct record_options *options, const struct session *session,
                       const char *text)
{
    char guest[64] = "", error[256];
    struct trace *trace = trace_open(options->out, error, sizeof(error));
    struct stat st = { 0 };
    uint64_t events = trace ? trace_events(trace) : 0, ticks = 0;

    if (trace && events > 0)
        ticks = trace_event(trace, events - 1)->v[0];
    trace_close(trace);
    stat(options->out, &st);
    if (session->outcome == OUTCOME_EXIT)
        snprintf(guest, sizeof(guest), ", the program by exit %d", session->number);
    else if (session->outcome == OUTCOME_SIGNAL)
        snprintf(guest, sizeof(guest), ", the program by signal %d", session->number);
    else if (session->outcome == OUTCOME_PANIC)
        snprintf(guest, sizeof(guest), " after a panic of the kernel");
    report_line("recorded %" PRIu64 " events of %" PRIu64 " ticks, %" PRIu64 " KiB: %s%s", events,
                ticks, ((uint64_t)st.st_size + 1023) / 1024, text, guest);
}

/* The recorder's own line, or Bochs' last one. */
static const char *record_last_words(struct session *session)
{
    char *text = session->messages.text, *line = strstr(text, "recorder: ");

    if (!line) {
        while (session->messages.len > 0 && strchr("\r\n ", text[session->messages.len - 1]))
            text[--session->messages.len] = '\0';
        line = strrchr(text, '\n');
        line = line ? line + 1 : text;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return *line ? line : "no message";
}

static _Noreturn void record_fail(struct session *session, int status)
{
    if (status == RECORDER_UNSUITABLE || status == EXEC_FAILED) {
        report_line("%s", status == EXEC_FAILED
                              ? "bochs-bin is not installed; ./quire setup installs it"
                              : record_last_words(session) + strlen("recorder: "));
        report_exit(RECORD_UNSUITABLE, "unsuitable", RECORD_UNSUITABLE);
    }
    report_fail("Bochs ended by itself: %s", record_last_words(session));
}

static _Noreturn void record_verdict(const struct record_options *options, struct session *session)
{
    int wait = session->emu->child.status;
    int status = WIFEXITED(wait) ? WEXITSTATUS(wait) : -1, end = status - RECORDER_ENDED;

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (end != (int)ends[i].end)
            continue;
        if (end == TRACE_END_STOPPED && !stop_signal() && !stop_timed_out() && !output_is_broken())
            report_fail("Bochs ended by itself: %s", record_last_words(session));
        record_say(options, session, stop_timed_out() ? "time limit reached" : ends[i].text);
        autopsy_report(options->out);
        if (end == TRACE_END_STOPPED && stop_signal())
            report_exit(128 + stop_signal(), "interrupted", stop_signal());
        report_exit(ends[i].status, ends[i].word, ends[i].status);
    }
    verdict_check_stop(&options->run);
    record_fail(session, status);
}

/* Start Bochs with the recorder; the loader parts what it is to load at spaces and colons. */
static void record_start(struct emulator *emu, const char *settings)
{
    char link[WORKDIR_PATH_MAX];

    if (symlink(QUIRE_TRACE_PRELOAD, workdir_path(link, "recorder.so")) != 0)
        report_fail("cannot make %s: %m", link);
    setenv("LD_PRELOAD", link, 1);
    bochs_start_with(emu, settings);
    unsetenv("LD_PRELOAD");
    emu->child.finishes = true;
}

/* The same machine, told as ./quire run tells it. */
static _Noreturn void record_plain(struct session *session, const char *settings)
{
    bochs_start_with(session->emu, settings);
    session_run(session);
    verdict_exit(session);
}

int record_main(int argc, char **argv)
{
    static struct record_options options;
    static struct emulator emu;
    static struct session session = { .options = &options.run, .emu = &emu };
    char path[WORKDIR_PATH_MAX], settings[BOOT_SETTINGS_MAX];
    struct kernel_image image;
    const char *archive;

    stop_init();
    record_options_parse(&options, argc, argv);
    if (options.run.timeout > 0)
        stop_set_limit(options.run.timeout);
    record_check(&options);
    workdir_create();
    kernel_image_load(&image, options.run.kernel);
    record_boot_check(&options, &image);
    archive = record_pack((char[WORKDIR_PATH_MAX]){ 0 }, &options);
    record_setup_write(workdir_path(path, "setup"), &options, &image, archive);
    record_boot(settings, &options, &image, archive);

    record_limit_host();
    report_progress("booting");
    if (options.plain)
        record_plain(&session, settings);
    setenv(SETUP_VARIABLE, path, 1);
    record_start(&emu, settings);
    session_run(&session);
    record_verdict(&options, &session);
}
