/*
 * What blanking does to one file: a mark for each of its items, and the stubs. The
 * same plan, made of the reference, serves to put the bodies back.
 */
#pragma once

#include "manifest.h"
#include "split.h"

enum blank_mark {
    BLANK_KEEP,
    BLANK_STUB, /* a function of the lab: its body gives way to the stub */
    BLANK_DROP, /* a helper, or the empty lines behind it */
};

struct blank_request {
    const struct lab *lab;
    const struct lab_function *function;
};

struct blank_requests {
    struct blank_request *at;
    size_t count;
    bool lenient; /* a helper that others use stays; else that is an error */
};

/* What stands between the brackets: lines that mention parameters and helpers, then the body. */
struct blank_stub {
    char *mentions, *body; /* body is NULL for what is no stub */
};

struct blank_plan {
    struct split *split;
    enum blank_mark *marks;
    size_t *owners; /* of stubs and helpers: which request */
    struct blank_stub *stubs;
    size_t include; /* #include "lib/panic.h" goes in front of this item; SIZE_MAX: nowhere */
};

/* Plan for the file what those of the requests that are about it ask for. */
bool blank_plan_make(struct blank_plan *plan, const char *tree, const char *file,
                     const struct blank_requests *requests, char *error, size_t error_size);
void blank_plan_free(struct blank_plan *plan);

#define BLANK_INCLUDE "#include \"lib/panic.h\"\n"

void blank_stub_make(struct blank_stub *stub, const struct split *split,
                     const struct split_item *function, const struct blank_request *request);

/* Does a stub's code use the name? */
bool blank_stub_uses(const char *text, const char *name);

/* One more name that counts as used. */
void blank_stub_mention(struct blank_stub *stub, const char *name);

/* All functions of the labs; free requests.at. */
struct blank_requests blank_requests_make(const struct lab *const *labs, size_t count);

/* Call run once for each file that the requests are about, until it returns false. */
typedef bool (*blank_file_t)(const char *file, const struct blank_requests *requests,
                             const void *data, char *error, size_t error_size);
bool blank_requests_run(const struct blank_requests *requests, blank_file_t run, const void *data,
                        char *error, size_t error_size);
