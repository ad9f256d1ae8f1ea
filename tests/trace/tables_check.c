/*
 * tables_check TRACE RAM: are the page tables, rebuilt from the trace alone, those
 * that were in the machine's memory at its end? RAM is what `record --ram-dump`
 * wrote. Two directions:
 *
 *   - each live table of the replay has the 4096 bytes that RAM has at its place
 *   - each table that a walk through RAM from the last CR3 meets is live in the
 *     replay, with the level it is used at
 *
 * and each table has the place in the address space that its parent gives it.
 *
 * With --root behind: print the last CR3, nothing else.
 */
#include "replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLES_MAX = 1 << 16, ENTRIES = 512, PAGE = 4096 };

#define ADDRESS UINT64_C(0x000ffffffffff000)

static FILE *ram;
static unsigned wrong;

static void complain(const char *what, uint64_t phys, uint64_t got, uint64_t want)
{
    if (++wrong <= 10)
        printf("%s at 0x%" PRIx64 ": 0x%" PRIx64 ", RAM has 0x%" PRIx64 "\n", what, phys, got,
               want);
}

static bool read_page(uint64_t phys, uint64_t *page)
{
    return fseeko(ram, (off_t)phys, SEEK_SET) == 0 && fread(page, PAGE, 1, ram) == 1;
}

static void compare_table(const struct replay *replay, uint64_t phys)
{
    const uint64_t *const entries = replay_table(replay, phys);
    uint64_t page[ENTRIES];
    if (!read_page(phys, page)) {
        complain("a table outside of RAM", phys, 0, 0);
        return;
    }
    for (unsigned i = 0; i < ENTRIES; i++)
        if (entries[i] != page[i])
            complain("entry", phys + i * sizeof page[i], entries[i], page[i]);
}

/* An entry leads to the table, and says which addresses it maps. */
static void check_place(const struct replay *replay, const struct table_info *table,
                        const struct table_info *all, size_t tables)
{
    const uint64_t *const entries = replay_table(replay, table->parent);
    const uint64_t index = table->parent / sizeof index % ENTRIES;
    if (table->level == 4)
        return;
    if (!entries || (entries[index] & ADDRESS) != table->phys) {
        complain("parent of the table", table->phys, table->parent, entries ? entries[index] : 0);
        return;
    }
    for (size_t i = 0; i < tables; i++) {
        const uint64_t va = all[i].va + (index << (3 + 9 * all[i].level));
        if (all[i].phys == (table->parent & ADDRESS) && all[i].level == table->level + 1 &&
            (table->va ^ va) << 16)
            complain("first address of the table", table->phys, table->va, va);
    }
}

static void walk_ram(const struct replay *replay, uint64_t phys, unsigned level)
{
    uint64_t page[ENTRIES];
    if (replay_table_level(replay, phys) != level)
        complain("level of the table", phys, replay_table_level(replay, phys), level);
    if (level == 1 || !read_page(phys, page))
        return;
    for (unsigned i = 0; i < ENTRIES; i++)
        if ((page[i] & 1) && !(page[i] & 0x80))
            walk_ram(replay, page[i] & ADDRESS, level - 1);
}

static int check(const struct replay *replay)
{
    static struct table_info table[TABLES_MAX];
    const size_t tables = replay_tables(replay, table, TABLES_MAX);
    for (size_t i = 0; i < tables; i++) {
        compare_table(replay, table[i].phys);
        check_place(replay, &table[i], table, tables);
    }
    walk_ram(replay, replay_cr3(replay), 4);
    printf("%" PRIu64 " events, %zu tables at the end, %u differences\n", replay_position(replay),
           tables, wrong);
    return wrong || tables == 0;
}

int main(int argc, char **argv)
{
    char error[256];
    struct trace *const trace = argc >= 3 ? trace_open(argv[1], error, sizeof error) : NULL;
    struct replay *const replay = trace ? replay_new(trace) : NULL;
    int status = 2;
    ram = argc >= 3 ? fopen(argv[2], "rb") : NULL;
    if (!replay || !ram || !replay_seek(replay, UINT64_MAX) || !trace_is_complete(trace))
        printf("no whole trace and RAM dump\n");
    else if (argc > 3)
        status = printf("0x%" PRIx64 "\n", replay_cr3(replay)) < 0;
    else
        status = check(replay);
    replay_free(replay);
    trace_close(trace);
    if (ram)
        fclose(ram);
    return status;
}
