/*
 * Start here: the order in which the kernel comes to life. Each step needs what
 * those above it have set up.
 */
#include "kern/kmain.h"

#include "arch/context.h"
#include "arch/features.h"
#include "arch/layout.h"
#include "arch/log.h"
#include "arch/mmu.h"
#include "arch/percpu.h"
#include "arch/pic.h"
#include "arch/segments.h"
#include "arch/timer.h"
#include "boot/boot_read.h"
#include "boot/image.h"
#include "kern/crash.h"
#include "kern/image.h"
#include "kern/options.h"
#include "kern/panic.h"
#include "kern/process.h"
#include "kern/report.h"
#include "kern/trap.h"
#include "lib/panic.h"
#include "pmm/pmm.h"
#include "sched/sched.h"
#include "sched/task.h"
#include "vm/address_space.h"
#include "vm/kernel_map.h"
#include "vm/kstack.h"

static struct boot_info boot_info;

/* The CPU, and a way to say what went wrong. */
static void start_cpu(void)
{
    cpu_init();
    trap_init();
    panic_init();
    features_enable(trap_syscall_entry);
    log_init();
    klog("Quire: memory you can watch");
    features_log();
}

static void start_boot_info(uint32_t magic, uint32_t info)
{
    static const char *const types[] = { "RAM", "reserved", "ACPI" };
    struct boot_memory memory = {
        .base = (const uint8_t *)DIRECT_MAP_BASE,
        .limit = BOOT_MAP_LIMIT,
        .image_start = (uint64_t)kernel_start - KERNEL_BASE,
        .image_end = (uint64_t)kernel_end - KERNEL_BASE,
    };
    const char *why = "";

    if (boot_read(&memory, magic, info, &boot_info, &why) != ERR_OK)
        panic("boot information: %s", why);
    klog("boot: loaded by %s, options '%.200s'", boot_info.loader, boot_info.cmdline);
    for (unsigned i = 0; i < boot_info.region_count; i++) {
        const struct boot_region *r = &boot_info.region[i];

        klog("boot: %012lx..%012lx %s", r->base, r->base + r->len, types[r->type]);
    }
    options_parse(boot_info.cmdline);
}

/* Double fault, NMI and machine check get stacks with guards. */
static void start_own_stacks(void)
{
    for (enum ist ist = IST_DOUBLE_FAULT; ist <= IST_MACHINE_CHECK; ist++) {
        void *top;

        if (kstack_alloc(&top) != ERR_OK)
            panic("no memory for the CPU's own stacks");
        cpu_set_ist(ist, top);
    }
}

static void start_memory(struct address_space **kernel_as)
{
    struct pmm_stats stats;

    if (pmm_init(&boot_info, BOOT_MAP_LIMIT) != ERR_OK || kernel_map_init(&boot_info) != ERR_OK)
        panic("not enough memory to start");
    pmm_init_high(&boot_info, BOOT_MAP_LIMIT);
    if (as_new_kernel(kernel_as) != ERR_OK || report_map_screen() != ERR_OK)
        panic("not enough memory to start");
    start_own_stacks();
    pmm_stats(&stats);
    klog("memory: %lu KiB, %lu KiB free", stats.total * 4, stats.free * 4);
}

/* A kernel task that is not there in every build. */
static err_t start_tests(void)
{
    struct task *task;
    err_t err = ERR_NOSYS;

    if (kernel_tests_run)
        err = task_new("tests", kernel_tests_run, NULL, &task);
    else
        klog("boot: this kernel is built without tests; preset debug has them");
    if (err == ERR_OK)
        task_start(task);
    return err;
}

/* The files, and the first task: a program's, the tests, or one that breaks the kernel. */
static void start_tasks(void)
{
    err_t err;

    if (boot_info.module_count > 0)
        image_init(phys_to_virt(PADDR(boot_info.module[0].base)), boot_info.module[0].len);
    else
        image_init(NULL, 0);
    err = kernel_options.crash[0]    ? crash_start(kernel_options.crash)
          : kernel_options.run_tests ? start_tests()
                                     : process_start_first();
    if (err != ERR_OK)
        panic("the first task does not start: error %d", err);
}

static void start_scheduler(void *kernel_as)
{
    pic_init();
    clock_init();
    sched_init(kernel_as);
    start_tasks();
    if (kernel_options.show && show_start)
        show_start(&boot_info);
    timer_start();
    sched_start();
}

void kmain(uint32_t magic, uint32_t info)
{
    struct address_space *kernel_as;
    uint64_t boot_rsp;
    void *stack;

    start_cpu();
    start_boot_info(magic, info);
    start_memory(&kernel_as);
    /* The boot stack has no guard: leave it. What runs on is the idle task. */
    if (kstack_alloc(&stack) != ERR_OK)
        panic("no memory for the idle task's stack");
    context_switch(&boot_rsp, context_init(stack, start_scheduler, kernel_as));
    __builtin_unreachable();
}
