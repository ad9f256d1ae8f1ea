/*
 * Where the kernel image lies, from the linker script (kernel.ld): all virtual
 * and page-aligned. Physical addresses are KERNEL_BASE less.
 *
 *     kernel_start       text      R-X
 *     kernel_text_end    rodata    R--   (symbol table, exception table)
 *     kernel_data_start  data, bss RW-   (= kernel_rodata_end)
 *     kernel_end
 */
#pragma once

extern char kernel_start[], kernel_text_end[], kernel_rodata_end[], kernel_data_start[],
    kernel_end[];
