/*
 * Control registers, flushes and what they cover.
 */
#pragma once

#include <stdint.h>

enum { CONTROL_DESCRIPTOR = 16 /* bytes of INVPCID's operand in memory */ };

/* A control register was loaded or a flush executed, by Bochs' number for it. */
void control_changed(unsigned what, uint64_t value);

/* The CPU read 16 bytes: perhaps INVPCID's operand, which Bochs does not tell. */
void control_note_descriptor(const uint8_t *data);

/* An MSR was written: paging may have changed. */
void control_refresh(void);
