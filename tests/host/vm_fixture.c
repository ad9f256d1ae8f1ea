/* See vm_fixture.h. */
#include "vm_fixture.h"

enum { FAULTS_MAX = 3 };

struct fixture vm_fixture(void)
{
    struct fixture f;

    sim_boot(&SIM_RAM_PC);
    pmm_stats(&f.start);
    CHECK_OK(as_new_user(&f.as));
    as_switch_to(f.as);
    return f;
}

void vm_fixture_end(struct fixture *f)
{
    struct pmm_stats end;

    verify(f->as);
    as_put(f->as);
    CHECK_EQ(sim_root().v, as_cr3(sim_kernel_as()).v);
    pmm_check();
    pmm_stats(&end);
    CHECK_EQ(end.free, f->start.free);
    CHECK(memcmp(&end, &f->start, sizeof(end)) == 0);
}

static err_t user_access(struct address_space *as, vaddr_t va, unsigned access, uint64_t *value)
{
    as_switch_to(as);
    for (unsigned faults = 0; !sim_access(va, access, value); faults++) {
        err_t err = as_handle_fault(as, va, access | AS_USER);

        if (err != ERR_OK)
            return err;
        if (faults == FAULTS_MAX)
            sim_die("the access to %#llx faults forever", (unsigned long long)va);
    }
    return ERR_OK;
}

err_t user_read(struct address_space *as, vaddr_t va, uint64_t *value)
{
    return user_access(as, va, AS_READ, value);
}

err_t user_write(struct address_space *as, vaddr_t va, uint64_t value)
{
    return user_access(as, va, AS_WRITE, &value);
}

err_t user_exec(struct address_space *as, vaddr_t va)
{
    uint64_t word;

    return user_access(as, va, AS_EXEC, &word);
}

uint64_t word_at(struct address_space *as, vaddr_t va)
{
    uint64_t value = 0;

    CHECK_OK(user_read(as, va, &value));
    return value;
}

void reserve_pages(struct address_space *as, uint64_t first, uint64_t count, unsigned flags)
{
    CHECK_OK(as_reserve_region(as, page_at(first), count, flags, VMA_ANONYMOUS, VMA_PAGE_4K));
}

void map_pages(struct address_space *as, uint64_t first, uint64_t count, unsigned flags)
{
    CHECK_OK(as_map_region(as, page_at(first), count, flags, VMA_ANONYMOUS, VMA_PAGE_4K));
}

void reserve_huge(struct address_space *as, vaddr_t start, uint64_t count, unsigned flags)
{
    CHECK_OK(as_reserve_region(as, start, count, flags, VMA_ANONYMOUS, VMA_PAGE_2M));
}

void unmap_pages(struct address_space *as, uint64_t first, uint64_t count)
{
    CHECK_OK(as_unmap_range(as, page_at(first), count * PAGE_SIZE));
}

void protect_pages(struct address_space *as, uint64_t first, uint64_t count, unsigned flags)
{
    CHECK_OK(as_protect_range(as, page_at(first), count * PAGE_SIZE, flags));
}

uint64_t where(struct address_space *as, vaddr_t va)
{
    paddr_t pa = PADDR(0);

    return as_translate(as, va, &pa) ? pa.v : 0;
}

static vaddr_t end_of(const struct vma *v)
{
    return v->start + v->page_count * (v->page_size == VMA_PAGE_2M ? HUGE_SIZE : PAGE_SIZE);
}

unsigned vma_count(struct address_space *as)
{
    unsigned n = 0;
    struct vma v;

    for (vaddr_t at = 0; as_region_at_or_after(as, at, &v); at = end_of(&v))
        n++;
    return n;
}

struct vma vma_number(struct address_space *as, unsigned n)
{
    struct vma v;
    vaddr_t at = 0;

    for (unsigned i = 0; i <= n; i++, at = end_of(&v))
        if (!as_region_at_or_after(as, at, &v))
            sim_die("there is no VMA number %u", n);
    return v;
}

void check_vma(struct address_space *as, unsigned n, vaddr_t start, uint64_t pages, unsigned rights,
               enum vma_page_size size)
{
    struct vma v = vma_number(as, n);

    CHECK_EQ(v.start, start);
    CHECK_EQ(v.page_count, pages);
    CHECK_EQ(v.flags & ~(unsigned)VMA_USER, rights);
    CHECK_EQ(v.page_size, size);
}

void verify(struct address_space *as)
{
    CHECK_OK(as_verify(as));
    CHECK_OK(as_verify_all(NULL));
    CHECK(sim_tlb_agrees());
    pmm_check();
}

uint64_t free_frames(void)
{
    struct pmm_stats stats;

    pmm_stats(&stats);
    return stats.free;
}

uint64_t table_frames(void)
{
    struct pmm_stats stats;

    pmm_stats(&stats);
    return stats.tables;
}
