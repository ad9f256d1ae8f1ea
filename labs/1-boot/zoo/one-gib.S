/*
 * Misconception: One page directory is enough for now. The frames above 1 GiB are RAM too, and
 * the allocator may use any of them below 4 GiB before the final tables exist.
 *
 * Fails: big-memory
 */
boot_tables:
    movl $PHYS(boot_pd), %ebx
    movl $PTE_PAGE, %eax
    movl $512, %ecx
1:  movl %eax, (%ebx)
    addl $0x200000, %eax
    addl $8, %ebx
    loop 1b
    movl $PHYS(boot_pd) + PTE_TABLE, PHYS(boot_pdpt_low)
    movl $PHYS(boot_pd) + PTE_TABLE, PHYS(boot_pdpt_high) + 510 * 8
    movl $PHYS(boot_pdpt_low) + PTE_TABLE, PHYS(boot_pml4)
    movl $PHYS(boot_pdpt_low) + PTE_TABLE, PHYS(boot_pml4) + 256 * 8
    movl $PTE_NX_HIGH, PHYS(boot_pml4) + 256 * 8 + 4
    movl $PHYS(boot_pdpt_high) + PTE_TABLE, PHYS(boot_pml4) + 511 * 8
