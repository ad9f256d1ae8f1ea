/*
 * quire-run: run a Linux program on Quire as if it ran here.
 *
 *     options -> program, files, stdin -> cpio archive -> ISO -> emulator
 *                                                                   |
 *     exit status <- verdict <- outcome <- frames on LPT1 <---------+
 *
 * Every wait goes through stop.c; every exit through report.c, and exit
 * handlers kill what was started and remove what was written. Start reading
 * here, then session.c.
 */
#include "debugger.h"
#include "image.h"
#include "keys.h"
#include "options.h"
#include "pack.h"
#include "program.h"
#include "report.h"
#include "session.h"
#include "stop.h"
#include "verdict.h"
#include "workdir.h"

#include <fcntl.h>
#include <unistd.h>

/* A descriptor closed by the caller must not be reused for a file of ours. */
static void run_open_standard_fds(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO);
    close(fd);
}

static void run_check_kernel(const struct run_options *options)
{
    if (access(options->kernel, R_OK) != 0)
        report_fail("cannot read the kernel %s: %m; ./quire run builds it", options->kernel);
    if (!options->program && access(QUIRE_DEMO, R_OK) != 0)
        report_fail("the demo is not built; cmake --build build/host builds it");
    if (options->program)
        program_check(options->program[0]);
}

/* Everything that the machine is given; false when the runner shall stop. */
static bool run_pack(const char *archive, bool *interactive, const struct run_options *options)
{
    bool terminals_interact = options->emulator == EMULATOR_QEMU && !options->iso && !options->pack;
    struct stdin_data in = { 0 };

    /* With a debugger, the terminal is the debugger's. */
    if (!options->debug && !stdin_read(&in, terminals_interact))
        return false;
    *interactive = in.interactive;
    if (in.interactive && (options->keys || options->map))
        keys_take_singly();
    if (options->map)
        in.interactive = false; /* COM1 is the map's */
    pack_write(archive, options, &in);
    return true;
}

static void run_machine(const struct run_options *options, const struct emulator_boot *boot)
{
    static struct emulator emu;
    static struct child gdb;
    static struct session session;

    session = (struct session){ .options = options, .emu = &emu, .archive = boot->archive };
    if (options->emulator == EMULATOR_QEMU)
        qemu_start(&emu, options, boot);
    else
        bochs_start(&emu, options, boot);
    if (options->server) {
        debugger_announce(options);
    } else if (options->debug) {
        stop_ignore_keyboard();
        debugger_start(&gdb, options);
        session.gdb = &gdb;
    }
    session_run(&session);
    verdict_exit(&session);
}

int main(int argc, char **argv)
{
    static struct run_options options;
    char archive[WORKDIR_PATH_MAX], iso[WORKDIR_PATH_MAX];
    struct emulator_boot boot = { .iso = workdir_path(iso, ""), .archive = archive };

    run_open_standard_fds();
    stop_init();
    options_parse(&options, argc, argv);
    if (options.timeout > 0)
        stop_set_limit(options.timeout);
    run_check_kernel(&options);
    workdir_create();
    if (options.pack)
        boot.archive = options.pack;
    else
        workdir_path(archive, "run.cpio");
    if (options.iso)
        boot.iso = options.iso;
    else
        workdir_path(iso, "quire.iso");

    if (!run_pack(boot.archive, &boot.interactive, &options))
        verdict_check_stop(&options);
    if (options.pack)
        report_exit(0, "exit", 0);
    if (!options.direct)
        report_progress("making the boot image");
    if (!options.direct && !image_make(boot.iso, boot.archive, &options))
        verdict_check_stop(&options);
    if (options.iso)
        report_exit(0, "exit", 0);
    report_progress("booting");
    run_machine(&options, &boot);
}
