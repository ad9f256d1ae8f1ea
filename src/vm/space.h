/*
 * The inside of an address space, for the files of this folder. The interface
 * is address_space.h; where to start reading: region.c for VMAs, fault.c for
 * what happens on an access, clone.c and cow.c for fork.
 *
 * (l) the space's lock, (s) the lock of the list of spaces, (a) atomic,
 * (!) constant after init
 */
#pragma once

#include "arch/spinlock.h"
#include "lib/list.h"
#include "vm/address_space.h"
#include "vm/pt.h"
#include "vm/tlb.h"
#include "vm/vma.h"

struct address_space {
    struct spinlock lock;
    uint32_t refs;         /* (a) */
    bool is_kernel;        /* (!) */
    struct page_tables pt; /* (l) what is resident */
    struct vma_set vmas;   /* (l) what was asked for */
    struct list_node all;  /* (s) */
};

/* Everything that a range operation may use up, reserved before it changes anything. */
struct as_reserve {
    struct vma_pool nodes;
    struct pt_reserve tables;
    struct frame_list pages; /* zeroed, of the page size asked for */
    unsigned page_order;     /* log2 of the frames in each of them */
};
#define AS_RESERVE_INIT ((struct as_reserve){ .tables = PT_RESERVE_INIT, .pages = FRAME_LIST_INIT })

/* What an operation is asked for, checked and completed. */
struct region {
    vaddr_t start, end;
    struct vma_kind kind;  /* of the region to make; as_protect_range: its new flags */
    const paddr_t *frames; /* as_map_shared_frames: what to map; otherwise fresh pages */
};

/* The part of an operation that needs the lock: reserves, then commits. */
typedef err_t as_worker_t(struct address_space *as, const struct region *r,
                          struct as_reserve *reserve);

/* Take the lock, let the worker do it, drop what it reserved and did not use. */
err_t as_operate(struct address_space *as, const struct region *r, as_worker_t *worker);

/* Reserve n zeroed pages of the given size. Errors: ERR_NOMEM. */
err_t as_reserve_pages(struct as_reserve *reserve, uint64_t n, enum vma_page_size size);

/* Reserve what cutting both edges of a range can need. Errors: ERR_NOMEM. */
err_t as_reserve_cuts(struct address_space *as, vaddr_t start, vaddr_t end,
                      struct as_reserve *reserve);

/* Free what was not used. */
void as_reserve_drop(struct as_reserve *reserve);

/* Make both edges of a range boundaries, of VMAs and of leaves. */
void as_cut(struct address_space *as, vaddr_t start, vaddr_t end, struct as_reserve *reserve);

/* Check a range: ERR_INVAL if misaligned or empty, ERR_FAULT if it is not user memory. */
err_t as_check_range(vaddr_t addr, uint64_t len);

/* The same for a count of pages of a size; *len is then the length in bytes. */
err_t as_check_pages(vaddr_t start, uint64_t page_count, enum vma_page_size size, uint64_t *len);

/* Check rights against those allowed, and complete them: VMA_READ as implied, VMA_USER always. */
err_t as_check_flags(unsigned *flags, unsigned allowed);

enum { VMA_RIGHTS = VMA_READ | VMA_WRITE | VMA_EXEC };

/* The level of the leaves for a page size. */
static inline enum pt_level as_leaf_level(enum vma_page_size size)
{
    return size == VMA_PAGE_2M ? PD : PT;
}

/*
 * The leaf that maps a frame in a VMA. exclusive: this is the only reference
 * to it; otherwise private memory to be written is copy-on-write.
 */
pte_t as_leaf(unsigned vma_flags, paddr_t frame, enum pt_level level, bool exclusive);
