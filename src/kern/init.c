/*
 * Pid 1 and how it starts the program, pid 2.
 *
 * The program is started by its own execve, the way any program is. For that it
 * needs a path, arguments and an environment in user memory; so pid 2 begins as
 * a kernel task that gives itself an address space with nothing else in it:
 *
 *     START_BASE  | .quire/args, 0 | .quire/env, 0 | argv pointers, 0 | envp pointers, 0 |
 */
#include "arch/cpu.h"
#include "arch/hoststream.h"
#include "arch/layout.h"
#include "arch/log.h"
#include "arch/trap_frame.h"
#include "kern/image.h"
#include "kern/options.h"
#include "kern/process.h"
#include "kern/syscall.h"
#include "lib/panic.h"
#include "lib/print.h"
#include "lib/string.h"
#include "sched/sched.h"
#include "sched/task.h"
#include "vm/address_space.h"

#define START_BASE UINT64_C(0x10000)

enum { START_FAILED = 125 << 8 }; /* as wait4 encodes exit(125): "could not even start" */

/* Strings one after the other, each with its NUL; the last one's may be missing. */
struct strings {
    const char *bytes;
    uint64_t size, count;
    vaddr_t at;       /* where they lie in the program's memory */
    vaddr_t pointers; /* where their pointers lie */
};

static struct strings strings_find(const char *name)
{
    struct cpio_entry entry;
    struct strings s = { .bytes = "" };

    if (image_find(name, &entry))
        return s;
    s.bytes = (const char *)entry.data;
    s.size = entry.size;
    for (uint64_t at = 0; at < s.size; s.count++)
        at += strnlen(s.bytes + at, s.size - at) + 1;
    return s;
}

/* Write the strings and the array of pointers to them; the memory is zero already. */
static err_t strings_write(struct address_space *as, const struct strings *s)
{
    uint64_t at = 0;
    err_t err = s->size ? as_write(as, s->at, s->bytes, s->size) : ERR_OK;

    for (uint64_t i = 0; i < s->count && !err; i++) {
        vaddr_t pointer = s->at + at;

        err = as_write(as, s->pointers + i * sizeof(pointer), &pointer, sizeof(pointer));
        at += strnlen(s->bytes + at, s->size - at) + 1;
    }
    return err;
}

/* Lay both out in a new address space. Errors: ERR_NOMEM, ERR_INVAL without arguments. */
static err_t start_build(struct strings *args, struct strings *env, struct address_space **out)
{
    uint64_t end;
    err_t err;

    args->at = START_BASE;
    env->at = args->at + args->size + 1;
    args->pointers = align_up(env->at + env->size + 1, sizeof(vaddr_t));
    env->pointers = args->pointers + (args->count + 1) * sizeof(vaddr_t);
    end = env->pointers + (env->count + 1) * sizeof(vaddr_t);
    err = as_new_user(out);
    if (err)
        return err;
    err = as_reserve_region(*out, START_BASE, (end - START_BASE + PAGE_SIZE - 1) / PAGE_SIZE,
                            VMA_READ | VMA_WRITE, VMA_ANONYMOUS, VMA_PAGE_4K);
    if (!err)
        err = strings_write(*out, args);
    if (!err)
        err = strings_write(*out, env);
    if (err)
        as_put(*out);
    return err;
}

static void start_enter_memory(struct task *task, struct address_space *as)
{
    bool interrupts = spin_lock_irq(&sched_lock);

    task->as = as;
    as_switch_to(as);
    spin_unlock_irq(&sched_lock, interrupts);
}

/* From nothing to a process whose trap frame is in the program. */
static err_t start_exec(struct strings *args, struct strings *env)
{
    struct task *task = task_current();
    struct trap_frame *frame = task_frame(task);
    struct address_space *as;
    err_t err = start_build(args, env, &as);

    if (err)
        return err;
    start_enter_memory(task, as);
    memset(frame, 0, sizeof(*frame));
    frame->rdi = args->at;
    frame->rsi = args->pointers;
    frame->rdx = env->pointers;
    return (err_t)sys_execve(frame);
}

/* Nobody but the person in front of the terminal can be told. */
static void start_complain(const char *program, err_t err)
{
    char text[LOG_LINE_MAX];
    int len =
        fmt_snprintf(text, sizeof(text) - 1,
                     "quire: %.100s cannot be started (error %d; --log says more)\n", program, err);

    host_stream_send('E', text, (size_t)len);
    klog("init: %.100s does not start: error %d", program, err);
}

/* Pid 2, until it has become the program. */
static void program_main(void *unused)
{
    struct task *task = task_current();
    struct strings args = strings_find(".quire/args"), env = strings_find(".quire/env");
    err_t err;

    (void)unused;
    if (args.count == 0)
        klog("init: the image names no program (.quire/args)");
    err = process_new(&task->process);
    if (err)
        panic("no memory for the first program");
    err = start_exec(&args, &env);
    if (err) {
        start_complain(args.count ? args.bytes : "(no program)", err);
        process_exit(START_FAILED);
    }
    process_enter(task_frame(task));
}

/* The status that the host gets, of a program that ended with a wait status. */
static _Noreturn void run_end(int status)
{
    char text[32];
    int len;

    if (status & 0x7f)
        len = fmt_snprintf(text, sizeof(text), "signal %d", status & 0x7f);
    else
        len = fmt_snprintf(text, sizeof(text), "exit %d", status >> 8 & 0xff);
    klog("init: no process is left; the program's status: %s", text);
    host_stream_send('S', text, (size_t)len);
    if (kernel_options.again)
        host_restart();
    host_shutdown(HOST_EXIT_DONE);
}

/* Pid 1: start the program, then reap until nobody is left. */
static void init_main(void *unused)
{
    struct task *program;
    int pid, status, program_status = START_FAILED;

    (void)unused;
    if (task_new("program", program_main, NULL, &program))
        panic("no memory for the first program");
    KASSERT(program->pid == PID_PROGRAM);
    task_start(program);
    while (task_wait(-1, WAIT_ALL, &pid, &status) == ERR_OK)
        if (pid == PID_PROGRAM)
            program_status = status;
    run_end(program_status);
}

err_t process_start_first(void)
{
    struct task *init;
    err_t err = task_new("init", init_main, NULL, &init);

    if (err)
        return err;
    KASSERT(init->pid == PID_INIT);
    task_start(init);
    return ERR_OK;
}
