/*
 * QEMU. The accelerator and CPU are named, not left to what the machine at
 * hand offers: TCG with every feature gives the same run everywhere.
 */
#include "debugger.h"
#include "emulator.h"
#include "image.h"
#include "report.h"
#include "workdir.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char log_name[] = "qemu.log";

static void qemu_add_machine(struct args *args, const struct run_options *options)
{
    unsigned mem = (unsigned)options->mem_mib;
    char log[WORKDIR_PATH_MAX];

    args_add_all(args, "qemu-system-x86_64", "-no-user-config", "-nodefaults", NULL);
    args_add_all(args, "-accel", "tcg", "-cpu", "max", "-vga", "std", NULL);
    args_add_all(args, "-display", options->gui ? "gtk" : "none", NULL);
    /* Not reserved on the host: 64 GiB of mostly untouched memory work on a laptop. */
    args_add_all(args, "-machine", "pc,memory-backend=ram", "-m", NULL);
    args_add(args, "%uM", mem);
    args_add_all(args, "-object", NULL);
    args_add(args, "memory-backend-ram,id=ram,size=%uM,reserve=off", mem);
    /* A reset ends QEMU; its log tells a triple fault. */
    args_add_all(args, "-no-reboot", "-d", "cpu_reset", "-D", workdir_path(log, log_name), NULL);
    args_add_all(args, "-device", "isa-debug-exit,iobase=0xf4,iosize=4", NULL);
}

static void qemu_add_ports(struct args *args)
{
    args_add_all(args, "-chardev", "file,id=lpt1,path=/dev/fd/3", NULL);
    args_add_all(args, "-parallel", "chardev:lpt1", NULL);
    args_add_all(args, "-chardev", "stdio,id=com1,signal=off", NULL);
    args_add_all(args, "-serial", "chardev:com1", NULL);
}

/* The firmware keeps its settings in a file, so each run gets a copy of the template. */
static void qemu_add_uefi(struct args *args)
{
    static const char *const names[][2] = {
        { "/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd" },
        { "/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd" },
    };
    int which = access(names[0][0], R_OK) == 0 ? 0 : 1;
    char vars[WORKDIR_PATH_MAX], log[WORKDIR_PATH_MAX];

    if (access(names[which][0], R_OK) != 0)
        report_fail("the UEFI firmware is not installed; run ./quire setup uefi");
    workdir_path(vars, "uefi-vars.fd");
    if (!child_run((char *[]){ "cp", (char *)names[which][1], vars, NULL },
                   workdir_path(log, "cp.log")))
        report_fail("cannot copy %s", names[which][1]);
    args_add_all(args, "-drive", NULL);
    args_add(args, "if=pflash,format=raw,readonly=on,file=%s", names[which][0]);
    args_add_all(args, "-drive", NULL);
    args_add(args, "if=pflash,format=raw,file=%s", vars);
}

static void qemu_add_boot(struct args *args, const struct run_options *options,
                          const struct emulator_boot *boot)
{
    char cmdline[CMDLINE_MAX];

    if (options->uefi)
        qemu_add_uefi(args);
    if (!options->direct) {
        args_add_all(args, "-drive", NULL);
        args_add(args, "if=ide,media=cdrom,format=raw,readonly=on,file=%s", boot->iso);
        return;
    }
    image_cmdline(cmdline, options);
    args_add_all(args, "-kernel", options->kernel, "-initrd", boot->archive, NULL);
    args_add_all(args, "-append", cmdline, NULL);
}

void qemu_start(struct emulator *emu, const struct run_options *options,
                const struct emulator_boot *boot)
{
    struct args args = { 0 };

    qemu_add_machine(&args, options);
    qemu_add_ports(&args);
    qemu_add_boot(&args, options, boot);
    if (options->debug)
        debugger_add_stub(&args, options);
    emu->name = "QEMU";
    emulator_start(emu, &args, true, boot->interactive);
}

bool qemu_saw_triple_fault(void)
{
    return emulator_log_contains(log_name, "Triple fault");
}
