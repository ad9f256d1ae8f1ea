/*
 * capstone-judge PROPERTY.so TRACE KERNEL [PROGRAM]: judge one machine by the property
 * that the shared object has under the name property_capstone. Runs in the box: the
 * property is a student's code.
 *
 * Exit status: 10 passed, 11 failed, 12 not judged, with the verdict's text on standard
 * output; 3 something is missing. Anything else is the property's own end.
 */
#include "property.h"
#include "reader.h"
#include "replay.h"
#include "symbols.h"

#include <dlfcn.h>
#include <stdio.h>

enum { PASSED = 10, FAILED = 11, UNJUDGED = 12, MISSING = 3 };

int main(int argc, char **argv)
{
    struct verdict verdict = { .event = UINT64_MAX };
    const struct property *property;
    char error[300] = "";
    struct run run = { .id = "capstone", .mem_mib = 64 };
    void *object;

    if (argc < 4) {
        fputs("usage: capstone-judge PROPERTY.so TRACE KERNEL [PROGRAM]\n", stderr);
        return MISSING;
    }
    object = dlopen(argv[1], RTLD_NOW);
    property = object ? dlsym(object, "property_capstone") : NULL;
    run.trace = property ? trace_open(argv[2], error, sizeof(error)) : NULL;
    if (!run.trace) {
        printf("%s\n", property ? error : dlerror());
        return MISSING;
    }
    run.replay = replay_new(run.trace);
    run.symbols = symbols_new();
    run.kernel_path = argv[3];
    run.trace_path = argv[2];
    run.program = argc > 4 ? argv[4] : NULL;
    symbols_add(run.symbols, argv[3], 0, error, sizeof(error));
    if (run.program)
        symbols_add(run.symbols, run.program, 0, error, sizeof(error));
    property_judge(property, &run, NULL, &verdict);
    printf("%s\n", verdict.text);
    return verdict.passed ? PASSED : verdict.unjudged ? UNJUDGED : FAILED;
}
