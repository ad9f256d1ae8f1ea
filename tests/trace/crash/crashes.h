/*
 * All the ways to crash; expected.txt has what an autopsy must say of each.
 */
#pragma once

void crash_bad_gdt(void);
void crash_bad_idt(void);
void crash_idt_unmapped(void);
void crash_bad_tss(void);
void crash_bad_rsp0(void);
void crash_higher_half(void);
void crash_stack_overflow(void);
void crash_recursion(void);
void crash_nx_text(void);
void crash_reserved_bits(void);
void crash_freed_table(void);
void crash_wrong_cr3(void);
void crash_iretq_frame(void);
void crash_iretq_rip(void);
void crash_irq_before_idt(void);
void crash_loop_cli(void);
void crash_loop_sti(void);
void crash_idle(void);
void crash_null_jump(void);
void crash_null_pointer(void);
void crash_fault_loop(void);
void crash_halt(void);
void crash_read_only(void);
void crash_divide(void);
void crash_not_canonical(void);
void crash_bad_msr(void);
void crash_bad_cr4(void);
void crash_unmapped(void);
void crash_assertion(void);
void crash_reset(void);
void crash_gives_up(void);
