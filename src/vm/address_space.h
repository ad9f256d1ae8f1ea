/*
 * Address spaces: what a process sees as memory.
 *
 * An address space is two views of one truth: a set of VMAs (what the process
 * asked for) and page tables (what is resident). Every operation changes both
 * or neither.
 *
 * Rules for all operations:
 *  - page_count is in pages of the given size; ranges (addr, len) are multiples
 *    of 4 KiB, in bytes.
 *  - Errors are checked in this order: misaligned, zero, unknown flags or
 *    write with execute: ERR_INVAL; overflow or outside USER_MIN..USER_MAX:
 *    ERR_FAULT; overlap with a VMA: ERR_EXIST; no memory: ERR_NOMEM. The
 *    kernel's own space: ERR_PERM for whatever changes user memory.
 *  - All or nothing: every node, table and frame that an operation can need is
 *    reserved first; what follows cannot fail. After an error VMAs, entries
 *    (bar A and D), counts and free frames are as before.
 *  - VMA_WRITE or VMA_EXEC implies VMA_READ; VMA_USER is set here. No rights
 *    at all is a legal set: resident pages are then kept, but not present.
 *  - Touching VMAs of equal flags, type and page size merge, always. Where an
 *    edge cuts a 2 MiB page, the rest of that page becomes VMA_PAGE_4K.
 *  - Rights that shrink and frames that move are flushed from the TLB before
 *    return, and before a frame is freed.
 *
 * Locks: each call takes the space's lock (LOCK_AS), then LOCK_CACHE and
 * LOCK_PMM inside. Reference counts are atomic.
 *
 * The model of the interface is the public surface of Strat9-OS's
 * AddressSpace.
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

struct address_space; /* reference counted; the last as_put() destroys it */

enum vma_flags { VMA_READ = 1, VMA_WRITE = 2, VMA_EXEC = 4, VMA_USER = 8, VMA_SHARED = 16 };
enum vma_type { VMA_ANONYMOUS, VMA_STACK, VMA_CODE, VMA_KERNEL };
enum vma_page_size { VMA_PAGE_4K, VMA_PAGE_2M };

struct vma {
    vaddr_t start;       /* multiple of the page size */
    uint64_t page_count; /* pages of page_size */
    unsigned flags;      /* enum vma_flags */
    enum vma_type type;
    enum vma_page_size page_size;
};

/* What a faulting access wanted, from the fault's error code. */
enum as_access { AS_READ = 0, AS_WRITE = 1, AS_EXEC = 2, AS_USER = 4 };

/* Wrap the page tables that CR3 holds. Once; the second call: ERR_EXIST. */
err_t as_new_kernel(struct address_space **out);

/* A space without user memory; its kernel half shares the kernel's subtrees. */
err_t as_new_user(struct address_space **out);

/*
 * Record a VMA; pages come with the first access. Allocates no user page and
 * no table. VMA_SHARED: ERR_INVAL, shared memory is resident from birth.
 */
err_t as_reserve_region(struct address_space *as, vaddr_t start, uint64_t page_count,
                        unsigned flags, enum vma_type type, enum vma_page_size size);

/*
 * Resolve a page fault at addr. Rights first: no VMA: ERR_FAULT; an access that
 * the VMA forbids: ERR_ACCES; both are final. A page never touched is mapped,
 * zeroed, in the VMA's page size; a write to a copy-on-write page copies it, or
 * takes it over in place where this is the last reference. A fault that is
 * resolved already succeeds. ERR_NOMEM leaves the page as it was. The entry
 * changes by one atomic store.
 */
err_t as_handle_fault(struct address_space *as, vaddr_t addr, unsigned access);

/* Reserve and fill at once, zeroed. VMA_SHARED makes memory that fork shares. */
err_t as_map_region(struct address_space *as, vaddr_t start, uint64_t page_count, unsigned flags,
                    enum vma_type type, enum vma_page_size size);

/*
 * Map the given frames, 4 KiB each, as shared memory (VMA_SHARED is implied),
 * one more reference each. A frame that is reserved, free or a page table:
 * ERR_INVAL. The caller holds a reference on each frame, and none is private
 * memory of a space.
 */
err_t as_map_shared_frames(struct address_space *as, vaddr_t start, const paddr_t *frames,
                           uint64_t count, unsigned flags, enum vma_type type);

/* as_unmap_range in pages of the given size, to which start must be aligned. */
err_t as_unmap_region(struct address_space *as, vaddr_t start, uint64_t page_count,
                      enum vma_page_size size);

/*
 * Lowest gap of page_count pages, aligned to the page size, at or above hint
 * (rounded up to it); failing that, from the lowest user address. O(log n).
 * Errors: ERR_INVAL for a count of 0, ERR_NOMEM if there is none.
 */
err_t as_find_free_vma_range(struct address_space *as, vaddr_t hint, uint64_t page_count,
                             enum vma_page_size size, vaddr_t *out);

/* Does a VMA overlap the range? A length of 0: no; overflow: yes. No alignment needed. */
bool as_has_mapping_in_range(struct address_space *as, vaddr_t addr, uint64_t len);

/* The VMA that starts exactly at start, after merging. */
bool as_region_by_start(struct address_space *as, vaddr_t start, struct vma *out);

/* The VMA with the lowest end above addr: containing addr, or the next one. For listings. */
bool as_region_at_or_after(struct address_space *as, vaddr_t addr, struct vma *out);

/* Is any page of the range resident, kept ones included? Skips empty subtrees. */
err_t as_any_mapped_in_range(struct address_space *as, vaddr_t addr, uint64_t len, bool *out);

/*
 * Set the rights (VMA_READ, VMA_WRITE, VMA_EXEC only) of a range that must be
 * mapped throughout: otherwise ERR_NOMEM, nothing changed. Frames with more
 * than one reference in private memory stay read-only in the tables.
 */
err_t as_protect_range(struct address_space *as, vaddr_t addr, uint64_t len, unsigned flags);

/*
 * Remove exactly the pages named, resident or not; holes are fine. Cost follows what is
 * resident.
 */
err_t as_unmap_range(struct address_space *as, vaddr_t addr, uint64_t len);

/* Walk the tables; false for what is not present or not canonical. Both halves. */
bool as_translate(struct address_space *as, vaddr_t addr, paddr_t *out);

/* Physical address of the PML4. */
paddr_t as_cr3(const struct address_space *as);

/* Load the space's CR3 unless it is loaded. */
void as_switch_to(struct address_space *as);

bool as_is_kernel(const struct address_space *as);
bool as_has_user_mappings(struct address_space *as);

/* Empty the user half. Allocates nothing, cannot fail. */
void as_unmap_all_user_regions(struct address_space *as);

/*
 * A copy of the space. Private writable pages become copy-on-write in both,
 * read-only pages are shared as they are, VMA_SHARED stays shared and
 * writable; ranges never touched cost a VMA each. ERR_PERM for the kernel's.
 */
err_t as_clone_cow(struct address_space *as, struct address_space **out);

/*
 * Forget the contents of private pages; the next access finds zeroes. Shared memory
 * keeps its own. The whole range must be mapped: otherwise ERR_NOMEM, nothing changed.
 */
err_t as_discard_range(struct address_space *as, vaddr_t addr, uint64_t len);

/*
 * as_unmap_range and as_reserve_region (with VMA_SHARED: as_map_region) in one
 * step: mmap with MAP_FIXED.
 */
err_t as_replace_region(struct address_space *as, vaddr_t start, uint64_t page_count,
                        unsigned flags, enum vma_type type, enum vma_page_size size);

/*
 * Move a range, which must lie in one VMA (else ERR_FAULT), to a free one
 * (else ERR_EXIST), keeping frames and copy-on-write state: mremap. A longer
 * new_len reserves the rest, a shorter one unmaps the tail first. With
 * new == old it grows or shrinks in place; otherwise the two must not overlap
 * (ERR_INVAL). 2 MiB pages move by multiples of 2 MiB (ERR_INVAL), and shared
 * memory cannot grow (ERR_INVAL).
 */
err_t as_move_range(struct address_space *as, vaddr_t old, uint64_t old_len, vaddr_t new,
                    uint64_t new_len);

struct address_space *as_get(struct address_space *as);

/*
 * Drop a reference; the last one frees frames, tables and VMAs. Never leaves a freed
 * PML4 in CR3.
 */
void as_put(struct address_space *as);

/*
 * Check every invariant of one space and name the first broken one on the log.
 * Errors: ERR_INVAL. Reads everything resident: for tests and debugging.
 */
err_t as_verify(struct address_space *as);

/* The same for all spaces together, and that frame counts equal the references found in them
 * plus `kernel_refs(frame)` where given. For tests with every space known to this module. */
err_t as_verify_all(uint32_t (*kernel_refs)(paddr_t frame));

/*
 * Copy len bytes into a space that need not be loaded, through the direct map,
 * making pages resident as a write would (rights are not checked): how exec
 * fills a new program. Errors: ERR_FAULT outside of any VMA, ERR_NOMEM.
 */
err_t as_write(struct address_space *as, vaddr_t addr, const void *src, uint64_t len);
