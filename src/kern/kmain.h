/* Where the trampoline (boot/trampoline.S) arrives. */
#pragma once

#include "lib/types.h"

/*
 * In the higher half, on the boot stack, interrupts off. magic: MULTIBOOT2_MAGIC or
 * PVH_MAGIC; info: physical address of that loader's information.
 */
_Noreturn void kmain(uint32_t magic, uint32_t info);

/*
 * The live map (src/show): watch from now on, and draw. Before the first tick. A part
 * that nothing else knows; null in a kernel that is built without it.
 */
struct boot_info;
void show_start(const struct boot_info *info) __attribute__((weak));

/*
 * The in-kernel tests (tests/kernel), a task's function; null in a kernel that is
 * built without them.
 */
void kernel_tests_run(void *unused) __attribute__((weak));
