/*
 * The live map: it watches the kernel, draws it, and can hold it.
 *
 *     trap_hook, syscall_hook, sched_hook      three calls that the kernel makes
 *         -> watch.c       what has changed: an event
 *         -> show_look()   hold the machine, if the keys say so
 *     timer tick -> keys, and from time to time the picture (view.c)
 *
 * To hold means: interrupts stay off but for the map's own ticks, so that nothing
 * else runs, and the clock stands still. It is done only where no lock is held, so
 * that all structures are whole and their readers cannot wait for ever.
 *
 * Nothing of the kernel knows this folder; kmain calls show_start if it is there.
 */
#include "arch/cpu.h"
#include "arch/layout.h"
#include "arch/log.h"
#include "arch/percpu.h"
#include "arch/pic.h"
#include "arch/timer.h"
#include "arch/trap_frame.h"
#include "kern/kmain.h"
#include "kern/options.h"
#include "kern/syscall.h"
#include "kern/trap.h"
#include "lib/print.h"
#include "sched/sched.h"
#include "sched/signal.h"
#include "show/dispi.h"
#include "show/events.h"
#include "show/keys.h"
#include "show/tasks.h"
#include "show/view.h"
#include "show/watch.h"

enum { DRAW_TICKS = 5, CALL_EXIT = 60, CALL_EXIT_GROUP = 231 };
#define USER_BITS ((UINT64_C(1) << 47) - 1) /* of an address in the user half */

static struct {
    struct canvas canvas;
    struct layout layout;
    struct frame_grid grid;
    struct view view;
    bool holding; /* the CPU is the map's */
    bool paused, stepping;
    bool ended;      /* held at the program's end */
    bool leaving;    /* a key has ended the run: no more waiting */
    uint64_t speed;  /* events a second, at most TIMER_HZ; 0: no waiting */
    uint64_t looked; /* events that have been waited for */
    unsigned ticks;  /* since the last picture */
} show;              /* (i) */

static void draw(void)
{
    static char state[48];

    if (show.ended)
        fmt_snprintf(state, sizeof(state), "the end: r repeat, n next, q quit");
    else if (show.paused)
        fmt_snprintf(state, sizeof(state), "paused: space go on, s step");
    else if (show.speed)
        fmt_snprintf(state, sizeof(state), "%lu events/s", show.speed);
    else
        fmt_snprintf(state, sizeof(state), "running");
    show.view.state = state;
    show.view.alert = show.view.hold = show.paused;
    if (!task_by_pid(show.view.picked))
        show.view.picked = task_pid_after(0);
    view_draw(&show.canvas, &show.layout, &show.grid, &show.view);
    show.ticks = 0;
}

/* Every process gets the signal, and the run ends (docs/map.md). */
static void leave(int signo)
{
    static struct task *tasks[SHOWN_TASKS_MAX];
    unsigned count = task_list_shown(tasks, SHOWN_TASKS_MAX);

    for (unsigned i = 0; i < count; i++)
        signal_send(tasks[i], signo);
    show.leaving = true;
    show.paused = show.stepping = false;
}

static void change_speed(bool faster)
{
    static const uint8_t speeds[] = { 1, 2, 5, 10, 20, 50, 0 };
    unsigned i = 0;

    while (speeds[i] != 0 && show.speed != 0 && speeds[i] < show.speed)
        i++;
    if (show.speed == 0)
        i = ARRAY_SIZE(speeds) - 1;
    if (faster)
        i = i + 1 < ARRAY_SIZE(speeds) ? i + 1 : i;
    else
        i = i > 0 ? i - 1 : 0;
    show.speed = speeds[i];
}

/* A hexadecimal digit for the address that is walked. */
static bool take_digit(char key)
{
    unsigned digit = key >= '0' && key <= '9'   ? (unsigned)(key - '0')
                     : key >= 'a' && key <= 'f' ? (unsigned)(key - 'a') + 10
                                                : 16;

    if (show.view.walking && key == '\b')
        show.view.walk >>= 4;
    else if (show.view.walking && digit < 16)
        show.view.walk = (show.view.walk << 4 | digit) & USER_BITS;
    else if (digit > 0 && digit < 10 && task_by_pid((int)digit))
        show.view.picked = (int)digit;
    else
        return false;
    return true;
}

static void take_key(char key)
{
    if (take_digit(key))
        return;
    switch (key) {
    case ' ':
    case 'p':
        show.paused = !show.paused;
        break;
    case 's':
        show.stepping = true;
        show.paused = false;
        break;
    case '+':
    case '-':
        change_speed(key == '+');
        break;
    case '\t':
        show.view.picked = task_pid_after(show.view.picked);
        break;
    case 'z':
        show.grid.close = !show.grid.close;
        break;
    case 'w':
        show.view.walking = !show.view.walking;
        if (show.view.walking)
            show.view.walk = watch_last_fault(&show.view.picked);
        break;
    case 'n':
    case 'r':
    case 'q':
        leave(key == 'n' ? SIGUSR1 : key == 'r' ? SIGUSR2 : SIGTERM);
        break;
    }
}

/* Take all keys that were pressed; true if there was one. */
static bool take_keys(void)
{
    bool any = false;
    char key;

    while (key_read(&key)) {
        take_key(key);
        any = true;
    }
    return any;
}

/* Hold the machine for so many ticks, or as long as it is paused. */
static void hold(uint64_t ticks)
{
    uint64_t stopped = clock_stop();

    show.holding = true;
    draw();
    for (uint64_t i = 0; (show.paused || i < ticks) && !show.leaving; i++) {
        cpu_enable_interrupts_and_halt();
        cpu_disable_interrupts();
        if (take_keys())
            draw();
    }
    show.holding = false;
    clock_continue(stopped);
}

/* No lock is held but for those that the caller knows of: everything may be looked at. */
static bool can_look(unsigned preempt_count)
{
    return cpu_this()->preempt_count == preempt_count;
}

/* After anything that may have been an event, interrupts off: wait, if that is wanted. */
static void look(unsigned preempt_count)
{
    if (event_count() == show.looked || show.leaving || !can_look(preempt_count))
        return;
    show.looked = event_count();
    frame_grid_flash(&show.grid, watch_last_frame(), watch_last_is_zeroed());
    show.paused |= show.stepping;
    show.stepping = false;
    if (show.paused || show.speed)
        hold(show.speed ? TIMER_HZ / show.speed : 0);
}

/* Once a tick. True if the tick was used up by a pause: it never was, for the kernel. */
static bool tick(void)
{
    if (!can_look(0))
        return false;
    take_keys();
    if (show.paused) {
        pic_acknowledge(TIMER_IRQ);
        hold(0);
        return true;
    }
    if (++show.ticks >= DRAW_TICKS) {
        uint64_t stopped = clock_stop();

        draw();
        clock_continue(stopped);
    }
    return false;
}

static void show_trap(struct trap_frame *frame)
{
    bool is_tick = frame->vector == TRAP_IRQ + TIMER_IRQ;

    if (is_tick && show.holding) {
        pic_acknowledge(TIMER_IRQ);
        return;
    }
    if (is_tick && tick())
        return;
    if (frame->vector == TRAP_PAGE)
        watch_fault_begin();
    trap_handler(frame);
    watch_fault_end();
    look(0);
}

/* Where the program ends, the last picture stays until a key is pressed. */
static void hold_at_end(void)
{
    cpu_disable_interrupts();
    show.ended = show.paused = true;
    hold(0);
    show.ended = false;
    cpu_enable_interrupts();
}

static void show_syscall(struct trap_frame *frame)
{
    uint64_t number = frame->rax;

    if ((number == CALL_EXIT || number == CALL_EXIT_GROUP) && kernel_options.hold &&
        task_current()->pid == PID_PROGRAM && !show.leaving) {
        hold_at_end();
        if (show.leaving) /* by the signal that is pending now, instead */
            return;
    }
    syscall_entry(frame);
    cpu_disable_interrupts();
    watch_call(number, frame);
    look(0);
}

static void show_switch(struct task *from)
{
    bool interrupts = cpu_interrupts_on();

    cpu_disable_interrupts();
    watch_switch(from);
    look(1); /* the scheduler's own */
    if (interrupts)
        cpu_enable_interrupts();
}

void show_start(const struct boot_info *info)
{
    struct boot_framebuffer fb = info->fb;
    err_t err;

    if (kernel_options.text)
        fb.base = 0;
    else if (fb.base == 0)
        dispi_start(&fb);
    err = canvas_init(&show.canvas, &fb);
    layout_shape(&show.layout, &show.canvas);
    if (err == ERR_OK)
        err = frame_grid_init(&show.grid, info, show.layout.grid, show.canvas.bytes ? 4 : 1);
    if (err != ERR_OK) {
        klog("show: not enough memory for the map");
        return;
    }
    show.speed = min_u64(kernel_options.show_speed, TIMER_HZ);
    klog("show: %ux%u dots; the grid at %u,%u: %u cells of %u dots in %u columns, %lu frames each",
         show.canvas.w, show.canvas.h, show.grid.area.x, show.grid.area.y, show.grid.cells,
         show.grid.cell, show.grid.columns, UINT64_C(1) << (show.grid.shift + show.grid.merge));
    show.grid.close = kernel_options.zoom;
    trap_hook = show_trap;
    syscall_hook = show_syscall;
    sched_hook = show_switch;
}
