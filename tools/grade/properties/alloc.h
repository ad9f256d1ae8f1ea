/*
 * Blocks that an allocator gives out and gets back, as its recorded calls show:
 * only the outermost ones count, so that an allocator may call itself.
 */
#pragma once

#include "judgement.h"

enum { ALLOC_CALLS_MAX = 4096 };
enum alloc_kind { ALLOC_NOTHING, ALLOC_GAVE, ALLOC_FAILED, ALLOC_BACK, ALLOC_REFERENCE };

struct alloc_step {
    enum alloc_kind kind;
    uint64_t block; /* physical address */
    unsigned order;
    uint64_t from;  /* the call's return address */
    bool has_block; /* ALLOC_GAVE: its address was recorded */
};

struct alloc_watch {
    char name[NAME_MAX_LEN]; /* of the outermost open call */
    uint32_t place;
    unsigned depth;
    bool is_alloc, has_out;
    uint64_t args[6], out;
    long long order_arg, free_order_arg;
    bool out_is_rax;
    uint8_t role[ALLOC_CALLS_MAX]; /* by place in the list of calls */
};

/* By the parameters alloc, free, get, order, free_order and out. */
void alloc_watch_start(const struct judgement *j, struct alloc_watch *watch);

/* What the current event completes. */
struct alloc_step alloc_watch_step(const struct judgement *j, struct alloc_watch *watch);

#define ALLOC_PARAMETERS                                                                           \
    TEXTS_("alloc", "functions that give out blocks"),                                             \
        INTEGER("order", "which argument is the order, from 1; missing: single frames"),           \
        TEXT("out", "\"out\" (default): the block is in the recorded out-value; \"rax\"")
#define FREE_PARAMETERS                                                                            \
    TEXTS("free", "functions that take a block back, by their first argument"),                    \
        INTEGER("free_order", "which argument is the order; missing: single frames"),              \
        TEXTS("get", "functions that count one more reference to a frame")
