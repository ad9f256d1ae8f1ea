/*
 * Misconception: Regions that touch are one region. Only if they are of one kind: a read-only page
 * in the middle gets the rights of its neighbours.
 *
 * Fails: gap-exact, gap-lowest, gap-one-page, gap-too-small, gap-from-low, gap-large-page,
 * merge-both, unmap-exact, protect-exact, protect-resident, protect-untouched, map-resident,
 * map-shared, reserve-lazy, full-reserve, full-map, full-unmap, full-protect, churn
 */
void vma_merge(struct vma_set *set, vaddr_t start, vaddr_t end)
{
    /* A cut may have changed a whole 2 MiB page around an edge, and its neighbours may fit now. */
    vaddr_t low = align_down(start, HUGE_SIZE), high = align_up(end, HUGE_SIZE);
    struct vma_node *node = vma_at_or_after(set, low ? low - 1 : 0);

    while (node && node->start <= high) {
        struct vma_node *next = vma_at_or_after(set, node->end);

        if (!next)
            return;
        if (node->end != next->start) {
            node = next;
            continue;
        }
        set_remove(set, next);
        set_remove(set, node);
        node->end = next->end;
        set_insert(set, node);
        cache_free(&vma_cache, next);
    }
}
