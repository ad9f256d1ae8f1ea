/*
 * Copy-on-write clones: what fork does to memory.
 *
 *     before            after as_clone_cow          after the child's write
 *
 *     parent            parent     child            parent     child
 *       | W               | COW      | COW            | COW      | W
 *       v                 v          v                v          v
 *     frame 7 (1)       frame 7 (2) <+              frame 7 (1) frame 9 (1)
 *
 * The child's tables are copied entry by entry, so the cost follows what is
 * resident. Everything is reserved before the first parent entry changes.
 */
#include "lib/panic.h"
#include "vm/space.h"

/* Frames for n tables; the copy writes every entry, so they need no zeroing. */
static err_t reserve_tables(struct pt_reserve *reserve, uint64_t n)
{
    for (; n > 0; n--) {
        paddr_t table;
        err_t err = pmm_alloc(0, &table);

        if (err != ERR_OK)
            return err;
        frame_list_push(&reserve->tables, table);
    }
    return ERR_OK;
}

/*
 * What both spaces have from now on in place of a leaf: private memory that may be
 * written becomes copy-on-write, all else stays as it is. Counts one more reference
 * to the leaf's frames.
 */
static pte_t clone_leaf(pte_t leaf, enum pt_level level)
{
    if ((leaf.v & (PTE_W | PTE_SHARED)) == PTE_W)
        leaf.v = (leaf.v & ~PTE_W) | PTE_COW;
    if (level == PT)
        frame_get(pte_addr(leaf));
    else
        frame_get_block(pte_addr(leaf), pt_leaf_order(level));
    return leaf;
}

/*
 * Copy the first n entries of a table, and the tables below it, taken from the
 * reserve; all entries of `to` are written. True if an entry of the parent lost rights.
 */
static bool clone_table(pte_t *from, pte_t *to, unsigned n, enum pt_level level,
                        struct pt_reserve *reserve)
{
    bool shrunk = false;

    for (unsigned i = 0; i < n; i++) {
        pte_t entry = from[i], copy = entry;

        if (pte_used(entry) && pte_is_leaf(entry, level)) {
            copy = clone_leaf(entry, level);
            if (copy.v != entry.v) {
                pte_store(&from[i], copy);
                shrunk = true;
            }
        } else if (pte_used(entry)) {
            paddr_t table = frame_list_pop(&reserve->tables);

            frame_set_table(table);
            shrunk |= clone_table(pt_table(pte_addr(entry)), pt_table(table), PT_ENTRIES, level - 1,
                                  reserve);
            copy = pte_make(table, entry.v & ~PTE_ADDR);
        }
        to[i] = copy;
    }
    return shrunk;
}

static void clone_commit(struct address_space *as, struct address_space *child,
                         struct as_reserve *reserve)
{
    struct tlb_gather gather;

    vma_copy(&child->vmas, &as->vmas, &reserve->nodes);
    child->pt.tables = as->pt.tables;
    tlb_gather_init(&gather, &as->pt);
    if (clone_table(pt_table(as->pt.root), pt_table(child->pt.root), PML4_KERNEL, PML4,
                    &reserve->tables))
        tlb_gather_all(&gather);
    tlb_gather_finish(&gather);
}

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    struct as_reserve reserve = AS_RESERVE_INIT;
    struct address_space *child;
    err_t err = as->is_kernel ? ERR_PERM : as_new_user(&child);

    if (err != ERR_OK)
        return err;
    spin_lock(&as->lock);
    err = vma_pool_fill(&reserve.nodes, as->vmas.count);
    if (err == ERR_OK)
        err = reserve_tables(&reserve.tables, as->pt.tables);
    if (err == ERR_OK)
        clone_commit(as, child, &reserve);
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    if (err != ERR_OK)
        as_put(child);
    else
        *out = child;
    return err;
}
