/*
 * mmap. Private anonymous memory is reserved and comes with the first access;
 * shared memory is there at once; a file's contents are copied when mapped,
 * since no VMA refers to a file.
 */
#include "arch/layout.h"
#include "kern/fd.h"
#include "kern/file.h"
#include "kern/linux.h"
#include "kern/mapping.h"
#include "kern/syscall.h"
#include "sched/task.h"
#include "vm/address_space.h"

/* What mmap was asked for, checked and in whole pages. */
struct map_request {
    vaddr_t addr;    /* wanted, or 0 */
    uint64_t len;    /* bytes, whole pages of the page size */
    unsigned flags;  /* MAP_... */
    unsigned rights; /* enum vma_flags, VMA_SHARED too */
    enum vma_page_size page_size;
    const struct cpio_entry *file; /* null: anonymous */
    uint64_t offset;               /* in the file */
};

static uint64_t map_page(const struct map_request *m)
{
    return m->page_size == VMA_PAGE_2M ? HUGE_SIZE : PAGE_SIZE;
}

/* MAP_HUGETLB asks for 2 MiB pages, by default or by name. */
static err_t map_check_huge(struct map_request *m)
{
    unsigned log2 = m->flags >> MAP_HUGE_SHIFT & MAP_HUGE_MASK;

    if (!(m->flags & MAP_HUGETLB))
        return ERR_OK;
    if (log2 != 0 && log2 != HUGE_SHIFT)
        return ERR_INVAL;
    m->page_size = VMA_PAGE_2M;
    return ERR_OK;
}

static err_t map_check_flags(struct map_request *m)
{
    unsigned type = m->flags & MAP_TYPE;

    if (type != MAP_SHARED && type != MAP_PRIVATE && type != MAP_SHARED_VALIDATE)
        return ERR_INVAL;
    if (m->flags & MAP_GROWSDOWN)
        return ERR_INVAL;
    if ((m->rights & VMA_WRITE) && (m->rights & VMA_EXEC))
        return ERR_ACCES;
    if (type != MAP_PRIVATE)
        m->rights |= VMA_SHARED;
    if (m->file && (m->rights & VMA_SHARED))
        return ERR_NODEV;
    return ERR_OK;
}

static err_t map_check_range(struct map_request *m, uint64_t len)
{
    uint64_t page = map_page(m);

    if (len == 0)
        return ERR_INVAL;
    m->len = align_up(len, page);
    if (m->len == 0 || m->len > USER_MAX - USER_MIN)
        return ERR_NOMEM;
    if (!(m->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)))
        return ERR_OK;
    if (!is_aligned(m->addr, page))
        return ERR_INVAL;
    if (m->addr > USER_MAX - m->len)
        return ERR_NOMEM;
    return m->addr < USER_MIN ? ERR_PERM : ERR_OK;
}

static err_t map_find_file(int fd, struct map_request *m)
{
    struct file *file;
    err_t err = fd_find(fd, &file);

    if (err)
        return err;
    if (!file_is_image(file) || (m->flags & MAP_HUGETLB))
        return ERR_NODEV;
    m->file = &file->entry;
    return ERR_OK;
}

/* A hint is taken if there is room; the search starts elsewhere if not. */
static err_t map_choose_address(struct address_space *as, struct map_request *m)
{
    uint64_t page = map_page(m);
    vaddr_t hint = align_down(m->addr, page);

    if (hint >= USER_MIN && hint <= USER_MAX - m->len &&
        !as_has_mapping_in_range(as, hint, m->len)) {
        m->addr = hint;
        return ERR_OK;
    }
    return as_find_free_vma_range(as, MMAP_BASE, m->len / page, m->page_size, &m->addr);
}

/* Shared memory is resident from birth, and so is what MAP_POPULATE asks for if there is room. */
static err_t map_make(struct address_space *as, const struct map_request *m)
{
    uint64_t pages = m->len / map_page(m);
    err_t err = ERR_NOMEM;

    if (m->rights & VMA_SHARED)
        return as_map_region(as, m->addr, pages, m->rights, VMA_ANONYMOUS, m->page_size);
    if (m->flags & MAP_POPULATE)
        err = as_map_region(as, m->addr, pages, m->rights, VMA_ANONYMOUS, m->page_size);
    if (err == ERR_NOMEM)
        err = as_reserve_region(as, m->addr, pages, m->rights, VMA_ANONYMOUS, m->page_size);
    return err;
}

static err_t map_place(struct address_space *as, struct map_request *m)
{
    err_t err;

    if (m->flags & MAP_FIXED_NOREPLACE)
        return map_make(as, m);
    if (m->flags & MAP_FIXED)
        return as_replace_region(as, m->addr, m->len / map_page(m), m->rights, VMA_ANONYMOUS,
                                 m->page_size);
    err = map_choose_address(as, m);
    return err ? err : map_make(as, m);
}

/* Copy the file's bytes into a fresh mapping; what lies past its end stays zero. */
static err_t map_fill(struct address_space *as, const struct map_request *m)
{
    err_t err;

    if (!m->file || m->offset >= m->file->size)
        return ERR_OK;
    err = as_write(as, m->addr, m->file->data + m->offset,
                   min_u64(m->len, m->file->size - m->offset));
    if (err)
        (void)as_unmap_range(as, m->addr, m->len);
    return err;
}

int64_t sys_mmap(struct trap_frame *frame)
{
    struct address_space *as = task_current()->as;
    struct map_request m = {
        .addr = frame->rdi,
        .flags = (unsigned)frame->r10,
        .rights = mapping_rights(frame->rdx),
        .offset = frame->r9,
    };
    err_t err = ERR_OK;

    if (!is_aligned(m.offset, PAGE_SIZE))
        return ERR_INVAL;
    if (!(m.flags & MAP_ANONYMOUS))
        err = map_find_file((int)frame->r8, &m);
    if (!err)
        err = map_check_huge(&m);
    if (!err)
        err = map_check_range(&m, frame->rsi);
    if (!err)
        err = map_check_flags(&m);
    if (!err)
        err = map_place(as, &m);
    if (!err)
        err = map_fill(as, &m);
    return err ? err : (int64_t)m.addr;
}
