/*
 * The model test: random operations on several address spaces, each compared
 * with the model. The same seed gives the same run.
 *
 *     model_test [--seed N] [--steps M] [--inject] [--verbose]
 *
 * --inject tries every operation with its 1st, 2nd, ... n-th allocation failing
 * until it succeeds; each failure must leave no trace. Odd seeds run in 32 MiB,
 * where memory is often short, even ones in 128 MiB.
 */
#include "arch/layout.h"
#include "check.h"
#include "model/op.h"
#include "model/snapshot.h"
#include "pmm/pmm.h"
#include "sim.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HISTORY = 24, FULL_EVERY = 128, TYPES_MAX = 32, SLACK = 80 };

static struct {
    unsigned long seed, steps, step, failures;
    bool inject, verbose;
} run = { .seed = 1, .steps = 20000 };

static char history[HISTORY][200];
static const struct op_type *types[TYPES_MAX];
static unsigned type_count, total_weight;
static struct {
    unsigned long good, refused, no_memory;
} tally[TYPES_MAX];

static void add_types(const struct op_type *list, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        types[type_count++] = &list[i];
        total_weight += list[i].weight;
    }
}

static void report_death(void)
{
    fprintf(stderr, "seed %lu, step %lu; replay: --seed %lu --steps %lu%s\nlast operations:\n",
            run.seed, run.step, run.seed, run.step + 1, run.inject ? " --inject" : "");
    for (unsigned i = 0; i < HISTORY; i++)
        if (history[(run.step + 1 + i) % HISTORY][0])
            fprintf(stderr, "  %s\n", history[(run.step + 1 + i) % HISTORY]);
}

static void note(const struct op *op)
{
    char *line = history[run.step % HISTORY];

    snprintf(line, sizeof(history[0]),
             "%lu: %s space %u page %#llx +%#llx to %#llx +%#llx flags %#x/%d/%d access %#x "
             "index %u%s",
             run.step, op->type->name, (unsigned)(op->space - m_space),
             (unsigned long long)op->start, (unsigned long long)op->pages,
             (unsigned long long)op->to, (unsigned long long)op->to_pages, op->kind.flags,
             (int)op->kind.type, (int)op->kind.size, op->access, op->index,
             op->space->as && as_cr3(op->space->as).v == sim_root().v ? " (loaded)" : "");
    if (run.verbose)
        puts(line);
}

static unsigned choose_type(void)
{
    uint64_t at = m_random(total_weight);
    unsigned i = 0;

    for (; at >= types[i]->weight; i++)
        at -= types[i]->weight;
    return i;
}

static unsigned choose_op(struct op *op)
{
    for (;;) {
        unsigned i = choose_type();

        memset(op, 0, sizeof(*op));
        op->type = types[i];
        op->space = choose_space();
        if (!op->space && strcmp(op->type->name, "new") != 0)
            continue;
        if (!op->space)
            op->space = &m_space[0];
        if (op->type->choose(op))
            return i;
    }
}

/* Could memory really be too short for this? Then nobody minds if it is. */
static bool memory_is_short(const struct op *op)
{
    struct pmm_stats stats;
    uint64_t blocks;

    pmm_stats(&stats);
    blocks = stats.blocks[HUGE_ORDER] + 2 * stats.blocks[HUGE_ORDER + 1];
    return stats.free < op->fresh + op->huge * HUGE_PAGES + SLACK ||
           (op->huge && blocks < op->huge + 1);
}

/* Let the 1st, 2nd, ... allocation fail; returns the first result that is not due to that. */
static err_t run_injected(struct op *op, err_t want)
{
    struct pmm_stats stats;
    err_t err;

    snapshot_take();
    for (uint64_t n = 1;; n++) {
        pmm_fail_after(n);
        err = op->type->run(op);
        pmm_fail_after(0);
        if (err != ERR_NOMEM || want == ERR_NOMEM)
            return err;
        run.failures++;
        snapshot_compare();
        if (!sim_tlb_agrees())
            sim_die("the TLB disagrees after a failed operation");
        pmm_stats(&stats);
        if (n > stats.total)
            sim_die("%s fails however many allocations succeed", op->type->name);
        if (n > 2 * (op->fresh + op->huge) + SLACK && memory_is_short(op))
            return err;
    }
}

/* Let the CPU look at some pages by itself: near the last operation, and anywhere. */
static void speculate(const struct op *op)
{
    for (unsigned i = 0; i < 6; i++) {
        uint64_t page = m_window[m_random(M_WINDOWS)] + m_random(M_WINDOW_PAGES);

        if (i % 2 && op->pages)
            page = op->start + m_random(op->pages);
        if (page < USER_MAX >> PAGE_SHIFT)
            sim_speculate(page << PAGE_SHIFT);
    }
}

static void check_after(const struct op *op)
{
    bool full = run.step % FULL_EVERY == 0 || run.step + 1 == run.steps;

    if (sim_locks_held())
        sim_die("a lock is still held");
    if (!sim_tlb_agrees())
        sim_die("the TLB allows what the tables do not");
    if (op->space->as) {
        m_check_space(op->space, op->start, op->start + op->pages);
        if (op->to_pages)
            m_check_space(op->space, op->to, op->to + op->to_pages);
        if (as_verify(op->space->as) != ERR_OK)
            sim_die("as_verify fails");
    }
    if (op->made && as_verify(op->made) != ERR_OK)
        sim_die("as_verify fails for the new space");
    if (full)
        m_check_all();
}

static void one_step(void)
{
    bool short_of_memory, failing;
    struct op op;
    unsigned type = choose_op(&op);
    err_t want = op.type->predict(&op), got;

    note(&op);
    short_of_memory = memory_is_short(&op);
    failing = !run.inject && op.type->injectable && m_random(10) == 0;
    if (failing)
        pmm_fail_after(1 + m_random(6));
    got = run.inject && op.type->injectable ? run_injected(&op, want) : op.type->run(&op);
    pmm_fail_after(0);
    if (got != want && !(want == ERR_OK && got == ERR_NOMEM && (failing || short_of_memory)))
        sim_die("%s returns %d, the model says %d", op.type->name, (int)got, (int)want);
    if (got == ERR_OK)
        op.type->apply(&op);
    else
        op.made = NULL;
    tally[type].good += got == ERR_OK;
    tally[type].refused += got != ERR_OK && got == want;
    tally[type].no_memory += got != want;
    check_after(&op);
    speculate(&op);
}

/* Everything goes; then memory must be as it was. */
static void tear_down(const struct pmm_stats *start)
{
    struct pmm_stats end;

    for (unsigned i = 0; i < M_SPACES; i++)
        for (; m_space[i].as && m_space[i].refs; m_space[i].refs--)
            as_put(m_space[i].as);
    for (unsigned i = 0; i < M_POOL; i++)
        if (m_pool[i])
            frame_put(PADDR((uint64_t)m_pool[i] << PAGE_SHIFT));
    while (m_hog_count)
        pmm_free(m_hog[--m_hog_count], HUGE_ORDER);
    pmm_check();
    pmm_stats(&end);
    if (memcmp(start, &end, sizeof(end)) != 0)
        sim_die("%llu frames free at the start, %llu at the end", (unsigned long long)start->free,
                (unsigned long long)end.free);
}

static void print_tally(void)
{
    printf("seed %lu: %lu steps, all as the model says; %lu injected failures left no trace\n",
           run.seed, run.steps, run.failures);
    for (unsigned i = 0; i < type_count; i++)
        printf("  %-13s %7lu done %7lu refused %6lu out of memory\n", types[i]->name, tally[i].good,
               tally[i].refused, tally[i].no_memory);
}

static void parse_options(int argc, char **argv)
{
    static const struct option options[] = {
        { "seed", required_argument, NULL, 's' },
        { "steps", required_argument, NULL, 'n' },
        { "inject", no_argument, NULL, 'i' },
        { "verbose", no_argument, NULL, 'v' },
        { 0 },
    };
    int c;

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c == 's')
            run.seed = strtoul(optarg, NULL, 0);
        else if (c == 'n')
            run.steps = strtoul(optarg, NULL, 0);
        else if (c == 'i')
            run.inject = true;
        else if (c == 'v')
            run.verbose = true;
        else
            exit(2);
    }
}

int main(int argc, char **argv)
{
    struct pmm_stats start;

    parse_options(argc, argv);
    setvbuf(stdout, NULL, _IOLBF, 0);
    check_catch_panics();
    sim_on_death(report_death);
    m_seed(run.seed);
    add_types(op_region_types, op_region_count);
    add_types(op_page_types, op_page_count);
    add_types(op_space_types, op_space_count);
    sim_boot(run.seed % 2 ? &SIM_RAM_PC : &SIM_RAM_BIG);
    pmm_stats(&start);
    m_kernel_tables = start.tables;
    for (run.step = 0; run.step < run.steps; run.step++)
        one_step();
    tear_down(&start);
    print_tally();
    return 0;
}
