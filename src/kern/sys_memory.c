/*
 * brk, munmap, mprotect, mremap, madvise: Linux's rounding and error numbers
 * around one call each of the address space.
 */
#include "arch/layout.h"
#include "kern/linux.h"
#include "kern/mapping.h"
#include "kern/syscall.h"
#include "sched/task.h"
#include "vm/address_space.h"

/* Bytes rounded up to pages; 0 on overflow. */
static uint64_t page_align(uint64_t len)
{
    return align_up(len, PAGE_SIZE);
}

static bool is_user_range(vaddr_t addr, uint64_t len)
{
    return addr <= USER_MAX && len <= USER_MAX - addr;
}

unsigned mapping_rights(uint64_t prot)
{
    unsigned rights = 0;

    rights |= prot & PROT_READ ? VMA_READ : 0;
    rights |= prot & PROT_WRITE ? VMA_READ | VMA_WRITE : 0;
    rights |= prot & PROT_EXEC ? VMA_READ | VMA_EXEC : 0;
    return rights;
}

err_t mapping_remove(vaddr_t addr, uint64_t len)
{
    vaddr_t start = max_u64(addr, USER_MIN); /* nothing is ever mapped below */

    if (addr + len <= start)
        return ERR_OK;
    return as_unmap_range(task_current()->as, start, addr + len - start);
}

/* The heap grows where nothing is in its way; a failed brk returns the old end. */
int64_t sys_brk(struct trap_frame *frame)
{
    struct task *task = task_current();
    vaddr_t wanted = frame->rdi;
    vaddr_t old_end = page_align(task->brk), new_end = page_align(wanted);
    err_t err = ERR_OK;

    if (wanted < task->brk_start || wanted > USER_MAX)
        return (int64_t)task->brk;
    if (new_end > old_end)
        err = as_reserve_region(task->as, old_end, (new_end - old_end) / PAGE_SIZE,
                                VMA_READ | VMA_WRITE, VMA_ANONYMOUS, VMA_PAGE_4K);
    else if (new_end < old_end)
        err = as_unmap_range(task->as, new_end, old_end - new_end);
    if (!err)
        task->brk = wanted;
    return (int64_t)task->brk;
}

int64_t sys_munmap(struct trap_frame *frame)
{
    vaddr_t addr = frame->rdi;
    uint64_t len = page_align(frame->rsi);

    if (!is_aligned(addr, PAGE_SIZE) || len == 0 || !is_user_range(addr, len))
        return ERR_INVAL;
    return mapping_remove(addr, len);
}

int64_t sys_mprotect(struct trap_frame *frame)
{
    const uint64_t known = PROT_READ | PROT_WRITE | PROT_EXEC;
    vaddr_t addr = frame->rdi;
    uint64_t len = page_align(frame->rsi), prot = frame->rdx;
    err_t err;

    if (!is_aligned(addr, PAGE_SIZE) || (prot & ~known))
        return ERR_INVAL;
    if (frame->rsi == 0)
        return ERR_OK;
    if (len == 0 || !is_user_range(addr, len) || addr < USER_MIN)
        return ERR_NOMEM;
    if ((prot & PROT_WRITE) && (prot & PROT_EXEC))
        return ERR_ACCES;
    err = as_protect_range(task_current()->as, addr, len, mapping_rights(prot));
    return err;
}

/* What mremap was asked for, in whole pages. */
struct remap {
    vaddr_t old, new;
    uint64_t old_len, new_len;
    uint64_t flags;
};

static err_t remap_check(const struct remap *r)
{
    const uint64_t known = MREMAP_MAYMOVE | MREMAP_FIXED;

    if ((r->flags & ~known) || (r->flags & known) == MREMAP_FIXED)
        return ERR_INVAL;
    if (!is_aligned(r->old, PAGE_SIZE) || r->new_len == 0 || r->old_len == 0)
        return ERR_INVAL;
    if (!is_user_range(r->old, r->old_len))
        return ERR_FAULT;
    if (r->new_len > USER_MAX)
        return r->flags & MREMAP_FIXED ? ERR_INVAL : ERR_NOMEM;
    return ERR_OK;
}

static int64_t remap_move(struct address_space *as, const struct remap *r)
{
    err_t err = as_move_range(as, r->old, r->old_len, r->new, r->new_len);

    return err ? err : (int64_t)r->new;
}

static int64_t remap_fixed(struct address_space *as, const struct remap *r)
{
    err_t err;

    if (!is_aligned(r->new, PAGE_SIZE) || r->new < USER_MIN || !is_user_range(r->new, r->new_len))
        return ERR_INVAL;
    if (r->new < r->old + r->old_len && r->old < r->new + r->new_len)
        return ERR_INVAL;
    if (!as_has_mapping_in_range(as, r->old, r->old_len))
        return ERR_FAULT;
    err = mapping_remove(r->new, r->new_len);
    return err ? err : remap_move(as, r);
}

/* In place if there is room, else anywhere. */
static int64_t remap_anywhere(struct address_space *as, struct remap *r)
{
    int64_t result;
    err_t err;

    r->new = r->old;
    result = remap_move(as, r);
    if (result != ERR_EXIST && result != ERR_FAULT)
        return result;
    if (result == ERR_FAULT && is_user_range(r->old, r->new_len))
        return result;
    if (!(r->flags & MREMAP_MAYMOVE))
        return ERR_NOMEM;
    err = as_find_free_vma_range(as, MMAP_BASE, r->new_len / PAGE_SIZE, VMA_PAGE_4K, &r->new);
    return err ? err : remap_move(as, r);
}

int64_t sys_mremap(struct trap_frame *frame)
{
    struct remap r = {
        .old = frame->rdi,
        .old_len = page_align(frame->rsi),
        .new_len = page_align(frame->rdx),
        .flags = frame->r10,
        .new = frame->r8,
    };
    err_t err = remap_check(&r);

    if (err)
        return err;
    if (r.flags & MREMAP_FIXED)
        return remap_fixed(task_current()->as, &r);
    return remap_anywhere(task_current()->as, &r);
}

/* Advice that changes nothing is taken note of, and forgotten. */
static err_t madvise_check(int advice)
{
    bool harmless = (advice >= MADV_NORMAL && advice <= MADV_WILLNEED) ||
                    (advice >= MADV_MERGEABLE && advice <= MADV_DODUMP);

    return harmless || advice == MADV_DONTNEED || advice == MADV_FREE ? ERR_OK : ERR_INVAL;
}

/* Discard what is mapped; as on Linux, holes are passed over, and reported when all is done. */
static int64_t discard(struct address_space *as, vaddr_t addr, uint64_t len)
{
    vaddr_t at = addr, end = addr + len;
    err_t result = ERR_OK;
    struct vma vma;

    while (at < end && as_region_at_or_after(as, at, &vma) && vma.start < end) {
        vaddr_t vma_end = min_u64(vma.start + vma_len(&vma), end);
        vaddr_t start = max_u64(vma.start, at);
        err_t err = as_discard_range(as, start, vma_end - start);

        if (err)
            return err;
        if (start > at)
            result = ERR_NOMEM;
        at = vma_end;
    }
    return at < end ? ERR_NOMEM : result;
}

int64_t sys_madvise(struct trap_frame *frame)
{
    vaddr_t addr = frame->rdi;
    uint64_t len = page_align(frame->rsi);
    int advice = (int)frame->rdx;
    err_t err = madvise_check(advice);

    if (err)
        return err;
    if (!is_aligned(addr, PAGE_SIZE) || (len == 0 && frame->rsi != 0))
        return ERR_INVAL;
    if (len == 0)
        return ERR_OK;
    if (!is_user_range(addr, len) || addr < USER_MIN)
        return ERR_NOMEM;
    if (advice != MADV_DONTNEED && advice != MADV_FREE)
        return ERR_OK;
    return discard(task_current()->as, addr, len);
}
