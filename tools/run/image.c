#include "image.h"

#include "args.h"
#include "child.h"
#include "report.h"
#include "stop.h"
#include "workdir.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void image_cmdline(char *out, const struct run_options *options)
{
    size_t used = (size_t)snprintf(out, CMDLINE_MAX, "seed=%" PRIu64, options->seed);

    /* The display that Bochs has without a window knows no colours enough (emulator.h). */
    if (options->map)
        used +=
            (size_t)snprintf(out + used, CMDLINE_MAX - used, " show%s",
                             options->emulator == EMULATOR_BOCHS && !options->gui ? " text" : "");
    for (size_t i = 0; i < options->kernel_args.count; i++) {
        used +=
            (size_t)snprintf(out + used, CMDLINE_MAX - used, " %s", options->kernel_args.item[i]);
        if (used >= CMDLINE_MAX)
            report_fail("the kernel's command line is longer than %d bytes", CMDLINE_MAX - 1);
    }
}

/* The last line of a helper's output: what went wrong, usually. */
static void image_last_line(char *out, size_t size, const char *log)
{
    FILE *file = fopen(log, "r");
    char line[512];

    snprintf(out, size, "no message");
    while (file && fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line)
            snprintf(out, size, "%s", line);
    }
    if (file)
        fclose(file);
}

bool image_make(const char *path, const char *archive, const struct run_options *options)
{
    char cmdline[CMDLINE_MAX], log[WORKDIR_PATH_MAX], why[512];
    struct args args = { 0 };
    const char *firmware = options->uefi                         ? "hybrid"
                           : options->emulator == EMULATOR_BOCHS ? "bochs"
                                                                 : "bios";

    image_cmdline(cmdline, options);
    workdir_path(log, "make-iso.log");
    args_add_all(&args, QUIRE_ROOT "/iso/make-iso.sh", firmware, options->kernel, archive, cmdline,
                 path, NULL);
    args_report(&args);
    if (child_run(args.item, log))
        return true;
    if (stop_signal() || stop_timed_out())
        return false;
    image_last_line(why, sizeof(why), log);
    report_fail("cannot make the boot image: %s; ./quire doctor says what is missing", why);
}
