/*
 * The two 8259A interrupt controllers: lines 0 to 15 arrive as vectors
 * TRAP_IRQ and up, once unmasked.
 */
#pragma once

#include "lib/types.h"

/* Move the lines to TRAP_IRQ.. and mask all. */
void pic_init(void);

void pic_unmask(unsigned irq);

/*
 * Acknowledge a line's interrupt. False if it was spurious: then nothing
 * happened and the handler must not run (8259A data sheet, "Default IR7").
 */
bool pic_acknowledge(unsigned irq);
