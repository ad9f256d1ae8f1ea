#include "help.h"

#include <string.h>

static const char all[] =
    "usage: ./quire trace COMMAND [ARGUMENT...]\n"
    "\n"
    "Record what the CPU does under Bochs, and read it.\n"
    "\n"
    "  record PROG [ARG...] -o FILE  run a program on Quire and record it\n"
    "  show FILE                     the events as text, one a line\n"
    "  stat FILE                     what there was, in numbers\n"
    "  walk FILE --tick T VA         an address through the page tables at a tick\n"
    "  diff A B                      the first thing that two machines did differently\n"
    "  export --perfetto|--ctf FILE -o OUT\n"
    "                                for other viewers\n"
    "  autopsy FILE                  why the machine ended, on one screen\n"
    "  bench FILE                    how fast the trace is read\n"
    "\n"
    "Each takes --help. Exit status: 0 done, 1 the thing judged failed, 2 usage,\n"
    "3 the environment; record has its own, see its --help.\n";

static const char files[] =
    "  --kernel FILE   the kernel with its symbols, if it is not where the trace says\n"
    "  --program FILE  a program with its symbols; repeat for more\n"
    "  --help          this text\n";

static const char show[] =
    "usage: ./quire trace show [OPTION...] FILE\n"
    "\n"
    "Print the events, one a line: tick, ring, address space, what happened, and the\n"
    "instruction that did it. Options leave some out; an event is shown if all let it.\n"
    "\n"
    "  --kind K[,K...] only these kinds: start end cr invlpg invpcid wrmsr exception\n"
    "                  interrupt transfer call return table table-gone entry-seen\n"
    "                  entry-write entry-ad stale-cpu stale-ideal window out halt reset\n"
    "                  sample branch out-value challenge witness user-state\n"
    "  --task T        only in this address space: a process's number, or a name as\n"
    "                  stat lists it\n"
    "  --cr3 X         only in the address space with this root\n"
    "  --address VA[-VA]\n"
    "                  only about these addresses: faults at them, entries that map\n"
    "                  them, flushes of them\n"
    "  --symbol F      only by the instructions of function F, its calls and returns\n"
    "  --from T        not before this tick\n"
    "  --to T          not after this tick\n"
    "  --ring N        only in this ring\n";

static const char stat[] =
    "usage: ./quire trace stat FILE\n"
    "\n"
    "Print how a run was recorded, how its ticks were spent, how often each kind of\n"
    "event occurred, and what each address space did: ticks, switches, system calls,\n"
    "page faults (page absent, write to a write-protected page, others), entries that\n"
    "the kernel wrote while it was loaded, flushes.\n"
    "\n";

static const char walk[] =
    "usage: ./quire trace walk [OPTION...] FILE VA\n"
    "\n"
    "Walk an address through the page tables as the CPU would have at a moment: each\n"
    "level's entry, and which instruction wrote it last.\n"
    "\n"
    "  --tick T        the moment: before the first event at or after this tick\n"
    "                  (default: the end)\n"
    "  --cr3 X         from this root (default: the one that is loaded then)\n"
    "  --task T        from the root of this address space\n";

static const char diff[] =
    "usage: ./quire trace diff [OPTION...] A B\n"
    "\n"
    "Find the first thing that two machines did differently, and say it in words: in\n"
    "which address space, after what, what A did and what B did. Not compared, and\n"
    "counted at the end: ticks, interrupts by devices and what they led to, process\n"
    "numbers, which frame was taken for a page, who of those that share a page copied\n"
    "it, the order in which address spaces took turns, addresses of the kernel's code.\n"
    "\n"
    "  --calls         compare all recorded calls, not only system calls\n"
    "  --exact         compare every event with its tick and all its values\n"
    "  --kernel FILE, --program FILE\n"
    "                  files with symbols, for both traces\n"
    "  --help          this text\n"
    "\n"
    "Exit status: 0 they did the same, 1 they did not, 2 usage, 3 the environment.\n";

static const char export[] =
    "usage: ./quire trace export --perfetto FILE -o OUT.json\n"
    "       ./quire trace export --ctf FILE -o OUT-DIRECTORY\n"
    "\n"
    "Write a trace for other viewers. One tick becomes one time unit as the trace's\n"
    "instructions per second say.\n"
    "\n"
    "  --perfetto      trace-event JSON: ui.perfetto.dev, chrome://tracing, speedscope\n"
    "  --ctf           Common Trace Format 1.8: babeltrace2, Trace Compass\n"
    "  -o OUT          where to; a directory must not exist yet\n";

static const char autopsy[] =
    "usage: ./quire trace autopsy FILE\n"
    "\n"
    "Say on one screen why the machine ended: the chain of exceptions, the walk of the\n"
    "address that faulted with who wrote each entry last, the last control transfers,\n"
    "and what to look at.\n"
    "\n"
    "Exit status: 0 the machine ended as it should, 1 it did not, 2 usage,\n"
    "3 the environment.\n"
    "\n";

static const char bench[] =
    "usage: ./quire trace bench FILE [MILLIONS]\n"
    "\n"
    "Read a trace in the ways the other commands do, and say how fast, in events a\n"
    "second of this process' CPU time.\n"
    "\n"
    "Exit status: 0, or 1 if trace_scan reads less than so many million; 2 usage,\n"
    "3 the environment.\n"
    "\n";

static const struct {
    const char *command, *text;
    int takes_files;
} pages[] = {
    { "show", show, 1 },   { "stat", stat, 1 },     { "walk", walk, 1 },       { "diff", diff, 0 },
    { "bench", bench, 0 }, { "export", export, 1 }, { "autopsy", autopsy, 1 },
};

void help_print(const char *command)
{
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (strcmp(pages[i].command, command) == 0) {
            fputs(pages[i].text, stdout);
            if (pages[i].takes_files)
                fputs(files, stdout);
        }
    }
}

void help_print_all(FILE *out)
{
    fputs(all, out);
}
