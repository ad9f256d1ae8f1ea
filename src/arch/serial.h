/*
 * COM1, polled: the human's console. Without a port, output is dropped and
 * input never comes.
 */
#pragma once

#include "lib/types.h"

/* 115200 baud, 8N1, FIFOs on, no interrupts. */
void serial_init(void);

/* Each newline becomes CR LF. The caller keeps others out (LOCK_LOG). */
void serial_write(const char *text, size_t len);

/* One byte of input, if there is one. */
bool serial_read(uint8_t *out);
