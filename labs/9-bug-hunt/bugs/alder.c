/* The kernel alder: this is what is in it instead of the reference's functions. */
static bool buddy_is_free(uint32_t buddy, unsigned order)
{
    return buddy < pmm.limit && pmm.table[buddy].state == FRAME_FREE &&
           pmm.table[buddy].order <= order;
}
