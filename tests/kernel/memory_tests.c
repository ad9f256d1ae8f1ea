/* The memory layers on a real MMU: hardening, layout, and a random walk through the API. */
#include "arch/cpu.h"
#include "arch/layout.h"
#include "boot/image.h"
#include "kernel_tests.h"
#include "pmm/pmm.h"
#include "sched/task.h"
#include "vm/address_space.h"
#include "vm/kernel_map.h"
#include "vm/kstack.h"
#include "vm/user_copy.h"

enum { BASE = 0x10000000, PAGES = 24, STEPS = 4000 };

/* Run the current kernel task in a space, as exec would; null: back to the kernel's. */
static void enter_space(struct address_space *as)
{
    static struct address_space *home;
    struct task *task = task_current();

    if (as) {
        home = task->as;
        task->as = as;
    } else {
        task->as = home;
    }
    as_switch_to(task->as);
}

static bool test_hardening(void)
{
    CHECK(cpu_read_cr0() & CR0_WP);
    CHECK(cpu_read_msr(MSR_EFER) & EFER_NXE);
    CHECK(cpu_read_cr4() & CR4_SMEP);
    CHECK(cpu_read_cr4() & CR4_SMAP);
    CHECK(cpu_read_cr4() & CR4_UMIP);
    return true;
}

/* No leaf of the kernel half is for users, or writable and executable. */
static bool check_kernel_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va,
                              enum pt_level level)
{
    (void)self;
    (void)va;
    (void)level;
    return !(entry->v & PTE_U) && (!(entry->v & PTE_W) || (entry->v & PTE_NX));
}

static bool test_kernel_half(void)
{
    struct pt_visitor visitor = { .leaf = check_kernel_leaf };
    uint64_t text = (uint64_t)kernel_start;
    enum pt_level level;
    pte_t alias;

    CHECK(pt_visit(&kernel_tables, DIRECT_MAP_BASE, UINT64_MAX - PAGE_SIZE + 1, &visitor));
    CHECK(!(pt_lookup(&kernel_tables, text, &level)->v & (PTE_W | PTE_NX)));
    CHECK(pt_lookup(&kernel_tables, (uint64_t)kernel_text_end, &level)->v & PTE_NX);
    CHECK(!(pt_lookup(&kernel_tables, (uint64_t)kernel_text_end, &level)->v & PTE_W));
    alias = *pt_lookup(&kernel_tables, text - KERNEL_BASE + DIRECT_MAP_BASE, &level);
    CHECK(pte_present(alias) && !(alias.v & PTE_W) && (alias.v & PTE_NX));
    CHECK(!pte_present(*pt_lookup(&kernel_tables, 0x100000, &level)));
    return true;
}

static bool test_stack_guard(void)
{
    enum pt_level level;
    void *top;
    uint64_t guard;

    CHECK(kstack_alloc(&top) == ERR_OK);
    guard = (uint64_t)top - KSTACK_SIZE - PAGE_SIZE;
    CHECK(kstack_is_guard(guard) && !kstack_is_guard(guard + PAGE_SIZE));
    CHECK(!pte_used(*pt_lookup(&kernel_tables, guard, &level)));
    *(volatile uint64_t *)((char *)top - KSTACK_SIZE) = 1;
    kstack_free(top);
    return true;
}

/* The kernel reads and writes user memory as the program could, and no more. */
static bool check_user_access(void)
{
    uint64_t value = 1;

    CHECK(copy_from_user(&value, BASE, 8) == ERR_OK && value == 0); /* demand-zero */
    value = 42;
    CHECK(copy_to_user(BASE + PAGE_SIZE - 4, &value, 8) == ERR_OK); /* across pages */
    CHECK(copy_to_user(BASE + 2 * PAGE_SIZE, &value, 8) == ERR_FAULT);
    CHECK(copy_from_user(&value, BASE + 2 * PAGE_SIZE - 4, 8) == ERR_FAULT);
    CHECK(copy_from_user(&value, (vaddr_t)kernel_start, 8) == ERR_FAULT);
    CHECK(copy_from_user(&value, 0, 8) == ERR_FAULT);
    CHECK(copy_from_user(&value, UINT64_MAX - 3, 8) == ERR_FAULT);
    CHECK(as_protect_range(task_current()->as, BASE, PAGE_SIZE, VMA_READ) == ERR_OK);
    CHECK(copy_to_user(BASE, &value, 8) == ERR_FAULT);
    return true;
}

static bool test_user_access(void)
{
    struct address_space *as;
    bool ok;

    CHECK(as_new_user(&as) == ERR_OK);
    CHECK(as_reserve_region(as, BASE, 2, VMA_WRITE, VMA_ANONYMOUS, VMA_PAGE_4K) == ERR_OK);
    enter_space(as);
    ok = check_user_access();
    enter_space(NULL);
    CHECK(as_verify(as) == ERR_OK);
    as_put(as);
    return ok;
}

/* What each page of the region should hold: 0 none, else readable with this value; two spaces. */
struct shadow {
    struct address_space *as;
    uint64_t value[PAGES];
    bool mapped[PAGES], writable[PAGES];
};

static uint64_t random_state;

static uint64_t random_below(uint64_t n)
{
    random_state = random_state * 6364136223846793005 + 1442695040888963407;
    return (random_state >> 33) % n;
}

static bool shadow_check(const struct shadow *s)
{
    bool ok = true;

    enter_space(s->as);
    for (unsigned i = 0; i < PAGES && ok; i++) {
        uint64_t value = 0;
        bool readable = copy_from_user(&value, BASE + i * PAGE_SIZE, 8) == ERR_OK;

        ok = readable == s->mapped[i] && (!readable || value == s->value[i]);
    }
    enter_space(NULL);
    return ok;
}

static bool shadow_write(struct shadow *s, unsigned page, uint64_t value)
{
    bool done;

    enter_space(s->as);
    done = copy_to_user(BASE + page * PAGE_SIZE, &value, 8) == ERR_OK;
    enter_space(NULL);
    if (done)
        s->value[page] = value;
    return done == (s->mapped[page] && s->writable[page]);
}

static bool shadow_step(struct shadow *s, unsigned step)
{
    unsigned page = (unsigned)random_below(PAGES), count = 1 + (unsigned)random_below(6);
    vaddr_t va = BASE + page * PAGE_SIZE;
    unsigned op = (unsigned)random_below(4);
    err_t err;

    if (op == 0)
        return shadow_write(s, page, step + 1);
    count = count < PAGES - page ? count : PAGES - page;
    if (op == 1)
        err = as_unmap_range(s->as, va, count * PAGE_SIZE);
    else if (op == 2)
        err = as_replace_region(s->as, va, count, VMA_WRITE, VMA_ANONYMOUS, VMA_PAGE_4K);
    else
        err = as_protect_range(s->as, va, count * PAGE_SIZE, step & 1 ? VMA_READ : VMA_WRITE);
    for (unsigned i = page; i < page + count && err == ERR_OK; i++) {
        if (op != 3)
            s->value[i] = 0;
        s->mapped[i] = op != 1;
        s->writable[i] = op == 2 || (op == 3 && !(step & 1));
    }
    return err == ERR_OK || (op == 3 && err == ERR_NOMEM);
}

/* Two spaces, one cloned from the other now and then, against a shadow of their contents. */
static bool test_random_walk(void)
{
    struct shadow s[2] = { 0 };

    random_state = 1;
    CHECK(as_new_user(&s[0].as) == ERR_OK);
    CHECK(as_new_user(&s[1].as) == ERR_OK);
    for (unsigned step = 0; step < STEPS; step++) {
        if (random_below(40) == 0) {
            as_put(s[1].as);
            s[1] = s[0];
            CHECK(as_clone_cow(s[0].as, &s[1].as) == ERR_OK);
        }
        CHECK(shadow_step(&s[random_below(2)], step));
        if (step % 16 == 0)
            CHECK(shadow_check(&s[0]) && shadow_check(&s[1]));
        CHECK(as_verify(s[0].as) == ERR_OK && as_verify(s[1].as) == ERR_OK);
    }
    as_put(s[0].as);
    as_put(s[1].as);
    return true;
}

/* The last reference to the loaded space does not leave its freed PML4 in CR3. */
static bool test_put_loaded_space(void)
{
    struct address_space *as;
    uint64_t home = cpu_read_cr3();

    CHECK(as_new_user(&as) == ERR_OK);
    as_switch_to(as);
    CHECK(cpu_read_cr3() == as_cr3(as).v);
    as_put(as);
    CHECK(cpu_read_cr3() == home);
    return true;
}

const struct kernel_test memory_tests[] = {
    { "NX, WP, SMEP, SMAP and UMIP are on", test_hardening },
    { "the kernel half is W^X and not for users", test_kernel_half },
    { "kernel stacks have an unmapped guard", test_stack_guard },
    { "user copies obey the VMAs", test_user_access },
    { "random operations on two spaces keep their contents", test_random_walk },
    { "a loaded space can be put", test_put_loaded_space },
    { NULL, NULL },
};
