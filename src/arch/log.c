/* The kernel's log; see log.h. */
#include "arch/log.h"

#include "arch/hoststream.h"
#include "arch/serial.h"
#include "arch/spinlock.h"
#include "lib/print.h"

static struct spinlock log_lock = SPINLOCK_INIT(LOCK_LOG);
static bool log_ready;

void log_init(void)
{
    serial_init();
    log_ready = true;
}

void klog(const char *fmt, ...)
{
    char line[LOG_LINE_MAX + 1];
    size_t len;
    va_list args;

    if (!log_ready)
        return;
    va_start(args, fmt);
    len = min_u64((size_t)fmt_vsnprintf(line, sizeof(line), fmt, args), LOG_LINE_MAX);
    va_end(args);

    bool irq = spin_lock_irq(&log_lock);

    serial_write(line, len);
    serial_write("\n", 1);
    spin_unlock_irq(&log_lock, irq);
    host_stream_send('L', line, len);
}

void log_take_over(void)
{
    log_lock = (struct spinlock)SPINLOCK_INIT(LOCK_LOG);
    host_stream_take_over();
}
