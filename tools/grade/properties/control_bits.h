/* Bits of control registers by the names that the manuals give them (Intel SDM vol. 3, 2.5). */
#pragma once

struct control_bit {
    const char *name;
    unsigned bit;
};

/* Those of the register "cr0", "cr4" or "efer", up to one without a name; NULL: another word. */
const struct control_bit *control_bits_of(const char *reg);
