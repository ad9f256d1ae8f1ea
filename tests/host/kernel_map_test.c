/* The kernel's half: direct map, image, stacks with guards, devices. */
#include "vm/kernel_map.h"

#include "boot/image.h"
#include "vm/kstack.h"
#include "vm_fixture.h"

/* The rights of a kernel page, all levels combined: PTE_P, PTE_W, PTE_NX, PTE_U; 0: not mapped. */
static uint64_t rights_at(uint64_t va)
{
    uint64_t all = PTE_P | PTE_W | PTE_U, nx = 0;
    paddr_t table = as_cr3(sim_kernel_as());

    for (enum pt_level level = PML4;; level--) {
        pte_t e = ((pte_t *)sim_phys_to_virt(table))[pt_index(va, level)];

        all &= e.v;
        nx |= e.v & PTE_NX;
        if (!pte_present(e))
            return 0;
        if (pte_is_leaf(e, level))
            return all | nx;
        table = pte_addr(e);
    }
}

TEST(kernel_map_is_w_xor_x)
{
    sim_boot(&SIM_RAM_PC);
    for (char *p = kernel_start; p < kernel_end; p += PAGE_SIZE) {
        uint64_t want = p < kernel_text_end     ? PTE_P
                        : p < kernel_rodata_end ? PTE_P | PTE_NX
                                                : PTE_P | PTE_W | PTE_NX;

        CHECK_EQ(rights_at((uint64_t)p), want);
    }
    CHECK_EQ(rights_at((uint64_t)kernel_start - 1), 0);
    CHECK_EQ(rights_at((uint64_t)kernel_end), 0);
}

TEST(kernel_map_covers_ram_and_nothing_else)
{
    sim_boot(&SIM_RAM_PC);
    for (uint64_t pa = 0; pa < SIM_RAM_PC.size + HUGE_SIZE; pa += PAGE_SIZE) {
        bool text = pa >= KERNEL_PHYS && pa < KERNEL_PHYS + 0x80000; /* text and rodata */
        uint64_t want = !sim_is_ram(pa, PAGE_SIZE) ? 0
                        : text                     ? PTE_P | PTE_NX
                                                   : PTE_P | PTE_W | PTE_NX;

        CHECK_EQ(rights_at(DIRECT_MAP_BASE + pa), want);
    }
    CHECK_EQ(rights_at(0), 0);
    CHECK_EQ(rights_at(0x200000), 0); /* the identity map is gone */
}

TEST(kernel_map_of_a_device_is_uncached)
{
    void *a, *b;
    paddr_t pa;

    sim_boot(&SIM_RAM_PC);
    CHECK_OK(kernel_map_device(PADDR(0xfd000ff8), 16, &a)); /* across a page boundary */
    CHECK_OK(kernel_map_device(PADDR(0xfee00020), 4, &b));
    CHECK(as_translate(sim_kernel_as(), (uint64_t)a + 15, &pa) && pa.v == 0xfd001007);
    CHECK(as_translate(sim_kernel_as(), (uint64_t)b, &pa) && pa.v == 0xfee00020);
    CHECK((uint64_t)a >= DEVICE_BASE && (uint64_t)b > (uint64_t)a + 16);
    CHECK_EQ(rights_at((uint64_t)a), PTE_P | PTE_W | PTE_NX);
}

/* 27: an overflow of a kernel stack ate its neighbour. */
TEST(defect_27_kernel_stacks_have_guards)
{
    enum { STACKS = 40 };
    void *top[STACKS], *again;
    struct pmm_stats before, after;

    sim_boot(&SIM_RAM_PC);
    CHECK_OK(kstack_alloc(&top[0]));
    pmm_stats(&before);
    for (unsigned i = 1; i < STACKS; i++)
        CHECK_OK(kstack_alloc(&top[i]));
    for (unsigned i = 0; i < STACKS; i++) {
        uint64_t base = (uint64_t)top[i] - KSTACK_SIZE;

        CHECK(is_aligned(base, PAGE_SIZE));
        CHECK_EQ(rights_at(base - 1), 0);
        CHECK_EQ(rights_at(base - PAGE_SIZE), 0);
        CHECK(kstack_is_guard(base - 1) && kstack_is_guard(base - PAGE_SIZE));
        for (uint64_t va = base; va < (uint64_t)top[i]; va += PAGE_SIZE) {
            CHECK_EQ(rights_at(va), PTE_P | PTE_W | PTE_NX);
            CHECK(!kstack_is_guard(va));
        }
    }
    CHECK(!kstack_is_guard(KSTACK_BASE - 1) && !kstack_is_guard(DIRECT_MAP_BASE));
    kstack_free(top[5]);
    CHECK_EQ(rights_at((uint64_t)top[5] - 8), 0);
    CHECK_OK(kstack_alloc(&again));
    CHECK(again == top[5]);
    for (unsigned i = 1; i < STACKS; i++)
        kstack_free(top[i]);
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(after)) == 0);
    CHECK_OK(as_verify_all(NULL));
}

TEST(kstack_alloc_is_all_or_nothing)
{
    struct pmm_stats before, after;
    void *top;

    sim_boot(&SIM_RAM_PC);
    pmm_stats(&before);
    for (uint64_t n = 1;; n++) {
        err_t err;

        pmm_fail_after(n);
        err = kstack_alloc(&top);
        pmm_fail_after(0);
        if (err == ERR_OK) {
            CHECK(n > KSTACK_PAGES);
            break;
        }
        CHECK_ERR(err, ERR_NOMEM);
        pmm_stats(&after);
        CHECK(memcmp(&before, &after, sizeof(after)) == 0);
    }
}
