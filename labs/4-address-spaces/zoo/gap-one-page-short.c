/*
 * Misconception: The end of a range is its last page. It is the first byte behind it: a gap that
 * is one page too small seems to fit, and the new region overlaps the next one.
 *
 * Fails: gap-one-page, gap-too-small, churn
 */
/* Does the gap [a, b) hold len bytes in pages of the size, at or above low? */
static bool gap_fits(vaddr_t a, vaddr_t b, vaddr_t low, uint64_t len, enum vma_page_size size,
                     vaddr_t *out)
{
    vaddr_t start = align_up(max_u64(a, low), vma_page_bytes(size));

    if (start > b || b - start + PAGE_SIZE < len)
        return false;
    *out = start;
    return true;
}
