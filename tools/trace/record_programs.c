#include "record_programs.h"

#include "record_elf.h"
#include "recorder/setup.h"
#include "report.h"
#include "symbols.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void record_programs_each(const struct record_options *options,
                          void (*visit)(FILE *file, const char *path, uint64_t bias), FILE *file)
{
    const struct run_options *run = &options->run;
    const char *program = run->program ? run->program[0] : QUIRE_DEMO;
    uint64_t bias;

    if (options->bare || (options->archive && !run->program))
        return;
    if (program_bias(program, &bias))
        visit(file, program, bias);
    for (size_t i = 0; i < run->files.count; i++) {
        char *host = strdup(run->files.item[i]), *equals = host ? strrchr(host, '=') : NULL;

        if (!host)
            report_fail("out of memory");
        if (equals)
            *equals = '\0';
        if (program_bias(host, &bias))
            visit(file, host, bias);
        free(host);
    }
}

static void program_write(FILE *file, const char *path, uint64_t bias)
{
    struct program_code code[SETUP_SEGMENTS_MAX];
    uint64_t challenge = 0, witness = 0;
    struct symbols *symbols = symbols_new();
    char error[256];
    unsigned count;

    if (!symbols || !symbols_add(symbols, path, bias, error, sizeof(error)))
        report_fail("cannot read the symbols of %s: %s", path, symbols ? error : "out of memory");
    symbols_find(symbols, "lab_challenge", &challenge);
    symbols_find(symbols, "lab_witness", &witness);
    symbols_free(symbols);
    if (!challenge && !witness)
        return;
    if (strchr(path, '\n'))
        report_fail("a program's name must not hold a line's end");
    count = program_code(path, code, SETUP_SEGMENTS_MAX);
    if (count == 0)
        report_fail("%s has no code, or in more than %d segments", path, SETUP_SEGMENTS_MAX);
    fprintf(file, "program %s\nlab %" PRIx64 " %" PRIx64 "\n", path, challenge, witness);
    for (unsigned i = 0; i < count; i++)
        fprintf(file, "code %" PRIx64 " %" PRIx64 " %" PRIx64 "\n", code[i].address + bias,
                code[i].offset, code[i].bytes);
}

void record_programs_write(FILE *file, const struct record_options *options)
{
    fprintf(file, "challenge %" PRIu64 "\n", options->key);
    record_programs_each(options, program_write, file);
}
