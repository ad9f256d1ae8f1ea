/* The 8259A pair; see pic.h. Command words: 8259A data sheet, "Programming the 8259A". */
#include "arch/pic.h"

#include "arch/cpu.h"
#include "arch/trap_frame.h"

enum {
    MASTER = 0x20,
    SLAVE = 0xa0,
    DATA = 1, /* port after the command port */
    ICW1_INIT = 0x11,
    ICW4_8086 = 0x01,
    CASCADE = 2, /* the master's line on which the slave sits */
    OCW2_EOI = 0x20,
    OCW3_READ_ISR = 0x0b,
};

static void pic_start(uint16_t port, uint8_t first_vector, uint8_t cascade)
{
    cpu_out8(port, ICW1_INIT);
    cpu_out8(port + DATA, first_vector);
    cpu_out8(port + DATA, cascade);
    cpu_out8(port + DATA, ICW4_8086);
    cpu_out8(port + DATA, 0xff); /* all masked */
}

void pic_init(void)
{
    pic_start(MASTER, TRAP_IRQ, 1 << CASCADE);
    pic_start(SLAVE, TRAP_IRQ + 8, CASCADE);
    pic_unmask(CASCADE);
}

void pic_unmask(unsigned irq)
{
    uint16_t port = (irq < 8 ? MASTER : SLAVE) + DATA;

    cpu_out8(port, cpu_in8(port) & ~(1u << (irq & 7)));
}

bool pic_acknowledge(unsigned irq)
{
    uint16_t port = irq < 8 ? MASTER : SLAVE;
    bool spurious = false;

    if ((irq & 7) == 7) {
        cpu_out8(port, OCW3_READ_ISR);
        spurious = !(cpu_in8(port) & 0x80);
    }
    if (irq >= 8) /* also for a spurious one: to the master it was real */
        cpu_out8(MASTER, OCW2_EOI);
    if (!spurious)
        cpu_out8(port, OCW2_EOI);
    return !spurious;
}
