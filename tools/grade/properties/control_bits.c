#include "control_bits.h"

#include <stddef.h>
#include <string.h>

static const struct control_bit cr0[] = { { "PE", 0 },  { "MP", 1 },  { "EM", 2 },
                                          { "TS", 3 },  { "NE", 5 },  { "WP", 16 },
                                          { "AM", 18 }, { "PG", 31 }, { NULL, 0 } };
static const struct control_bit cr4[] = { { "PAE", 5 },         { "PGE", 7 },   { "OSFXSR", 9 },
                                          { "OSXMMEXCPT", 10 }, { "UMIP", 11 }, { "FSGSBASE", 16 },
                                          { "SMEP", 20 },       { "SMAP", 21 }, { NULL, 0 } };
static const struct control_bit efer[] = { { "SCE", 0 }, { "LME", 8 }, { "NXE", 11 }, { NULL, 0 } };

const struct control_bit *control_bits_of(const char *reg)
{
    return strcmp(reg, "cr0") == 0    ? cr0
           : strcmp(reg, "cr4") == 0  ? cr4
           : strcmp(reg, "efer") == 0 ? efer
                                      : NULL;
}
