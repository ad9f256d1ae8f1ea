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

    args_add(args, "qemu-system-x86_64");
    args_add(args, "-no-user-config");
    args_add(args, "-nodefaults");
    args_add(args, "-accel");
    args_add(args, "tcg");
    args_add(args, "-cpu");
    args_add(args, "max");
    args_add(args, "-m");
    args_add(args, "%uM", mem);
    /* Not reserved on the host: 64 GiB of mostly untouched memory work on a laptop. */
    args_add(args, "-object");
    args_add(args, "memory-backend-ram,id=ram,size=%uM,reserve=off", mem);
    args_add(args, "-machine");
    args_add(args, "pc,memory-backend=ram");
    args_add(args, "-vga");
    args_add(args, "std");
    args_add(args, "-display");
    args_add(args, options->gui ? "gtk" : "none");
    /* A reset ends QEMU; its log tells a triple fault. */
    args_add(args, "-no-reboot");
    args_add(args, "-d");
    args_add(args, "cpu_reset");
    args_add(args, "-D");
    args_add(args, "%s", workdir_path(log, log_name));
    args_add(args, "-device");
    args_add(args, "isa-debug-exit,iobase=0xf4,iosize=4");
}

static void qemu_add_ports(struct args *args)
{
    args_add(args, "-chardev");
    args_add(args, "file,id=lpt1,path=/dev/fd/3");
    args_add(args, "-parallel");
    args_add(args, "chardev:lpt1");
    args_add(args, "-chardev");
    args_add(args, "stdio,id=com1,signal=off");
    args_add(args, "-serial");
    args_add(args, "chardev:com1");
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
    args_add(args, "-drive");
    args_add(args, "if=pflash,format=raw,readonly=on,file=%s", names[which][0]);
    args_add(args, "-drive");
    args_add(args, "if=pflash,format=raw,file=%s", vars);
}

static void qemu_add_boot(struct args *args, const struct run_options *options,
                          const struct emulator_boot *boot)
{
    char cmdline[CMDLINE_MAX];

    if (options->uefi)
        qemu_add_uefi(args);
    if (!options->direct) {
        args_add(args, "-drive");
        args_add(args, "if=ide,media=cdrom,format=raw,readonly=on,file=%s", boot->iso);
        return;
    }
    image_cmdline(cmdline, options);
    args_add(args, "-kernel");
    args_add(args, "%s", options->kernel);
    args_add(args, "-initrd");
    args_add(args, "%s", boot->archive);
    args_add(args, "-append");
    args_add(args, "%s", cmdline);
}

void qemu_start(struct emulator *emu, const struct run_options *options,
                const struct emulator_boot *boot)
{
    struct args args = { 0 };

    qemu_add_machine(&args, options);
    qemu_add_ports(&args);
    qemu_add_boot(&args, options, boot);
    if (options->debug)
        debugger_add_stub(&args);
    emu->name = "QEMU";
    emulator_start(emu, &args, true, boot->interactive);
}

bool qemu_saw_triple_fault(void)
{
    return emulator_log_contains(log_name, "Triple fault");
}
