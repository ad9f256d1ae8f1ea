#include "moment.h"

/* Tables of 4 levels cannot be deeper; a made-up loop ends with the level. */
static uint64_t count_tables(const struct replay *replay, uint64_t phys, unsigned level,
                             unsigned slots, uint64_t *left)
{
    const uint64_t *entries = replay_table(replay, phys);
    uint64_t count = 1;

    for (unsigned i = 0; entries && level > 1 && i<slots && * left> 0; i++) {
        uint64_t child = entries[i] & ENTRY_ADDR;

        if (!(entries[i] & ENTRY_P) || (level < 4 && (entries[i] & ENTRY_PS)) ||
            replay_table_level(replay, child) != level - 1)
            continue;
        (*left)--;
        count += count_tables(replay, child, level - 1, 512, left);
    }
    return count;
}

uint64_t moment_tables(const struct judgement *j, const struct moment *moment)
{
    uint64_t left = 65536;

    (void)j;
    return count_tables(moment->replay, moment->space->root, 4, 256, &left);
}
