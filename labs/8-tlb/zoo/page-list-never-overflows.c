/*
 * Misconception: Sixteen pages are the most that anybody changes at once. The seventeenth
 * overwrites the first, which is never flushed.
 *
 * Fails: rights-seventeen, unmap-seventeen, rights-sixty, unmap-sixty, apart, jitter-apart
 * Perhaps: frames-return, shared-one
 */
void tlb_gather_page(struct tlb_gather *gather, vaddr_t va)
{
    gather->page[gather->page_count % TLB_GATHER_PAGES] = va;
    if (gather->page_count < TLB_GATHER_PAGES)
        gather->page_count++;
    gather->in_kernel_half = va_is_kernel(va);
}
