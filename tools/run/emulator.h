/*
 * An emulator with our machine in it, started with its ends connected to us.
 *
 *     guest's LPT1  -> frames      what the program and kernel say
 *     guest's COM1  -> console     what a human would see; shown after a failure
 *     guest's COM1 <-  keyboard    interactive input; -1 where there is none
 *     its messages  -> messages    standard error (and output, if not the console)
 */
#pragma once

#include "args.h"
#include "child.h"
#include "options.h"

struct emulator {
    struct child child;
    const char *name; /* for messages */
    int frames, console, messages, keyboard;
};

/* What to boot: an ISO, or with --direct the kernel and archive as they are. */
struct emulator_boot {
    const char *iso;
    const char *archive;
    bool interactive;
};

/* Start the emulator that the options choose. Exits with 125 on failure. */
void qemu_start(struct emulator *emu, const struct run_options *options,
                const struct emulator_boot *boot);
void bochs_start(struct emulator *emu, const struct run_options *options,
                 const struct emulator_boot *boot);

/* Settings for bochs_start_with: the firmware, from a CD; and a display that nobody sees. */
#define BOCHS_BIOS     "romimage: file=/usr/share/bochs/BIOS-bochs-latest\nboot: cdrom\n"
#define BOCHS_HEADLESS "rfb, options=\"timeout=0\""

/* Append the machine's memory to settings, which have room for size bytes. */
void bochs_add_memory(char *more, size_t size, uint64_t mem_mib);

/*
 * Have Bochs find only the plugins that these settings can use, until bochs_start_with has
 * started it. At its start it loads all that it finds, to ask what they are: with those of other
 * displays GTK and wxWidgets, two fifths of the time of a short run. Where the distribution's are
 * not found, or LTDL_LIBRARY_PATH is set already, it is left to itself.
 */
void bochs_choose_plugins(const char *more);

/* Bochs with more settings than ours, lines of its configuration; what it boots is among them. */
void bochs_start_with(struct emulator *emu, const char *more);

/* After it has ended: did it stop because of a triple fault? */
bool qemu_saw_triple_fault(void);
bool bochs_saw_triple_fault(void);

/*
 * Connect and start: the child's descriptor 3 is the parallel port; the other
 * end of each pipe lands in emu. With console_on_stdout, 0 and 1 are COM1;
 * otherwise 4 is COM1 (output only) and 1 joins 2.
 */
void emulator_start(struct emulator *emu, const struct args *args, bool console_on_stdout,
                    bool keyboard);

/* Does the file contain the text? For the emulators' logs. */
bool emulator_log_contains(const char *name, const char *text);
