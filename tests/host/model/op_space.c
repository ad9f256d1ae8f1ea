/* Operations on whole spaces, and the kernel's pool of frames for shared mappings. */
#include "model/op.h"
#include "pmm/pmm.h"
#include "sim.h"

#include <string.h>

static bool choose_free_slot(struct op *op)
{
    for (unsigned i = 0; i < M_SPACES; i++)
        if (!m_space[i].as) {
            op->index = i;
            return true;
        }
    return false;
}

static err_t predict_ok(struct op *op)
{
    (void)op;
    return ERR_OK;
}

static void slot_fill(struct op *op)
{
    struct m_space *s = &m_space[op->index];

    memset(s, 0, sizeof(*s));
    s->as = op->made;
    s->refs = 1;
}

static bool choose_new(struct op *op)
{
    op->fresh = 2;
    return choose_free_slot(op);
}

static err_t run_new(struct op *op)
{
    return as_new_user(&op->made);
}

static bool choose_clone(struct op *op)
{
    /* Keep memory for other things than copies of copies. */
    struct pmm_stats stats;

    pmm_stats(&stats);
    op->fresh = 60 + op->space->vma_count;
    return choose_free_slot(op) && (stats.free > 2000 || m_random(4) == 0);
}

static err_t run_clone(struct op *op)
{
    return as_clone_cow(op->space->as, &op->made);
}

static void apply_clone(struct op *op)
{
    struct m_space *child = &m_space[op->index];

    slot_fill(op);
    child->vma_count = op->space->vma_count;
    memcpy(child->vma, op->space->vma, sizeof(child->vma));
    for (uint64_t page = 0; m_next_resident(op->space, &page, UINT64_MAX); page++)
        m_page_add(child, page, m_frame_of(op->space, page));
    m_check_space(child, 0, 0);
}

static bool choose_yes(struct op *op)
{
    (void)op;
    return true;
}

static err_t run_get(struct op *op)
{
    return as_get(op->space->as) == op->space->as ? ERR_OK : ERR_INVAL;
}

static void apply_get(struct op *op)
{
    op->space->refs++;
}

static bool choose_put(struct op *op)
{
    unsigned used = 0;

    for (unsigned i = 0; i < M_SPACES; i++)
        used += m_space[i].as != NULL;
    return op->space->refs > 1 || used > 3 || m_random(6) == 0;
}

static err_t run_put(struct op *op)
{
    as_put(op->space->as);
    return ERR_OK;
}

static void apply_put(struct op *op)
{
    if (--op->space->refs)
        return;
    m_drop_pages(op->space, 0, UINT64_MAX);
    op->space->as = NULL;
    for (unsigned i = 0; i < M_SPACES; i++)
        if (m_space[i].as && as_cr3(m_space[i].as).v == sim_root().v)
            return;
    if (sim_root().v != as_cr3(sim_kernel_as()).v)
        sim_die("the loaded PML4 %#llx is nobody's", (unsigned long long)sim_root().v);
}

static err_t run_switch(struct op *op)
{
    struct address_space *as = m_random(5) ? op->space->as : sim_kernel_as();
    uint64_t loads = sim_root_loads();
    bool loaded = sim_root().v == as_cr3(as).v;

    as_switch_to(as);
    if (sim_root().v != as_cr3(as).v || sim_root_loads() != loads + !loaded)
        sim_die("as_switch_to does not load CR3 as it should");
    return ERR_OK;
}

static void apply_nothing(struct op *op)
{
    (void)op;
}

static bool choose_rarely(struct op *op)
{
    (void)op;
    return m_random(10) == 0;
}

static err_t run_unmap_all(struct op *op)
{
    pmm_fail_after(1); /* it may not allocate at all */
    as_unmap_all_user_regions(op->space->as);
    pmm_fail_after(0);
    return ERR_OK;
}

static void apply_unmap_all(struct op *op)
{
    op->space->vma_count = 0;
    m_drop_pages(op->space, 0, UINT64_MAX);
}

/* ---- the pool ---- */

static bool choose_pool(struct op *op)
{
    op->index = (unsigned)m_random(M_POOL);
    return m_pool[op->index] == 0 || m_random(3) == 0;
}

/* A frame is made for the pool, or the pool's reference is given up. */
static err_t run_pool(struct op *op)
{
    paddr_t frame;
    err_t err = ERR_OK;

    if (m_pool[op->index]) {
        frame_put(PADDR((uint64_t)m_pool[op->index] << PAGE_SHIFT));
    } else {
        err = pmm_alloc_zeroed(0, &frame);
        op->value = frame.v >> PAGE_SHIFT;
    }
    return err;
}

static void apply_pool(struct op *op)
{
    uint32_t *slot = &m_pool[op->index];

    if (*slot) {
        m_frame_unref(*slot);
        *slot = 0;
    } else {
        *slot = (uint32_t)op->value;
        m_frame[*slot].refs++;
    }
}

/* ---- 2 MiB blocks, taken and given back: memory that is there, but in pieces ---- */

static bool choose_hog(struct op *op)
{
    (void)op;
    return m_hog_count ? m_random(3) == 0 : m_random(10) == 0;
}

static err_t run_hog(struct op *op)
{
    (void)op;
    if (m_hog_count == 0)
        while (m_hog_count < M_HOG && pmm_alloc(HUGE_ORDER, &m_hog[m_hog_count]) == ERR_OK)
            m_hog_count++;
    else
        while (m_hog_count)
            pmm_free(m_hog[--m_hog_count], HUGE_ORDER);
    return ERR_OK;
}

const struct op_type op_space_types[] = {
    { "new", 2, true, choose_new, predict_ok, run_new, slot_fill },
    { "clone", 8, true, choose_clone, predict_ok, run_clone, apply_clone },
    { "get", 1, false, choose_yes, predict_ok, run_get, apply_get },
    { "put", 5, false, choose_put, predict_ok, run_put, apply_put },
    { "switch", 5, false, choose_yes, predict_ok, run_switch, apply_nothing },
    { "unmap_all", 2, false, choose_rarely, predict_ok, run_unmap_all, apply_unmap_all },
    { "pool", 5, false, choose_pool, predict_ok, run_pool, apply_pool },
    { "hog", 3, false, choose_hog, predict_ok, run_hog, apply_nothing },
};
const unsigned op_space_count = sizeof(op_space_types) / sizeof(op_space_types[0]);
