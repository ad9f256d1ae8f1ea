/*
 * Misconception: The count is bookkeeping, and freeing is done by pmm_free. The last reference is
 * given up by a put: nobody else will free the frame.
 *
 * Fails: found-again, no-leak, holes-found-again
 */
static void put_locked(paddr_t pa)
{
    struct frame *f = counted_frame_locked(pa);

    if (f->count > 0)
        f->count--;
}
