/*
 * Bochs' parameters are objects of several classes with one virtual get64();
 * which of the two implementations an object has is found in its table of
 * virtual functions, whose layout differs between compilers.
 */
#include "machine.h"

#include "setup.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

enum { VIRTUAL_FUNCTIONS_MAX = 24, TIMER_UNSET = 1000000 /* ticks; it is not running */ };

/* The hole in RAM for devices. */
#define DEVICES_START 0xc0000000ull
#define DEVICES_END   (1ull << 32)

typedef uint64_t (*param_get_t)(void *param);

struct param {
    void *object;
    param_get_t get;
};

struct machine machine;

static struct param regs[CPU_COUNT];
static struct param ticks_total, countdown, countdown_period;
static void *simulator;
static void *(*get_param)(void *sim, const char *name, void *base);
static void *(*get_root)(void *sim);
static void (*fetch_mem)(void *cpu, uint64_t phys, unsigned len, void *out);
static void (*set_reg)(unsigned reg, uint64_t value);
static void ***cpus;
static unsigned (*register_timer)(void *system, void *arg, void (*handler)(void *), uint64_t ticks,
                                  bool continuous, bool active, const char *name);
static void (*activate_timer)(void *system, unsigned timer, uint64_t ticks, bool continuous);
static void *pc_system;

/* Their names in Bochs' parameter tree, below "cpu0.". */
static const char *const reg_names[CPU_COUNT] = {
    "RAX", "RCX", "RDX", "RBX", "RSP", "RBP",         "RSI",    "RDI",
    "R8",  "R9",  "R10", "R11", "R12", "R13",         "R14",    "R15",
    "RIP", "CR0", "CR2", "CR3", "CR4", "CS.selector", "EFLAGS", "MSR.EFER",
};

void *machine_symbol(const char *name)
{
    void *address = dlsym(RTLD_DEFAULT, name);

    if (!address)
        setup_refuse("this Bochs has no %s: it is not built with --enable-instrumentation and "
                     "--enable-debugger as Debian's 2.7 is; install the package bochs",
                     name);
    return address;
}

static struct param param_find(const char *name)
{
    static const char *const getters[] = { "_ZN15bx_shadow_num_c5get64Ev",
                                           "_ZN14bx_param_num_c5get64Ev" };
    struct param param = { .object = get_param(simulator, name, get_root(simulator)) };
    void **virtual;

    if (!param.object)
        setup_refuse("this Bochs has no parameter %s; install the package bochs 2.7", name);
    /* The first is the class's own: another class's table may follow. */
    virtual = *(void ***)param.object;
    for (unsigned i = 0; i < VIRTUAL_FUNCTIONS_MAX; i++)
        for (unsigned g = 0; g < 2; g++) {
            if (virtual[i] != machine_symbol(getters[g]))
                continue;
            param.get = (param_get_t) virtual[i];
            return param;
        }
    setup_refuse("this Bochs has a parameter %s of an unknown kind", name);
}

static uint64_t param_get(const struct param *param)
{
    return param->get(param->object);
}

void machine_find(void)
{
    char name[64];

    simulator = *(void **)machine_symbol("SIM");
    get_param = (void *(*)(void *, const char *, void *))machine_symbol(
        "_ZN13bx_real_sim_c9get_paramEPKcP10bx_param_c");
    get_root = (void *(*)(void *))machine_symbol("_ZN13bx_real_sim_c14get_bochs_rootEv");
    fetch_mem = (void (*)(void *, uint64_t, unsigned, void *))machine_symbol(
        "_ZN8BX_MEM_C13dbg_fetch_memEP8BX_CPU_CmjPh");
    set_reg = (void (*)(unsigned, uint64_t))machine_symbol("_Z22bx_dbg_set_reg64_valuejm");
    register_timer =
        (unsigned (*)(void *, void *, void (*)(void *), uint64_t, bool, bool, const char *))
            machine_symbol("_ZN14bx_pc_system_c20register_timer_ticksEPvPFvS0_EmbbPKc");
    activate_timer = (void (*)(void *, unsigned, uint64_t, bool))machine_symbol(
        "_ZN14bx_pc_system_c20activate_timer_ticksEjmb");
    cpus = machine_symbol("bx_cpu_array");
    pc_system = machine_symbol("bx_pc_system");
    for (unsigned i = 0; i < CPU_COUNT; i++) {
        snprintf(name, sizeof(name), "cpu0.%s", reg_names[i]);
        regs[i] = param_find(name);
    }
    ticks_total = param_find("pc_system.ticksTotal");
    countdown = param_find("pc_system.currCountdown");
    countdown_period = param_find("pc_system.currCountdownPeriod");
}

uint64_t machine_reg(enum machine_reg reg)
{
    return param_get(&regs[reg]);
}

uint64_t machine_tick(void)
{
    return param_get(&ticks_total) + (uint32_t)param_get(&countdown_period) -
           (uint32_t)param_get(&countdown);
}

unsigned machine_ring(void)
{
    return param_get(&regs[CPU_CS]) & 3;
}

void machine_refresh(void)
{
    machine.cr0 = (uint32_t)machine_reg(CPU_CR0);
    machine.cr3 = machine_reg(CPU_CR3);
    machine.cr4 = machine_reg(CPU_CR4);
    machine.efer = machine_reg(CPU_EFER);
}

bool machine_paging(void)
{
    return (machine.cr0 & CR0_PG) && (machine.efer & EFER_LMA);
}

/* Bochs takes addresses on trust, and a guest's tables may hold any. */
static bool machine_is_ram(uint64_t phys)
{
    return phys < setup.memory && (phys < DEVICES_START || phys >= DEVICES_END);
}

void machine_read(uint64_t phys, void *out, unsigned len)
{
    if (!machine_is_ram(phys) || !machine_is_ram(phys + len - 1))
        memset(out, 0, len);
    else
        fetch_mem((*cpus)[0], phys, len, out);
}

/* The debugger's `set rdi = ...`, which numbers registers as instructions do. */
bool machine_set_reg(enum machine_reg reg, uint64_t value)
{
    set_reg(reg, value);
    return machine_reg(reg) == value;
}

void machine_add_timer(uint64_t ticks, bool continuous, void (*handler)(void *))
{
    register_timer(pc_system, NULL, handler, ticks, continuous, true, "trace");
}

unsigned machine_make_timer(void (*handler)(void *))
{
    return register_timer(pc_system, NULL, handler, TIMER_UNSET, false, false, "trace");
}

void machine_set_timer(unsigned timer, uint64_t ticks)
{
    activate_timer(pc_system, timer, ticks, false);
}
