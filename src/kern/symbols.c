/* Names of functions; see symbols.h. */
#include "kern/symbols.h"

#include "boot/image.h"

const char *symbol_find(uint64_t addr, uint64_t *offset)
{
    unsigned low = 0, high = symbol_count; /* the last symbol at or below addr is in [low, high) */

    if (addr < (uint64_t)kernel_start || addr >= (uint64_t)kernel_text_end || symbol_count == 0 ||
        addr < symbol_table[0].addr)
        return NULL;
    while (high - low > 1) {
        unsigned middle = low + (high - low) / 2;

        if (symbol_table[middle].addr <= addr)
            low = middle;
        else
            high = middle;
    }
    *offset = addr - symbol_table[low].addr;
    return symbol_table[low].name;
}
