/*
 * The display of emulators, where the loader has set up no framebuffer: QEMU's and
 * Bochs' common interface (QEMU, "docs/specs/standard-vga"; Bochs, "VBE DISPI").
 */
#include "show/dispi.h"

#include "arch/cpu.h"

enum {
    DISPI_INDEX = 0x1ce,
    DISPI_DATA = 0x1cf,
    DISPI_ID = 0,
    DISPI_X = 1,
    DISPI_Y = 2,
    DISPI_BPP = 3,
    DISPI_ENABLE = 4,
    DISPI_ID_MASK = 0xfff0,
    DISPI_ID_OURS = 0xb0c0,
    ENABLE_LINEAR = 0x41,
    WIDTH = 1024,
    HEIGHT = 768,
    PCI_ADDRESS = 0xcf8,
    PCI_DATA = 0xcfc,
    PCI_BAR0 = 0x10,
    PCI_SLOTS = 32,
};
#define PCI_DISPLAY 0x11111234u /* device and vendor: QEMU's standard VGA */
#define BASE_NO_PCI 0xe0000000u /* where Bochs has it */
#define PCI_CONFIG  0x80000000u

static uint16_t dispi_read(uint16_t index)
{
    cpu_out16(DISPI_INDEX, index);
    return cpu_in16(DISPI_DATA);
}

static void dispi_write(uint16_t index, uint16_t value)
{
    cpu_out16(DISPI_INDEX, index);
    cpu_out16(DISPI_DATA, value);
}

static uint32_t pci_read(unsigned slot, unsigned at)
{
    cpu_out32(PCI_ADDRESS, PCI_CONFIG | slot << 11 | at);
    return cpu_in32(PCI_DATA);
}

static uint64_t display_base(void)
{
    for (unsigned slot = 0; slot < PCI_SLOTS; slot++)
        if (pci_read(slot, 0) == PCI_DISPLAY)
            return pci_read(slot, PCI_BAR0) & ~0xfu;
    return BASE_NO_PCI;
}

bool dispi_start(struct boot_framebuffer *out)
{
    if ((dispi_read(DISPI_ID) & DISPI_ID_MASK) != DISPI_ID_OURS)
        return false;
    dispi_write(DISPI_ENABLE, 0);
    dispi_write(DISPI_X, WIDTH);
    dispi_write(DISPI_Y, HEIGHT);
    dispi_write(DISPI_BPP, 32);
    dispi_write(DISPI_ENABLE, ENABLE_LINEAR);
    *out = (struct boot_framebuffer){
        .base = display_base(), .pitch = WIDTH * 4, .width = WIDTH, .height = HEIGHT, .bpp = 32
    };
    return dispi_read(DISPI_X) == WIDTH;
}
