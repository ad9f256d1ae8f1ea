#include "options.h"

#include "report.h"
#include "same_file.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MEM_DEFAULT_MIB = 256,
    MEM_MIN_MIB = 32,
    MEM_MIN_UEFI_MIB = 128,
    MEM_MAX_MIB = 64 * 1024,
    MEM_MAX_BOCHS_MIB = 8192
};

enum option_key {
    OPT_QEMU = 1,
    OPT_BOCHS,
    OPT_UEFI,
    OPT_DIRECT,
    OPT_GUI,
    OPT_KEYS,
    OPT_MAP,
    OPT_MEM,
    OPT_TIMEOUT,
    OPT_SEED,
    OPT_ENV,
    OPT_FILE,
    OPT_LOG,
    OPT_STATUS,
    OPT_VERBOSE,
    OPT_KERNEL,
    OPT_KERNEL_ARG,
    OPT_ISO,
    OPT_PACK,
    OPT_DEBUG,
    OPT_SERVER,
    OPT_AUTOPSY,
    OPT_NO_AUTOPSY,
    OPT_HELP,
};

static const struct option long_options[] = {
    { "qemu", no_argument, NULL, OPT_QEMU },
    { "bochs", no_argument, NULL, OPT_BOCHS },
    { "uefi", no_argument, NULL, OPT_UEFI },
    { "direct", no_argument, NULL, OPT_DIRECT },
    { "gui", no_argument, NULL, OPT_GUI },
    { "keys", no_argument, NULL, OPT_KEYS },
    { "map", no_argument, NULL, OPT_MAP },
    { "mem", required_argument, NULL, OPT_MEM },
    { "timeout", required_argument, NULL, OPT_TIMEOUT },
    { "seed", required_argument, NULL, OPT_SEED },
    { "env", required_argument, NULL, OPT_ENV },
    { "file", required_argument, NULL, OPT_FILE },
    { "log", no_argument, NULL, OPT_LOG },
    { "status", required_argument, NULL, OPT_STATUS },
    { "verbose", no_argument, NULL, OPT_VERBOSE },
    { "kernel", required_argument, NULL, OPT_KERNEL },
    { "kernel-arg", required_argument, NULL, OPT_KERNEL_ARG },
    { "iso", required_argument, NULL, OPT_ISO },
    { "pack", required_argument, NULL, OPT_PACK },
    { "debug", no_argument, NULL, OPT_DEBUG },
    { "server", required_argument, NULL, OPT_SERVER },
    { "autopsy", no_argument, NULL, OPT_AUTOPSY },
    { "no-autopsy", no_argument, NULL, OPT_NO_AUTOPSY },
    { "help", no_argument, NULL, OPT_HELP },
    { 0 },
};

/* The text is a file, so that ./quire can show it before anything is built. */
static _Noreturn void option_help(void)
{
    FILE *file = fopen(QUIRE_ROOT "/tools/run/help.txt", "r");
    int c;

    if (!file)
        report_fail("cannot read tools/run/help.txt: %m");
    while ((c = getc(file)) != EOF)
        putchar(c);
    exit(0);
}

static uint64_t option_number(const char *option, const char *text, char **end)
{
    unsigned long long value;

    errno = 0;
    value = strtoull(text, end, 10);
    if (errno || text[0] < '0' || text[0] > '9')
        report_fail("%s wants a number, not '%s'; see ./quire run --help", option, text);
    return value;
}

static uint64_t option_mem(const char *text)
{
    char *end;
    uint64_t value = option_number("--mem", text, &end);
    bool gib = *end == 'G' || *end == 'g';

    if (gib || *end == 'M' || *end == 'm')
        end++;
    if (*end)
        report_fail("--mem wants a number with M or G behind it, as in --mem 512M, not '%s'", text);
    if (value > MEM_MAX_MIB)
        return value; /* refused later; not multiplied, so that it cannot wrap */
    return gib ? value * 1024 : value;
}

static uint64_t option_seed(const char *text)
{
    char *end;
    uint64_t value = option_number("--seed", text, &end);

    if (*end)
        report_fail("--seed wants a number, not '%s'", text);
    return value;
}

static double option_timeout(const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end || !isfinite(value) || value <= 0)
        report_fail("--timeout wants seconds above 0, not '%s'", text);
    return value;
}

static void option_add(struct option_list *list, const char *option, char *text)
{
    if (list->count == OPTION_LIST_MAX)
        report_fail("%s is given more than %d times", option, OPTION_LIST_MAX);
    list->item[list->count++] = text;
}

static void option_add_env(struct option_list *list, char *text)
{
    if (!strchr(text, '=') || text[0] == '=')
        report_fail("--env wants NAME=VALUE, not '%s'", text);
    option_add(list, "--env", text);
}

/* The words travel through GRUB's configuration, where these mean themselves. */
static void option_add_kernel_arg(struct option_list *list, char *text)
{
    if (!*text || strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789=-_.,:/+") != strlen(text))
        report_fail("--kernel-arg takes letters, digits and =-_.,:/+ only, not '%s'", text);
    option_add(list, "--kernel-arg", text);
}

static void option_set_emulator(struct run_options *options, enum emulator_kind kind, bool *chosen)
{
    if (*chosen && options->emulator != kind)
        report_fail("--qemu and --bochs exclude each other; give one of them");
    options->emulator = kind;
    *chosen = true;
}

static void option_take_value(struct run_options *options, enum option_key key, char *value)
{
    switch (key) {
    case OPT_MEM:
        options->mem_mib = option_mem(value);
        break;
    case OPT_TIMEOUT:
        options->timeout = option_timeout(value);
        break;
    case OPT_SEED:
        options->seed = option_seed(value);
        break;
    case OPT_ENV:
        option_add_env(&options->env, value);
        break;
    case OPT_FILE:
        option_add(&options->files, "--file", value);
        break;
    case OPT_STATUS:
        report_set_status_file(value);
        break;
    case OPT_SERVER:
        options->server = value;
        options->debug = true;
        break;
    case OPT_KERNEL:
        options->kernel = value;
        break;
    case OPT_KERNEL_ARG:
        option_add_kernel_arg(&options->kernel_args, value);
        break;
    case OPT_PACK:
        options->pack = value;
        break;
    default:
        options->iso = value;
        break;
    }
}

static void option_take(struct run_options *options, enum option_key key, bool *emulator_chosen)
{
    switch (key) {
    case OPT_QEMU:
        option_set_emulator(options, EMULATOR_QEMU, emulator_chosen);
        break;
    case OPT_BOCHS:
        option_set_emulator(options, EMULATOR_BOCHS, emulator_chosen);
        break;
    case OPT_UEFI:
        options->uefi = true;
        break;
    case OPT_DIRECT:
        options->direct = true;
        break;
    case OPT_GUI:
        options->gui = true;
        break;
    case OPT_KEYS:
        options->keys = true;
        break;
    case OPT_MAP:
        options->map = true;
        break;
    case OPT_LOG:
        options->log = true;
        break;
    case OPT_AUTOPSY:
        options->autopsy = AUTOPSY_ALWAYS;
        break;
    case OPT_NO_AUTOPSY:
        options->autopsy = AUTOPSY_NEVER;
        break;
    case OPT_VERBOSE:
        report_set_verbose();
        break;
    case OPT_DEBUG:
        options->debug = true;
        break;
    case OPT_HELP:
        option_help();
    default:
        option_take_value(options, key, optarg);
        break;
    }
}

static void options_check_memory(const struct run_options *options)
{
    uint64_t min = options->uefi ? MEM_MIN_UEFI_MIB : MEM_MIN_MIB;
    uint64_t max = options->emulator == EMULATOR_BOCHS ? MEM_MAX_BOCHS_MIB : MEM_MAX_MIB;

    if (options->mem_mib < min || options->mem_mib > max)
        report_fail("--mem must be %u to %u MiB for this way to boot", (unsigned)min,
                    (unsigned)max);
}

static void options_check_output(const struct run_options *options, const char *out)
{
    const char *program = options->program ? options->program[0] : NULL;

    if (same_file(out, program) || same_file(out, options->kernel))
        report_fail("%s goes into the image and would be overwritten by it; give the image "
                    "another name",
                    out);
}

/* An empty variable of the environment is as good as none. */
static bool has_value(const char *variable)
{
    const char *value = getenv(variable);

    return value && *value;
}

static void options_check(struct run_options *options)
{
    bool bochs = options->emulator == EMULATOR_BOCHS;

    if (bochs && options->debug)
        report_fail("debugging needs QEMU; leave out --bochs");
    /* A lecturer's laptop has a window; elsewhere the map is drawn where nobody looks. */
    options->gui |= options->map && (has_value("DISPLAY") || has_value("WAYLAND_DISPLAY"));
    /* The debugger wants the kernel, not the loader's seconds before it. */
    options->direct |= options->debug;
    if (options->uefi && options->direct)
        report_fail("--uefi and --direct exclude each other; give one of them");
    if (bochs && (options->uefi || options->direct))
        report_fail("%s needs QEMU; leave out --bochs", options->uefi ? "--uefi" : "--direct");
    if (options->iso && options->direct)
        report_fail("--direct boots without an image; leave out --iso or --direct");
    options_check_memory(options);
    options_check_output(options, options->iso);
    options_check_output(options, options->pack);
}

void options_parse(struct run_options *options, int argc, char **argv)
{
    bool emulator_chosen = false;
    int key;

    *options = (struct run_options){
        .mem_mib = MEM_DEFAULT_MIB,
        .seed = 1,
        .kernel = QUIRE_KERNEL,
    };
    opterr = 0;
    /* "+": options end at PROG, what follows is the program's. ":": tell a missing value apart. */
    while ((key = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (key == ':')
            report_fail("%s needs a value; see ./quire run --help", argv[optind - 1]);
        if (key == '?')
            report_fail("unknown option %s; ./quire run --help lists them", argv[optind - 1]);
        option_take(options, (enum option_key)key, &emulator_chosen);
    }
    if (optind < argc)
        options->program = argv + optind;
    options_check(options);
}
