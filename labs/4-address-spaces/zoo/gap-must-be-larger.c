/*
 * Misconception: A gap must be larger than what goes into it. A gap of exactly the right size is
 * left empty for ever.
 *
 * Fails: gap-exact, gap-one-page, churn
 */
/* Does the gap [a, b) hold len bytes in pages of the size, at or above low? */
static bool gap_fits(vaddr_t a, vaddr_t b, vaddr_t low, uint64_t len, enum vma_page_size size,
                     vaddr_t *out)
{
    vaddr_t start = align_up(max_u64(a, low), vma_page_bytes(size));

    if (start > b || b - start <= len)
        return false;
    *out = start;
    return true;
}
