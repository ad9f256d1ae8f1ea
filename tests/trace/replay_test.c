/*
 * The replay against the plainest model: random events, random seeks both ways,
 * and every answer compared. Checkpoints and memory are kept so small that each
 * of the ways to get somewhere is taken.
 */
#include "machine.h"
#include "replay_inside.h"
#include "writer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { EVENTS = 12000, SEEKS = 250 };

static struct trace_event *events;
static struct model model;
static struct trace *trace;

/* A trace of the machine; events keeps it, too. */
static void make_trace(uint64_t seed)
{
    static char path[64];
    char error[256];
    struct machine *const machine = malloc(sizeof *machine);
    snprintf(path, sizeof path, "/proc/self/fd/%d", memfd_create("trace", 0));
    events = calloc(EVENTS, sizeof *events);
    struct writer *const writer = writer_open(path, "", 512);
    machine_init(machine, seed);
    for (unsigned n = 0; n < EVENTS; n++) {
        machine_next(machine, &events[n]);
        writer_add(writer, &events[n]);
    }
    writer_close(writer, true);
    free(machine);
    trace = trace_open(path, error, sizeof error);
    CHECK(trace);
}

static void model_at(uint64_t position)
{
    memset(&model, 0, sizeof model);
    for (uint64_t n = 0; n < position; n++)
        model_apply(&model, n, &events[n]);
}

/* ---- comparing ---- */

static void compare_tables(const struct replay *replay)
{
    struct table_info tables[MACHINE_PAGES];
    uint64_t roots[MACHINE_PAGES];
    size_t live = 0, live_roots = 0;
    for (unsigned page = 0; page < MACHINE_PAGES; page++) {
        const uint64_t *const entries = replay_table(replay, machine_page(page));
        CHECK_EQ(replay_table_level(replay, machine_page(page)), model.level[page]);
        CHECK_EQ(entries != NULL, model.level[page] != 0);
        if (entries)
            CHECK_EQ(memcmp(entries, model.entry[page], sizeof model.entry[page]), 0);
        live += model.level[page] != 0;
        live_roots += model.level[page] == 4;
    }
    CHECK_EQ(replay_cr3(replay), model.cr3);
    CHECK_EQ(replay_tables(replay, tables, MACHINE_PAGES), live);
    for (size_t i = 0; i < live; i++) {
        CHECK_EQ(tables[i].level, model.level[machine_page_number(tables[i].phys)]);
        CHECK(i == 0 || tables[i - 1].phys < tables[i].phys);
    }
    CHECK_EQ(replay_roots(replay, roots, MACHINE_PAGES), live_roots);
    for (size_t i = 0; i < live_roots; i++)
        CHECK_EQ(model.level[machine_page_number(roots[i])], 4);
}

static void compare_writers(struct replay *replay)
{
    for (unsigned page = 0; page < MACHINE_PAGES; page++)
        for (unsigned i = 0; i < MACHINE_ENTRIES; i += i < 8 ? 1 : 37) {
            const uint64_t writer = replay_last_writer(replay, machine_page(page) + i * 8);
            CHECK_EQ(writer, model.level[page] ? model.writer[page][i] : UINT64_MAX);
        }
}

static uint64_t model_entry_at(uint64_t table, uint64_t va, unsigned level)
{
    const unsigned page = machine_page_number(table);
    const bool known = page < MACHINE_PAGES && model.level[page];
    return known ? model.entry[page][va >> (3 + 9 * level) & 511] : 0;
}

static void compare_walk(const struct replay *replay, uint64_t root, uint64_t va)
{
    uint64_t table = root, entry = 0, rights = 6, no_execute = 0;
    unsigned level = 5;
    struct walk walk;
    bool leaf = false, going = true;

    while (going) {
        entry = model_entry_at(table, va, --level);
        leaf = (entry & 1) && (level == 1 || ((entry & 0x80) && level < 4));
        going = (entry & 1) && !leaf && !(level == 4 && (entry & 0x80));
        rights &= entry;
        no_execute |= entry >> 63;
        table = entry & PHYS_MASK;
    }
    replay_walk(replay, root, va, &walk);
    CHECK_EQ(walk.steps, 5 - level);
    CHECK_EQ(walk.step[walk.steps - 1].entry, entry);
    CHECK_EQ(walk.step[walk.steps - 1].level, level);
    CHECK_EQ(walk.present, leaf);
    if (!leaf)
        return;
    const uint64_t bytes = UINT64_C(1) << (3 + 9 * level);
    CHECK_EQ(walk.page_bytes, bytes);
    CHECK_EQ(walk.phys, (entry & PHYS_MASK & ~(bytes - 1)) + va % bytes);
    CHECK_EQ(walk.writable, rights >> 1 & 1);
    CHECK_EQ(walk.user, rights >> 2);
    CHECK_EQ(walk.executable, !no_execute);
}

static void compare_frame(struct replay *replay, uint64_t phys)
{
    struct frame_info want = { 0 }, got;
    for (unsigned page = 0; page < MACHINE_PAGES; page++)
        for (unsigned i = 0; model.level[page] && i < MACHINE_ENTRIES; i++) {
            const uint64_t entry = model.entry[page][i];
            const unsigned level = model.level[page];
            const uint64_t size = UINT64_C(1) << (3 + 9 * level);
            const bool leaf = (entry & 1) && (level == 1 || (level < 4 && (entry & 0x80)));
            if (!leaf || phys / size != (entry & PHYS_MASK) / size)
                continue;
            want.references += (entry & 4) != 0;
            want.kernel_references += (entry & 4) == 0;
            want.writable |= (entry & 6) == 6;
        }
    CHECK(replay_frame(replay, phys, &got));
    CHECK_EQ(got.references, want.references);
    CHECK_EQ(got.kernel_references, want.kernel_references);
    CHECK_EQ(got.writable, want.writable);
    const unsigned page = machine_page_number(phys);
    if (page < MACHINE_PAGES && model.level[page])
        CHECK_EQ(got.use, FRAME_USE_TABLE);
    else
        CHECK_EQ(got.use, want.references > 1 ? FRAME_USE_SHARED
                          : want.references   ? FRAME_USE_PRIVATE
                                              : FRAME_USE_NONE);
}

static void compare(struct replay *replay, uint64_t *rng)
{
    compare_tables(replay);
    compare_writers(replay);
    for (unsigned i = 0; i < 60; i++) {
        const uint64_t root = machine_page((unsigned)rng_below(rng, MACHINE_PAGES));
        uint64_t va = rng_next(rng) & 0xffffffffffff;
        if (rng_below(rng, 8))
            va &= UINT64_C(0x018380e07fff); /* the low entries of each table are the used ones */
        compare_walk(replay, root, va);
    }
    for (unsigned i = 0; i < 3; i++)
        compare_frame(replay, machine_page((unsigned)rng_below(rng, MACHINE_PAGES)));
}

/* ---- seeking ---- */

static uint64_t next_position(uint64_t *rng, uint64_t position)
{
    switch (rng_below(rng, 4)) {
    case 0:
        return rng_below(rng, EVENTS + 1);
    case 1:
        return position < EVENTS ? position + rng_below(rng, EVENTS - position) % 60 : position;
    default:
        return position - rng_below(rng, position + 1) % 60;
    }
}

static void seek_about(uint64_t seed, uint64_t spacing, size_t spare_pages)
{
    uint64_t rng = seed;
    make_trace(seed);
    struct replay *const replay = replay_new(trace);
    replay->spacing = spacing;
    replay->spare_pages = spare_pages;
    for (unsigned i = 0; i < SEEKS; i++) {
        const uint64_t position = next_position(&rng, replay_position(replay));
        CHECK(replay_seek(replay, position));
        CHECK_EQ(replay_position(replay), position);
        model_at(position);
        compare(replay, &rng);
        CHECK(replay->state.pages <= MACHINE_PAGES + spare_pages);
    }
    replay_free(replay);
    trace_close(trace);
    free(events);
}

TEST(replay_agrees_with_the_model)
{
    seek_about(1, 256, 4000);
}

TEST(replay_agrees_with_few_checkpoints)
{
    seek_about(2, 64, 200);
}

TEST(replay_agrees_without_memory_to_spare)
{
    seek_about(3, 64, 0);
}

TEST(replay_agrees_with_one_checkpoint_for_all)
{
    seek_about(4, 1 << 20, 4000);
}

TEST(replay_goes_back_step_by_step)
{
    uint64_t rng = 1;
    make_trace(5);
    struct replay *const replay = replay_new(trace);
    replay->spacing = 1000;
    CHECK(replay_seek(replay, UINT64_MAX));
    CHECK_EQ(replay_position(replay), EVENTS);
    for (uint64_t n = EVENTS; n-- > EVENTS - 3000;) {
        CHECK(replay_seek(replay, n));
        CHECK_EQ(replay_ring(replay), events[n].ring);
        if (n % 100 == 0) {
            model_at(n);
            compare(replay, &rng);
        }
    }
    replay_free(replay);
    trace_close(trace);
    free(events);
}

/* ---- leaves ---- */

struct leaves {
    const struct replay *replay;
    uint64_t root, last, count;
};

static bool check_leaf(void *arg, const struct leaf *leaf)
{
    struct leaves *const leaves = arg;
    struct walk walk;
    CHECK(leaves->count == 0 || leaf->va > leaves->last);
    replay_walk(leaves->replay, leaves->root, leaf->va, &walk);
    CHECK(walk.present && walk.phys == leaf->phys && walk.page_bytes == leaf->bytes);
    CHECK_EQ(walk.step[walk.steps - 1].entry_phys, leaf->entry_phys);
    CHECK_EQ(walk.step[walk.steps - 1].entry, leaf->entry);
    leaves->last = leaf->va;
    return ++leaves->count < 2000;
}

TEST(replay_lists_leaves_as_walks_find_them)
{
    uint64_t rng = 1, total = 0;
    make_trace(6);
    struct replay *const replay = replay_new(trace);
    for (unsigned i = 0; i < 40; i++) {
        CHECK(replay_seek(replay, rng_below(&rng, EVENTS)));
        struct leaves leaves = { .replay = replay };
        leaves.root = machine_page((unsigned)rng_below(&rng, MACHINE_PAGES));
        replay_each_leaf(replay, leaves.root, check_leaf, &leaves);
        total += leaves.count;
    }
    CHECK(total > 100);
    replay_free(replay);
    trace_close(trace);
    free(events);
}
