/*
 * Different: No tree descent for gaps: all regions in order, one after the other, and the gap
 * before each. Lookup goes by the lowest start above, not by the end.
 *
 * Flags: -O0
 */
bool vma_find_gap(const struct vma_set *set, vaddr_t low, uint64_t len, enum vma_page_size size,
                  vaddr_t *out)
{
    vaddr_t from = max_u64(low, USER_MIN);

    for (;;) {
        const struct vma_node *next = vma_at_or_after(set, from);
        vaddr_t start = align_up(from, vma_page_bytes(size)), end = next ? next->start : USER_MAX;

        if (start <= end && end - start >= len) {
            *out = start;
            return true;
        }
        if (!next)
            return false;
        from = next->end;
    }
}

struct vma_node *vma_at_or_after(const struct vma_set *set, vaddr_t addr)
{
    struct vma_node *node = set->root, *above = NULL, *below = NULL;

    while (node) {
        if (node->start > addr) {
            above = node;
            node = node->left;
        } else {
            below = node;
            node = node->right;
        }
    }
    return below && below->end > addr ? below : above;
}

void vma_merge(struct vma_set *set, vaddr_t start, vaddr_t end)
{
    struct vma_node *node = vma_at_or_after(set, 0), *next;

    (void)start;
    (void)end;
    for (; node && (next = vma_at_or_after(set, node->end)); node = next) {
        if (node->end != next->start || !vma_kind_equal(node->kind, next->kind))
            continue;
        set_remove(set, node);
        set_remove(set, next);
        next->start = node->start;
        set_insert(set, next);
        cache_free(&vma_cache, node);
    }
}
