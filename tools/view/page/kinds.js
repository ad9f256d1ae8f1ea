// The kinds of events of a trace (docs/trace-format.md) and how many values each has.

export const KIND = {
    START: 1, END: 2, CR: 3, INVLPG: 4, INVPCID: 5, WRMSR: 6, EXCEPTION: 7, INTERRUPT: 8,
    TRANSFER: 9, CALL: 10, RETURN: 11, TABLE: 12, TABLE_GONE: 13, SEEN: 14, WRITE: 15, MARK: 16,
    STALE_CPU: 17, STALE_IDEAL: 18, WINDOW: 19, OUT: 20, HALT: 21, RESET: 22, SAMPLE: 23,
    BRANCH: 24, OUT_VALUE: 25, CHALLENGE: 26, WITNESS: 27, USER_STATE: 28,
};

export const KIND_VALUES = [
    0, 5, 1, 2, 1, 2, 1, 3, 1, 5, 6, 2, 3, 1, 3, 4, 4, 4, 4, 4, 2, 1, 0, 3, 2, 2, 3, 5, 5,
];

export const TRANSFER = { SYSCALL: 1, SYSRET: 2, IRET: 3, INT: 4, FAR: 5 };

export const TRANSFER_NAME = ['?', 'SYSCALL', 'SYSRET', 'IRETQ', 'INT', 'far transfer'];

/** Is rip the next instruction's for this kind? Then the place is the byte before. */
const RIP_IS_NEXT = new Set([KIND.CR, KIND.WRITE, KIND.SEEN, KIND.TABLE, KIND.TABLE_GONE, KIND.OUT,
    KIND.WRMSR, KIND.INVLPG, KIND.INVPCID, KIND.HALT]);

export function placeOf(kind, rip) {
    return RIP_IS_NEXT.has(kind) ? rip - 1 : rip;
}

const VECTORS = {
    0: '#DE division error', 1: '#DB debug', 2: 'NMI', 3: '#BP breakpoint', 4: '#OF overflow',
    5: '#BR bound range', 6: '#UD invalid opcode', 7: '#NM no FPU', 8: '#DF double fault',
    10: '#TS invalid TSS', 11: '#NP segment not present', 12: '#SS stack fault',
    13: '#GP general protection', 14: '#PF page fault', 16: '#MF x87 error',
    17: '#AC alignment check', 18: '#MC machine check', 19: '#XM SIMD error',
};

export function vectorName(vector) {
    return VECTORS[vector] || `vector ${vector}`;
}

export const END_TEXT = ['?', 'the guest shut the machine down',
    'the CPU halted with interrupts off, for ever', 'the limit of ticks was reached',
    'the limit of events was reached', 'the machine was reset', 'triple fault: the machine was reset',
    'it was stopped from outside'];

export const PAGE_FAULT = 14;
