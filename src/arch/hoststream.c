/*
 * Frames over LPT1; see hoststream.h. A byte is sent by a pulse on the strobe
 * line (IBM PC/AT Technical Reference, "Printer Adapter").
 */
#include "arch/hoststream.h"

#include "arch/cpu.h"
#include "arch/spinlock.h"

enum {
    LPT1_DATA = 0x378,
    LPT1_CONTROL = 0x37a,
    CONTROL_IDLE = 0x0c, /* selected, not in reset */
    CONTROL_STROBE = 0x0d,
    QEMU_EXIT_PORT = 0xf4,
    BOCHS_EXIT_PORT = 0x8900,
};

static struct spinlock stream_lock = SPINLOCK_INIT(LOCK_LOG);
static size_t frame_left; /* (l) payload bytes of the frame that are still to come */

static void stream_put(uint8_t byte)
{
    cpu_out8(LPT1_DATA, byte);
    cpu_out8(LPT1_CONTROL, CONTROL_STROBE);
    cpu_out8(LPT1_CONTROL, CONTROL_IDLE);
}

static void frame_send_locked(char type, const uint8_t *data, size_t len)
{
    stream_put(type);
    stream_put(0);
    stream_put(len & 0xff);
    stream_put(len >> 8);
    for (frame_left = len; frame_left > 0; frame_left--)
        stream_put(*data++);
}

void host_stream_send(char type, const void *data, size_t len)
{
    const uint8_t *bytes = data;

    while (len > 0) {
        size_t part = min_u64(len, HOST_FRAME_MAX);
        bool irq = spin_lock_irq(&stream_lock);

        frame_send_locked(type, bytes, part);
        spin_unlock_irq(&stream_lock, irq);
        bytes += part;
        len -= part;
    }
}

void host_stream_take_over(void)
{
    for (; frame_left > 0; frame_left--)
        stream_put(' ');
    stream_lock = (struct spinlock)SPINLOCK_INIT(LOCK_LOG);
}

/* Both ways: Intel 6-series chipset datasheet, "RST_CNT"; IBM PC/AT, "Keyboard Controller". */
void host_restart(void)
{
    enum { RESET_CONTROL = 0xcf9, RESET_ALL = 0x06, KEYBOARD_COMMAND = 0x64, PULSE_RESET = 0xfe };

    cpu_disable_interrupts();
    cpu_out8(RESET_CONTROL, RESET_ALL);
    cpu_out8(KEYBOARD_COMMAND, PULSE_RESET);
    for (;;)
        cpu_halt();
}

void host_shutdown(uint8_t code)
{
    cpu_disable_interrupts();
    cpu_out8(QEMU_EXIT_PORT, code);
    for (const char *c = "Shutdown"; *c; c++)
        cpu_out8(BOCHS_EXIT_PORT, *c);
    for (;;)
        cpu_halt();
}
