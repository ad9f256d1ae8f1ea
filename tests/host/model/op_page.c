/* Operations on single pages (faults, accesses, writes by the kernel), and questions. */
#include "arch/paging.h"
#include "model/op.h"
#include "pmm/pmm.h"
#include "sim.h"

enum { FAULTS_MAX = 3 };

/* ---- what an access does to the model ---- */

static err_t predict_access_rights(const struct m_vma *v, unsigned access)
{
    unsigned need = access & AS_WRITE ? VMA_WRITE : access & AS_EXEC ? VMA_EXEC : VMA_READ;

    if (!v)
        return ERR_FAULT;
    return v->kind.flags & need ? ERR_OK : ERR_ACCES;
}

static err_t predict_fault(struct op *op)
{
    return predict_access_rights(m_vma_find(op->space, op->start), op->access);
}

/* A page moved to a new frame with the same contents. */
static void move_to_copy(struct m_space *s, uint64_t page, uint32_t frame)
{
    uint32_t *slot = m_slot(s, page);

    if (frame == 0 || m_frame[frame].refs)
        sim_die("page %#llx is copied to frame %#x, which is in use", (unsigned long long)page,
                frame);
    m_frame[frame].refs = 1;
    for (unsigned i = 0; i < M_WORDS; i++)
        m_frame[frame].word[i] = m_frame[*slot].word[i];
    m_frame_unref(*slot);
    *slot = frame;
}

static bool any_shared(struct m_space *s, uint64_t start, uint64_t end)
{
    for (uint64_t page = start; page < end; page++)
        if (m_frame[m_frame_of(s, page)].refs > 1)
            return true;
    return false;
}

/*
 * A write to a private page. With other references it is copied, else it stays
 * where it is. A 2 MiB leaf goes as a whole; where there was no block for it,
 * it was split, and only the page itself counts.
 */
static void apply_write(struct m_space *s, uint64_t page)
{
    uint64_t start = page, end = page + 1;
    unsigned level;
    bool shared;

    m_leaf(s, page, &level);
    if (level == PD) {
        start = page & ~(HUGE_PAGES - 1);
        end = start + HUGE_PAGES;
    }
    shared = any_shared(s, start, end);
    for (uint64_t p = start; p < end; p++) {
        uint32_t frame = m_real_frame(s, p);

        if ((frame != m_frame_of(s, p)) != shared)
            sim_die("page %#llx is %s by a write", (unsigned long long)p,
                    shared ? "shared, but not copied" : "not shared, but copied");
        if (shared)
            move_to_copy(s, p, frame);
    }
}

static void apply_touch(struct m_space *s, uint64_t page, bool write)
{
    const struct m_vma *v = m_vma_find(s, page);
    uint64_t start = page, end = page + 1;

    if (v->kind.size == VMA_PAGE_2M) {
        start = page & ~(HUGE_PAGES - 1);
        end = start + HUGE_PAGES;
    }
    if (!m_frame_of(s, page))
        adopt_fresh(s, start, end, write ? page : 0);
    else if (write && !(v->kind.flags & VMA_SHARED))
        apply_write(s, page);
}

/* ---- a fault, reported by hand ---- */

/* An access that the VMA allows most of the time. */
static unsigned choose_access_kind(const struct m_vma *v)
{
    static const unsigned accesses[] = { AS_READ, AS_WRITE, AS_WRITE, AS_EXEC };
    unsigned access = accesses[m_random(4)];

    for (unsigned i = 0; i < 4 && predict_access_rights(v, access) != ERR_OK; i++)
        access = accesses[m_random(4)];
    return access | AS_USER;
}

static bool choose_fault(struct op *op)
{
    const struct m_vma *v;

    op->pages = 1;
    op->start = m_window[m_random(M_WINDOWS)] + m_random(M_WINDOW_PAGES);
    if (m_random(2) && !m_next_resident(op->space, &op->start, UINT64_MAX) &&
        !choose_page(op->space, &op->start))
        return false;
    v = m_vma_find(op->space, op->start);
    if (v && v->kind.size == VMA_PAGE_2M && !m_slot(op->space, op->start | (HUGE_PAGES - 1)))
        return false;
    if (!v && m_random(8))
        return false;
    op->access = choose_access_kind(v);
    op->fresh = 4;
    op->huge = v && v->kind.size == VMA_PAGE_2M;
    return true;
}

static err_t run_fault(struct op *op)
{
    return as_handle_fault(op->space->as, va_of(op->start) + m_random(PAGE_SIZE), op->access);
}

static void apply_fault(struct op *op)
{
    apply_touch(op->space, op->start, op->access & AS_WRITE);
}

/* ---- an access by the program, through the TLB ---- */

static bool choose_access(struct op *op)
{
    /* Mostly in the space that is loaded: a switch empties the TLB. */
    for (unsigned i = 0; i < M_SPACES; i++)
        if (m_space[i].as && sim_root().v == as_cr3(m_space[i].as).v && m_random(5)) {
            op->space = &m_space[i];
            break;
        }
    if (!choose_fault(op))
        return false;
    op->index = (unsigned)m_random(M_WORDS);
    op->value = m_random(UINT64_MAX) | 1;
    return true;
}

/* As a program and its kernel do: access, fault, again. */
static err_t access_word(struct m_space *s, vaddr_t va, unsigned access, uint64_t *value)
{
    for (unsigned faults = 0; !sim_access(va, access, value); faults++) {
        err_t err = as_handle_fault(s->as, va, access);

        if (err != ERR_OK)
            return err;
        if (faults == FAULTS_MAX)
            sim_die("the access to %#llx faults forever", (unsigned long long)va);
    }
    return ERR_OK;
}

static err_t run_access(struct op *op)
{
    uint64_t value = op->value;
    err_t err;

    as_switch_to(op->space->as);
    err = access_word(op->space, va_of(op->start) + m_word_offset[op->index], op->access, &value);
    if (err == ERR_OK && !(op->access & AS_WRITE))
        op->value = value;
    return err;
}

static void apply_access(struct op *op)
{
    struct m_space *s = op->space;
    uint32_t frame;

    apply_touch(s, op->start, op->access & AS_WRITE);
    frame = m_frame_of(s, op->start);
    if (op->access & AS_WRITE) {
        m_frame[frame].word[op->index] = op->value;
        m_check_contents(s, op->start);
    } else if (op->value != m_frame[frame].word[op->index]) {
        sim_die("page %#llx reads %#llx, the model says %#llx", (unsigned long long)op->start,
                (unsigned long long)op->value, (unsigned long long)m_frame[frame].word[op->index]);
    }
}

/* ---- the TLB filled with what is resident, without a fault where none is due ---- */

static bool choose_warm(struct op *op)
{
    op->pages = 1;
    return op->space->resident > 0;
}

static err_t predict_ok(struct op *op)
{
    (void)op;
    return ERR_OK;
}

static err_t run_warm(struct op *op)
{
    struct m_space *s = op->space;

    as_switch_to(s->as);
    for (unsigned i = 0; i < 24; i++) {
        uint64_t page = m_window[m_random(M_WINDOWS)] + m_random(M_WINDOW_PAGES), value = 0;
        uint32_t frame;
        bool readable, got;

        if (!m_next_resident(s, &page, UINT64_MAX))
            continue;
        frame = m_frame_of(s, page);
        readable = m_vma_find(s, page)->kind.flags & VMA_READ;
        got = sim_access(va_of(page), AS_READ, &value);
        if (got != readable || (got && value != m_frame[frame].word[0]))
            sim_die("page %#llx: reading it %s, value %#llx, the model says %#llx",
                    (unsigned long long)page, got ? "works" : "faults", (unsigned long long)value,
                    (unsigned long long)m_frame[frame].word[0]);
        op->start = page;
    }
    return ERR_OK;
}

static void apply_nothing(struct op *op)
{
    (void)op;
}

/* ---- the kernel's own writes ---- */

static bool choose_write(struct op *op)
{
    if (!choose_fault(op))
        return false;
    op->access = AS_WRITE;
    op->index = (unsigned)m_random(M_WORDS);
    op->value = m_random(UINT64_MAX) | 1;
    return true;
}

static err_t predict_write(struct op *op)
{
    return m_vma_find(op->space, op->start) ? ERR_OK : ERR_FAULT;
}

static err_t run_write(struct op *op)
{
    return as_write(op->space->as, va_of(op->start) + m_word_offset[op->index], &op->value,
                    sizeof(op->value));
}

static void apply_kernel_write(struct op *op)
{
    apply_touch(op->space, op->start, true);
    m_frame[m_frame_of(op->space, op->start)].word[op->index] = op->value;
    m_check_contents(op->space, op->start);
}

/* ---- questions ---- */

static bool choose_question(struct op *op)
{
    choose_range(op, false);
    op->kind.size = m_random(2) ? VMA_PAGE_2M : VMA_PAGE_4K;
    return true;
}

static void answer(bool right, const char *what, const struct op *op)
{
    if (!right)
        sim_die("%s(%#llx, %llu pages) gives the wrong answer", what, (unsigned long long)op->start,
                (unsigned long long)op->pages);
}

static err_t run_questions(struct op *op)
{
    struct m_space *s = op->space;
    uint64_t end = op->start + op->pages, page = op->start;
    uint64_t unit = op->kind.size == VMA_PAGE_2M ? HUGE_PAGES : 1, gap;
    const struct m_vma *v = m_vma_after(s, op->start);
    struct vma found;
    vaddr_t va = 0;
    bool any;
    err_t err;

    answer(as_has_mapping_in_range(s->as, va_of(op->start), va_of(op->pages)) ==
               m_overlaps(s, op->start, end),
           "as_has_mapping_in_range", op);
    answer(as_region_by_start(s->as, va_of(op->start), &found) == (v && v->start == op->start),
           "as_region_by_start", op);
    err = as_any_mapped_in_range(s->as, va_of(op->start), va_of(op->pages), &any);
    answer(err == range_error(op->start, op->pages), "as_any_mapped_in_range", op);
    if (err == ERR_OK)
        answer(any == m_next_resident(s, &page, end), "as_any_mapped_in_range", op);
    gap = m_find_gap(s, op->start, op->pages * unit, unit);
    err = as_find_free_vma_range(s->as, va_of(op->start), op->pages, op->kind.size, &va);
    answer(err == (gap ? ERR_OK : ERR_NOMEM) && (!gap || va == va_of(gap)),
           "as_find_free_vma_range", op);
    return ERR_OK;
}

const struct op_type op_page_types[] = {
    { "fault", 20, true, choose_fault, predict_fault, run_fault, apply_fault },
    { "access", 40, false, choose_access, predict_fault, run_access, apply_access },
    { "warm", 8, false, choose_warm, predict_ok, run_warm, apply_nothing },
    { "write", 6, true, choose_write, predict_write, run_write, apply_kernel_write },
    { "ask", 8, false, choose_question, predict_ok, run_questions, apply_nothing },
};
const unsigned op_page_count = sizeof(op_page_types) / sizeof(op_page_types[0]);
