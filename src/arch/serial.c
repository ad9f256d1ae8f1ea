/* COM1, a 16550 (National Semiconductor PC16550D data sheet); see serial.h. */
#include "arch/serial.h"

#include "arch/cpu.h"

enum {
    COM1 = 0x3f8,
    DATA = 0,
    DIVISOR_LOW = 0, /* with LINE_DLAB set */
    INTERRUPTS = 1,
    DIVISOR_HIGH = 1,
    FIFO = 2,
    LINE = 3,
    MODEM = 4,
    STATUS = 5,
    FIFO_ON_CLEARED = 0x07,
    LINE_DLAB = 0x80,
    LINE_8N1 = 0x03,
    MODEM_DTR_RTS = 0x03,
    STATUS_RECEIVED = 0x01,
    STATUS_CAN_SEND = 0x20,
    STATUS_NO_PORT = 0xff, /* what an empty bus reads as */
    WAIT_MAX = 100000,     /* polls until a port counts as stuck */
};

static bool serial_present;

void serial_init(void)
{
    cpu_out8(COM1 + INTERRUPTS, 0);
    cpu_out8(COM1 + LINE, LINE_DLAB);
    cpu_out8(COM1 + DIVISOR_LOW, 1); /* 115200 baud */
    cpu_out8(COM1 + DIVISOR_HIGH, 0);
    cpu_out8(COM1 + LINE, LINE_8N1);
    cpu_out8(COM1 + FIFO, FIFO_ON_CLEARED);
    cpu_out8(COM1 + MODEM, MODEM_DTR_RTS);
    serial_present = cpu_in8(COM1 + STATUS) != STATUS_NO_PORT;
}

static void serial_put(char c)
{
    for (unsigned i = 0; !(cpu_in8(COM1 + STATUS) & STATUS_CAN_SEND); i++) {
        if (i == WAIT_MAX) {
            serial_present = false;
            return;
        }
    }
    cpu_out8(COM1 + DATA, c);
}

void serial_write(const char *text, size_t len)
{
    for (size_t i = 0; i < len && serial_present; i++) {
        if (text[i] == '\n')
            serial_put('\r');
        serial_put(text[i]);
    }
}

bool serial_read(uint8_t *out)
{
    if (!serial_present || !(cpu_in8(COM1 + STATUS) & STATUS_RECEIVED))
        return false;
    *out = cpu_in8(COM1 + DATA);
    return true;
}
