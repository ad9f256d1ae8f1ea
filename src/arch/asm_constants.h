/*
 * Numbers that assembly and C both know: plain constants only. The C headers
 * assert that they agree with their types.
 */
#pragma once

#define CPU_KERNEL_RSP 8
#define CPU_USER_RSP   16
#define SEL_USER_DATA  0x1b
#define SEL_USER_CODE  0x23
#define MSR_GS_BASE    0xc0000101
#define TRAP_STUB_SIZE 16
#define TRAP_SYSCALL   256
#define FRAME_RIP      136
#define FRAME_CS       144
