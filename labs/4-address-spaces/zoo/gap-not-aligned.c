/*
 * Misconception: Every address that is a multiple of 4 KiB will do. A page of 2 MiB must start at
 * a multiple of 2 MiB: the entry has no bits for anything else.
 *
 * Fails: gap-large-page
 */
/* Does the gap [a, b) hold len bytes in pages of the size, at or above low? */
static bool gap_fits(vaddr_t a, vaddr_t b, vaddr_t low, uint64_t len, enum vma_page_size size,
                     vaddr_t *out)
{
    vaddr_t start = max_u64(a, low);

    if (start > b || b - start < len)
        return false;
    *out = start;
    return true;
}
