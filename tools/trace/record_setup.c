#include "record_setup.h"

#include "child.h"
#include "emulator.h"
#include "image.h"
#include "record.h"
#include "record_calls.h"
#include "record_programs.h"
#include "report.h"
#include "verdict.h"
#include "workdir.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IPS = 10000000, LINE_MAX_BYTES = 1024, HASH_CHARS = 64 };

/* A parameter's value is one line of printable bytes: others become \xNN. */
static void put_escaped(FILE *file, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c < 0x20 || c == 0x7f || c == '\\')
            fprintf(file, "\\x%02x", c);
        else
            putc(c, file);
    }
}

static void put_parameter(FILE *file, const char *key, const char *value)
{
    fprintf(file, "parameter %s=", key);
    put_escaped(file, value);
    putc('\n', file);
}

/* The first line of a helper's output for which want says yes. */
static bool helper_line(char line[LINE_MAX_BYTES], char *const *argv, const char *name,
                        const char *want)
{
    char log[WORKDIR_PATH_MAX];
    bool found = false;
    FILE *file;

    workdir_path(log, name);
    child_run(argv, log);
    file = fopen(log, "r");
    while (file && !found && fgets(line, LINE_MAX_BYTES, file))
        found = strstr(line, want) != NULL;
    if (file)
        fclose(file);
    unlink(log);
    return found;
}

static void put_hash(FILE *file, const char *key, const char *path)
{
    char line[LINE_MAX_BYTES], command[] = "sha256sum", dashes[] = "--";
    char *argv[] = { command, dashes, strdup(path), NULL };

    if (!helper_line(line, argv, "hash.log", "") || strlen(line) < HASH_CHARS)
        report_fail("cannot compute the hash of %s: sha256sum failed", path);
    free(argv[2]);
    /* It begins with a backslash where the name needed one. */
    memmove(line, line + (line[0] == '\\'), HASH_CHARS);
    line[HASH_CHARS] = '\0';
    put_parameter(file, key, line);
}

/* Bochs says its version among other things; without one it is not there. */
static void put_bochs(FILE *file, const struct record_options *options)
{
    static const char banner[] = "Bochs x86 Emulator ";
    char line[LINE_MAX_BYTES], command[] = "bochs-bin", help[] = "--help", *version;
    char *argv[] = { command, help, NULL };

    bochs_choose_plugins("display_library: " BOCHS_HEADLESS);
    if (!helper_line(line, argv, "version.log", banner)) {
        verdict_check_stop(&options->run);
        report_line("bochs-bin is not installed or does not run; ./quire setup installs it");
        report_exit(RECORD_UNSUITABLE, "unsuitable", RECORD_UNSUITABLE);
    }
    version = strstr(line, banner) + strlen(banner);
    version[strcspn(version, " \r\n")] = '\0';
    put_parameter(file, "bochs", version);
}

static void put_program(FILE *file, const char *path, uint64_t bias)
{
    char text[32];

    put_parameter(file, "program", path);
    snprintf(text, sizeof(text), "0x%" PRIx64, bias);
    put_parameter(file, "program_bias", text);
    put_hash(file, "program_sha256", path);
}

static void put_command(FILE *file, char *const *words)
{
    fputs("parameter command=", file);
    for (size_t i = 0; words && words[i]; i++) {
        if (i > 0)
            putc(' ', file);
        put_escaped(file, words[i]);
    }
    putc('\n', file);
}

static void put_calls(FILE *file, const struct record_options *options)
{
    char *names = record_calls_write(file, options);

    if (names)
        put_parameter(file, "calls", names);
    free(names);
}

static void put_number(FILE *file, const char *key, uint64_t number)
{
    char text[32];

    snprintf(text, sizeof(text), "%" PRIu64, number);
    put_parameter(file, key, text);
}

/* What was made harder for the kernel. */
static void put_conditions(FILE *file, const struct record_options *options)
{
    const struct hole_list *holes = &options->holes;

    if (options->jitter && strcmp(options->jitter, "0") != 0)
        put_parameter(file, "jitter", options->jitter);
    for (size_t i = 0; i < holes->count; i++) {
        char text[64];

        snprintf(text, sizeof(text), "0x%" PRIx64 ":0x%" PRIx64, holes->hole[i].start,
                 holes->hole[i].end - holes->hole[i].start);
        put_parameter(file, "hole", text);
    }
}

static void put_parameters(FILE *file, const struct record_options *options, const char *archive)
{
    char cmdline[CMDLINE_MAX];

    put_bochs(file, options);
    put_number(file, "ips", IPS);
    put_number(file, "mem_mib", options->run.mem_mib);
    put_parameter(file, "boot", options->grub ? "grub" : "direct");
    put_parameter(file, "kernel", options->run.kernel);
    put_hash(file, "kernel_sha256", options->run.kernel);
    image_cmdline(cmdline, &options->run);
    put_parameter(file, "cmdline", cmdline);
    put_number(file, "seed", options->run.seed);
    if (archive)
        put_hash(file, "image_sha256", archive);
    if (archive && (!options->archive || options->run.program)) {
        static char demo[] = "demo";

        put_command(file, options->run.program ? options->run.program : (char *[]){ demo, NULL });
    }
    record_programs_each(options, put_program, file);
    put_conditions(file, options);
    put_number(file, "max_ticks", options->max_ticks);
    put_number(file, "max_events", options->max_events);
    put_calls(file, options);
}

static void put_jitter(FILE *file, const char *jitter)
{
    if (!jitter)
        return;
    if (strncmp(jitter, "at:", 3) != 0) {
        fprintf(file, "jitter %s\n", jitter);
        return;
    }
    for (const char *tick = jitter + 3; *tick; tick += *tick == ',') {
        fprintf(file, "jitter-at %llu\n", strtoull(tick, NULL, 10));
        tick += strcspn(tick, ",");
    }
}

void record_setup_write(const char *path, const struct record_options *options,
                        const struct kernel_image *image, const char *archive)
{
    FILE *file = fopen(path, "w");

    if (!file)
        report_fail("cannot write %s: %m", path);
    fprintf(file, "out %s\nentry %" PRIx64 "\nmemory %" PRIu64 "\n",
            options->out ? options->out : "/dev/null", image->entry, options->run.mem_mib << 20);
    fprintf(file, "max-ticks %" PRIu64 "\nmax-events %" PRIu64 "\n", options->max_ticks,
            options->max_events);
    if (options->ram_dump)
        fprintf(file, "ram-dump %s\n", options->ram_dump);
    put_jitter(file, options->jitter);
    if (options->user_state)
        fputs("user-state 1\n", file);
    if (options->challenge)
        record_programs_write(file, options);
    put_parameters(file, options, archive);
    if (fclose(file) != 0)
        report_fail("cannot write %s: %m", path);
}
