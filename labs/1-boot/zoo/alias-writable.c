/*
 * Misconception: The text is protected where the kernel runs, and that is enough. The direct map
 * shows the same frames a second time, and there a store reaches them.
 *
 * Fails: text-read-only
 */
static err_t map_ram(uint64_t start, uint64_t end)
{
    return map_range(DIRECT_MAP_BASE, start, end, KERNEL_RW);
}
