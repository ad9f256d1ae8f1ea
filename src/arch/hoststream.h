/*
 * The one channel from the guest to the host: frames over the parallel port,
 * the same under every emulator. Firmware never writes there.
 *
 *     type (1 byte) | 0 | payload length (2 bytes, little-endian) | payload
 *
 * Types: 'O' and 'E', bytes of a program's standard output and error; 'L', one
 * line of the kernel's log without its newline; 'S', how the run ended: "exit N",
 * "signal N" or "panic".
 */
#pragma once

#include "lib/types.h"

enum { HOST_FRAME_MAX = 4096 };

/* Exit codes for host_shutdown; QEMU ends with 2 * code + 1. */
enum { HOST_EXIT_DONE = 0, HOST_EXIT_PANIC = 61 };

/* Send bytes, in as many frames as it takes. Locks: LOCK_LOG. */
void host_stream_send(char type, const void *data, size_t len);

/*
 * For a panic: complete a frame that was cut short, so that the host stays in
 * step, and forget the lock.
 */
void host_stream_take_over(void);

/* Restart the machine: firmware and loader come back. */
_Noreturn void host_restart(void);

/* End the emulator; on a machine that is none, halt for ever. */
_Noreturn void host_shutdown(uint8_t code);
