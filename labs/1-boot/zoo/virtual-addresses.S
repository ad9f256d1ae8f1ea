/*
 * Misconception: A table entry holds a pointer, so the symbol's value will do. Entries hold
 * physical addresses; the symbols are linked at KERNEL_BASE. The linker says so: such an address
 * does not fit into the 32 bits of the move ("relocation truncated to fit").
 *
 * Fails: long-mode-order, far-jump
 */
boot_tables:
    movl $PHYS(boot_pd), %ebx
    movl $PTE_PAGE, %eax
    movl $2048, %ecx
1:  movl %eax, (%ebx)
    addl $0x200000, %eax
    addl $8, %ebx
    loop 1b
    .irp i, 0, 1, 2, 3
    movl $PHYS(boot_pd) + \i * 0x1000 + PTE_TABLE, PHYS(boot_pdpt_low) + \i * 8
    .endr
    movl $PHYS(boot_pd) + PTE_TABLE, PHYS(boot_pdpt_high) + 510 * 8
    movl $boot_pdpt_low + PTE_TABLE, PHYS(boot_pml4)
    movl $boot_pdpt_low + PTE_TABLE, PHYS(boot_pml4) + 256 * 8
    movl $PTE_NX_HIGH, PHYS(boot_pml4) + 256 * 8 + 4
    movl $boot_pdpt_high + PTE_TABLE, PHYS(boot_pml4) + 511 * 8
