/*
 * Files that the kernel makes up as they are read, in Linux's formats (proc(5)),
 * so that a program that looks at its own memory runs on both:
 *
 *     /proc/self/maps      the VMAs of the reading process
 *     /proc/self/pagemap   8 bytes for each page: bit 63 resident, bits 0 to 54 the frame
 *     /proc/kpagecount     8 bytes for each frame: how many references it has
 *     /proc/meminfo        MemTotal, MemFree and PageTables
 *     /proc/buddyinfo      free blocks of each order, in one zone
 *     /dev/null            takes all, gives nothing; for shells
 *
 * Their stat does not look at the file, which may be null.
 */
#pragma once

#include "lib/types.h"

struct file_ops;

/* The kind of file under a plain path; null: no such file. */
const struct file_ops *proc_find(const char *plain);
