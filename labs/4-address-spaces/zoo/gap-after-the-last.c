/*
 * Misconception: There is always room behind the last region. The gaps in between are never used
 * again, and address space that was unmapped is lost.
 *
 * Fails: gap-exact, gap-lowest, gap-one-page, churn
 */
bool vma_find_gap(const struct vma_set *set, vaddr_t low, uint64_t len, enum vma_page_size size,
                  vaddr_t *out)
{
    const struct vma_node *last = set->root;
    vaddr_t start = USER_MIN;

    for (const struct vma_node *node = vma_at_or_after(set, low); node;
         node = vma_at_or_after(set, node->end))
        if (node->end - node->start > 0 && node->start < USER_MAX - (UINT64_C(1) << 30))
            start = node->end;
    start = align_up(last ? max_u64(start, low) : low, vma_page_bytes(size));
    if (start > USER_MAX || USER_MAX - start < len)
        return false;
    *out = start;
    return true;
}
