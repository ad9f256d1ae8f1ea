/*
 * Bochs, headless. Everything that could make two runs differ or let the guest
 * out of its box is set: the clock follows the instructions, the debugger's
 * ports are off, the display's server has a network of its own.
 */
#include "emulator.h"
#include "report.h"
#include "workdir.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HOST_MIB_MAX = 2048 /* what Bochs keeps of the guest's memory; the rest is in a file */ };

static const char log_name[] = "bochs.log";
static bool chosen; /* LTDL_LIBRARY_PATH is ours */

/*
 * 10 million instructions a second give a 100 Hz tick every 100,000; more would
 * make the firmware's waits long. The CPU model is one with SMEP, SMAP, UMIP.
 */
static const char settings[] =
    "config_interface: textconfig\n"
    "vgaromimage: file=/usr/share/vgabios/vgabios.bin\n"
    "cpu: model=corei7_icelake_u, count=1, ips=10000000, reset_on_triple_fault=0\n"
    "clock: sync=none, time0=1700000000\n"
    "panic: action=fatal\n"
    "error: action=ignore\n"
    "info: action=ignore\n"
    "debug: action=ignore\n"
    "port_e9_hack: enabled=0\n"
    "magic_break: enabled=0\n"
    "plugin_ctrl: iodebug=0\n"
    "sound: waveoutdrv=dummy\n"
    "speaker: enabled=0\n"
    "mouse: enabled=0\n"
    "com1: enabled=1, mode=file, dev=/dev/fd/4\n"
    "parport1: enabled=1, file=/dev/fd/3\n";

/* Where somebody watches, a second is a second: Bochs waits if it is ahead. */
static const char real_time[] = "clock: sync=slowdown, time0=1700000000\n";

static void bochs_write_settings(const char *path, const char *more)
{
    FILE *file = fopen(path, "w");
    char log[WORKDIR_PATH_MAX];

    if (!file)
        report_fail("cannot write %s: %m", path);
    fprintf(file, "%s%slog: %s\n", settings, more, workdir_path(log, log_name));
    if (fclose(file) != 0)
        report_fail("cannot write %s: %m", path);
}

/* The distribution's Bochs is the debugger build: tell it to go. */
static void bochs_write_commands(const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file || fputs("c\n", file) < 0 || fclose(file) != 0)
        report_fail("cannot write %s: %m", path);
}

/* Is this the plugin of a display, and not of the one that the settings name? */
static bool bochs_is_other_display(const char *plugin, const char *more)
{
    const char *name = strstr(plugin, "libbx_") + strlen("libbx_"), *end = strstr(name, "_gui.so");
    const char *wanted = strstr(more, "display_library: ");

    return end && (!wanted ||
                   strncmp(wanted + strlen("display_library: "), name, (size_t)(end - name)) != 0);
}

void bochs_choose_plugins(const char *more)
{
    char folder[WORKDIR_PATH_MAX], link[WORKDIR_PATH_MAX + 256];
    glob_t found = { 0 };

    if (getenv("LTDL_LIBRARY_PATH") || glob(BOCHS_PLUGINS "/libbx_*.so", 0, NULL, &found) != 0)
        return;
    if (mkdir(workdir_path(folder, "plugins"), 0700) != 0)
        report_fail("cannot make %s: %m", folder);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *plugin = found.gl_pathv[i];

        if (bochs_is_other_display(plugin, more))
            continue;
        snprintf(link, sizeof(link), "%s%s", folder, strrchr(plugin, '/'));
        if (symlink(plugin, link) != 0)
            report_fail("cannot make %s: %m", link);
    }
    globfree(&found);
    setenv("LTDL_LIBRARY_PATH", folder, 1);
    chosen = true;
}

/* What this process starts besides, for an autopsy say, has another display. */
static void bochs_forget_plugins(void)
{
    if (chosen)
        unsetenv("LTDL_LIBRARY_PATH");
}

void bochs_start_with(struct emulator *emu, const char *more)
{
    char rc[WORKDIR_PATH_MAX], commands[WORKDIR_PATH_MAX];
    struct args args = { 0 };

    bochs_choose_plugins(more);
    bochs_write_settings(workdir_path(rc, "bochsrc"), more);
    bochs_write_commands(workdir_path(commands, "bochs-commands"));
    args_add(&args, "bochs-bin");
    args_add(&args, "-q");
    args_add(&args, "-f");
    args_add(&args, "%s", rc);
    args_add(&args, "-rc");
    args_add(&args, "%s", commands);
    emu->name = "Bochs";
    emulator_start(emu, &args, false, false);
    bochs_forget_plugins();
}

void bochs_add_memory(char *more, size_t size, uint64_t mem_mib)
{
    size_t used = strlen(more);
    unsigned guest = (unsigned)mem_mib, host = guest < HOST_MIB_MAX ? guest : HOST_MIB_MAX;

    snprintf(more + used, size - used, "memory: guest=%u, host=%u\n", guest, host);
}

void bochs_start(struct emulator *emu, const struct run_options *options,
                 const struct emulator_boot *boot)
{
    char more[2 * WORKDIR_PATH_MAX];

    snprintf(more, sizeof(more),
             BOCHS_BIOS "display_library: %s\n"
                        "ata0-master: type=cdrom, path=%s, status=inserted\n%s",
             options->gui ? "x" : BOCHS_HEADLESS, boot->iso, options->gui ? real_time : "");
    bochs_add_memory(more, sizeof(more), options->mem_mib);
    bochs_start_with(emu, more);
}

bool bochs_saw_triple_fault(void)
{
    return emulator_log_contains(log_name, "exception with no resolution");
}
