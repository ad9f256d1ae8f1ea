/*
 * Questions about physical memory, asked as any Linux program may ask them:
 * /proc/self/pagemap says which frame lies behind a page, /proc/kpagecount how
 * many page-table entries refer to a frame, sysinfo how many frames are free.
 * The same code runs on Linux, where only root sees frame numbers.
 */
#pragma once

#include <stdint.h>

#define FRAME_SIZE 4096
#define FRAME_NONE UINT64_MAX /* no frame behind the page, or the kernel does not tell */

/* Open the files; later calls answer FRAME_NONE and 0 for one that did not open. */
void frames_open(void);

/* The number of the frame behind addr in the calling process, or FRAME_NONE. */
uint64_t frames_behind(const volatile void *addr);

/* How many page-table entries refer to the frame; 0 if unknown. */
uint64_t frames_refcount(uint64_t frame);

/* Frames of RAM that are free now. */
uint64_t frames_free(void);

/* Frames that are page tables, of all processes and the kernel. */
uint64_t frames_tables(void);

enum { FRAME_ORDERS = 11 };

/* Free blocks of each order, 4 KiB to 4 MiB, as the buddy allocator keeps them. */
void frames_blocks(uint64_t blocks[FRAME_ORDERS]);
