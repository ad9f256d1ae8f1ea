/* Rules of an allocator, from its recorded calls. */
#include "alloc.h"

#include "define.h"
#include "image.h"

enum { RUNS_MAX = 4096 };

/* ---- where blocks may lie ---- */

/* "8M:4M", with K, M, G or bytes. */
static bool hole_parse(const char *text, struct range *out)
{
    uint64_t value[2];

    for (unsigned i = 0; i < 2; i++) {
        char *end;

        value[i] = strtoull(text, &end, 0);
        if (end == text)
            return false;
        switch (*end) {
        case 'K':
            value[i] <<= 10;
            end++;
            break;
        case 'M':
            value[i] <<= 20;
            end++;
            break;
        case 'G':
            value[i] <<= 30;
            end++;
            break;
        default:
            break;
        }
        if (i == 0 && *end++ != ':')
            return false;
        text = end;
    }
    out->start = value[0];
    out->end = value[0] + value[1];
    return true;
}

static bool ranges_meet(const struct range *a, uint64_t start, uint64_t end)
{
    return a->start < end && start < a->end;
}

/* Why a block must not be there; NULL: it may. */
static const char *block_is_wrong(struct judgement *j, const struct image *image, uint64_t block,
                                  uint64_t bytes)
{
    const struct range vga = { 0xa0000, 0x100000 };
    const json_t *holes = json_object_get(j->run->rubric, "holes"), *hole;
    struct range range;
    size_t i;

    if (block & (bytes - 1))
        return "it is not aligned to its own size";
    if (j->run->mem_mib &&
        (block >= (uint64_t)j->run->mem_mib << 20 ||
         bytes > ((uint64_t)j->run->mem_mib << 20) - block) &&
        block < UINT64_C(1) << 32)
        return "it does not lie in RAM";
    if (ranges_meet(&vga, block, block + bytes))
        return "it lies in the hole below 1 MiB, where devices and ROMs are";
    if (image_at(image, block, bytes))
        return "the kernel's own image lies there";
    json_array_foreach((json_t *)holes, i, hole)
    {
        if (json_is_string(hole) && hole_parse(json_string_value(hole), &range) &&
            ranges_meet(&range, block, block + bytes))
            return "it lies in a hole of the memory map";
    }
    return NULL;
}

PROPERTY(alloc_results, "Blocks are aligned, in RAM, and of nobody else's memory", ALLOC_PARAMETERS)
{
    struct alloc_watch watch;
    struct image image;
    uint64_t given = 0;

    if (!image_load(j, &image))
        return;
    alloc_watch_start(j, &watch);
    while (judgement_next(j)) {
        struct alloc_step step = alloc_watch_step(j, &watch);
        uint64_t bytes = PAGE_SIZE << step.order;
        const char *wrong;

        if (step.kind != ALLOC_GAVE || !j->inside)
            continue;
        given++;
        wrong = step.has_block ? block_is_wrong(j, &image, step.block, bytes)
                               : "no address was stored for it";
        if (!wrong)
            continue;
        judgement_about_frame(j, step.block);
        judgement_fail(j,
                       "%s gave out the block 0x%" PRIx64 " of order %u (%" PRIu64
                       " KiB) at tick %" PRIu64 ": %s.",
                       watch.name, step.block, step.order, bytes >> 10, j->event.tick, wrong);
    }
    judgement_need(j, given, 1, "a block that was given out");
}

/* ---- what is in use ---- */

/* One 4 KiB frame in use. */
struct used_frame {
    uint64_t block, tick, from;
    uint32_t order, references;
};

struct ledger {
    struct replay_map frames;
    uint64_t blocks, given, freed;
    uint64_t work; /* frames given and taken back */
};

/* More than a run of any use allocates: a kernel that only calls its allocator. */
#define LEDGER_WORK_MAX (UINT64_C(1) << 26)

static void ledger_free(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->frames.slots; i++)
        free(ledger->frames.slot[i].value);
    replay_map_free(&ledger->frames);
}

static bool ledger_give_frame(struct judgement *j, struct ledger *ledger,
                              const struct alloc_step *step, uint64_t frame, const char *name)
{
    struct used_frame *used = replay_map_get(&ledger->frames, frame);

    if (used) {
        judgement_about_frame(j, frame);
        judgement_fail(j,
                       "%s gave out 0x%" PRIx64 " (order %u) at tick %" PRIu64
                       ", but frame 0x%" PRIx64 " is part of the block 0x%" PRIx64
                       " (order %u), given out at tick %" PRIu64 " and not freed since.",
                       name, step->block, step->order, j->event.tick, frame, used->block,
                       used->order, used->tick);
        return false;
    }
    used = ledger->frames.used < 1 << 22 ? malloc(sizeof(*used)) : NULL;
    if (!used || !replay_map_add(&ledger->frames, frame, used)) {
        free(used);
        judgement_fail(j, "More frames are in use than can be followed (4 million).");
        return false;
    }
    *used = (struct used_frame){ step->block, j->event.tick, step->from, step->order, 1 };
    return true;
}

static bool ledger_work(struct judgement *j, struct ledger *ledger, const struct alloc_step *step)
{
    ledger->work += UINT64_C(1) << step->order;
    if (ledger->work > LEDGER_WORK_MAX)
        judgement_fail(j, "The kernel allocates and frees more than can be followed.");
    return ledger->work <= LEDGER_WORK_MAX;
}

static void ledger_give(struct judgement *j, struct ledger *ledger, const struct alloc_step *step,
                        const char *name)
{
    if (!step->has_block || !ledger_work(j, ledger, step))
        return;
    for (uint64_t i = 0; i < UINT64_C(1) << step->order; i++) {
        if (!ledger_give_frame(j, ledger, step, step->block + i * PAGE_SIZE, name))
            return;
    }
    ledger->blocks++;
    ledger->given++;
}

/* Take frames back; those that were given out before the recording are nobody's. */
static void ledger_back(struct judgement *j, struct ledger *ledger, const struct alloc_step *step)
{
    bool any = false;

    if (!ledger_work(j, ledger, step))
        return;
    for (uint64_t i = 0; i < UINT64_C(1) << step->order; i++) {
        struct used_frame *used = replay_map_get(&ledger->frames, step->block + i * PAGE_SIZE);

        if (!used || --used->references)
            continue;
        any |= used->block == step->block + i * PAGE_SIZE;
        free(replay_map_remove(&ledger->frames, step->block + i * PAGE_SIZE));
    }
    ledger->freed += any;
    ledger->blocks -= any && ledger->blocks > 0;
}

static void ledger_step(struct judgement *j, struct ledger *ledger, struct alloc_watch *watch)
{
    struct alloc_step step = alloc_watch_step(j, watch);
    struct used_frame *used;

    switch (step.kind) {
    case ALLOC_GAVE:
        if (j->inside)
            ledger_give(j, ledger, &step, watch->name);
        break;
    case ALLOC_BACK:
        ledger_back(j, ledger, &step);
        break;
    case ALLOC_REFERENCE:
        used = replay_map_get(&ledger->frames, step.block);
        if (used)
            used->references++;
        break;
    default:
        break;
    }
}

PROPERTY(alloc_disjoint, "No block is given out while a part of it is in use", ALLOC_PARAMETERS,
         FREE_PARAMETERS)
{
    struct ledger ledger = { 0 };
    struct alloc_watch watch;

    replay_map_init(&ledger.frames);
    alloc_watch_start(j, &watch);
    while (judgement_next(j))
        ledger_step(j, &ledger, &watch);
    ledger_free(&ledger);
    judgement_need(j, ledger.given, 1, "a block that was given out");
}

static void judge_left(struct judgement *j, const struct ledger *ledger)
{
    uint64_t left = (uint64_t)with_integer(j, "left", 0);
    const struct used_frame *first = NULL;
    char from[NAME_MAX_LEN];

    for (size_t i = 0; i < ledger->frames.slots; i++) {
        const struct used_frame *used = ledger->frames.slot[i].value;

        if (used && (!first || used->tick < first->tick))
            first = used;
    }
    if (ledger->blocks <= left || !first)
        return;
    snprintf(from, sizeof(from), "%s", judgement_function_at(j, first->from - 1));
    judgement_about_frame(j, first->block);
    judgement_fail_at(j, NEVER,
                      "Of %" PRIu64 " blocks that were allocated, %" PRIu64
                      " were never freed (%" PRIu64 " may be left); the first one is 0x%" PRIx64
                      ", which %s got at tick %" PRIu64 ".",
                      ledger->given, ledger->blocks, left, first->block, from, first->tick);
}

PROPERTY(alloc_balanced, "What was allocated is freed in the end", ALLOC_PARAMETERS,
         FREE_PARAMETERS, INTEGER("left", "blocks that may be left (default 0)"))
{
    struct ledger ledger = { 0 };
    struct alloc_watch watch;

    replay_map_init(&ledger.frames);
    alloc_watch_start(j, &watch);
    while (judgement_next(j)) {
        if (j->n < j->until)
            ledger_step(j, &ledger, &watch);
    }
    judge_left(j, &ledger);
    ledger_free(&ledger);
    judgement_need(j, ledger.freed, 1, "a block that was freed");
}

/* ---- the largest blocks come back ---- */

PROPERTY(alloc_coalesces, "After everything was freed the large blocks can be had again",
         ALLOC_PARAMETERS, INTEGER_("largest", "the order that is allocated until it fails"))
{
    unsigned largest = (unsigned)with_integer(j, "largest", 0);
    uint64_t run = 0, first = 0, last = 0, runs = 0;
    struct alloc_watch watch;

    alloc_watch_start(j, &watch);
    while (judgement_next(j)) {
        struct alloc_step step = alloc_watch_step(j, &watch);

        if (!j->inside || step.order != largest ||
            (step.kind != ALLOC_GAVE && step.kind != ALLOC_FAILED))
            continue;
        if (step.kind == ALLOC_GAVE) {
            run++;
            continue;
        }
        first = runs++ ? first : run;
        last = run;
        run = 0;
        if (last < first)
            return judgement_fail(j,
                                  "%" PRIu64 " blocks of order %u could be had at first, but only "
                                  "%" PRIu64 " at tick %" PRIu64
                                  ", after smaller ones had been used and freed: buddies that are "
                                  "both free must become one block again.",
                                  first, largest, last, j->event.tick);
    }
    judgement_need(j, runs, 2, "a run of allocations until none was left");
}

PROPERTY(alloc_fails_cleanly, "A call that cannot be served says so, and later ones work",
         ALLOC_PARAMETERS)
{
    struct alloc_watch watch;
    uint64_t failed = 0;
    bool works_again = true;

    alloc_watch_start(j, &watch);
    while (judgement_next(j)) {
        struct alloc_step step = alloc_watch_step(j, &watch);

        if (!j->inside)
            continue;
        if (step.kind == ALLOC_FAILED) {
            failed++;
            works_again = false;
        }
        if (step.kind == ALLOC_GAVE)
            works_again = true;
        if (step.kind == ALLOC_GAVE && (!step.has_block || step.block == 0))
            return judgement_fail(j,
                                  "%s reported success at tick %" PRIu64
                                  ", but gave out no block (address 0): an exhausted allocator "
                                  "returns an error.",
                                  watch.name, j->event.tick);
    }
    if (!works_again && j->survey.end != TRACE_END_SHUTDOWN)
        judgement_fail_at(j, NEVER,
                          "After the allocator had failed once, the kernel did not go "
                          "on: exhausted memory is an error to return, not a panic.");
    judgement_need(j, failed, 1, "a call that failed for want of memory");
}
