// What each event means, as one of a few classes: what the timeline draws, what steps stop at.

import { ENTRY, entryAddress, isLeaf } from './bits.js';
import { KIND, PAGE_FAULT, TRANSFER } from './kinds.js';

/** Classes; the order is that of their importance where two share a pixel. */
export const CLASS = {
    HIDDEN: 0, MARK: 1, STATE: 2, RETURN: 3, CALL: 4, OUT: 5, TABLE: 6, STORE: 7, CONTROL: 8,
    USER: 9, INTERRUPT: 10, SYSCALL: 11, FLUSH: 12, HALT: 13, PROTECT: 14, UNMAP: 15, TAKEOVER: 16,
    MAP: 17, SWITCH: 18, COPY: 19, FAULT: 20, WITNESS: 21, EXCEPTION: 22, TROUBLE: 23, END: 24,
};

/** How a class is called, where it is one thing that is named. */
export const CLASS_TEXT = {
    [CLASS.FAULT]: 'page fault', [CLASS.EXCEPTION]: 'exception', [CLASS.SYSCALL]: 'system call',
    [CLASS.SWITCH]: 'switch', [CLASS.COPY]: 'page copied', [CLASS.TAKEOVER]: 'page made writable',
    [CLASS.MAP]: 'page mapped', [CLASS.UNMAP]: 'page unmapped', [CLASS.PROTECT]: 'page made read-only',
    [CLASS.FLUSH]: 'TLB flush', [CLASS.TROUBLE]: 'missing flush', [CLASS.INTERRUPT]: 'interrupt',
    [CLASS.HALT]: 'halt', [CLASS.USER]: 'return to the program', [CLASS.STORE]: 'table store',
    [CLASS.TABLE]: 'table', [CLASS.MARK]: 'A/D bit', [CLASS.CALL]: 'call', [CLASS.RETURN]: 'return',
    [CLASS.CONTROL]: 'control register', [CLASS.OUT]: 'port', [CLASS.WITNESS]: 'witness',
    [CLASS.STATE]: 'registers', [CLASS.END]: 'end', [CLASS.HIDDEN]: 'table content',
};

/** What a step may stop at: [key, name, classes]. */
export const STEPS = [
    ['main', 'what matters', [CLASS.FAULT, CLASS.EXCEPTION, CLASS.SYSCALL, CLASS.SWITCH, CLASS.COPY,
        CLASS.TAKEOVER, CLASS.MAP, CLASS.UNMAP, CLASS.PROTECT, CLASS.TROUBLE, CLASS.WITNESS,
        CLASS.INTERRUPT, CLASS.HALT, CLASS.END]],
    ['fault', 'page fault', [CLASS.FAULT, CLASS.EXCEPTION]],
    ['switch', 'switch of address space', [CLASS.SWITCH]],
    ['syscall', 'system call', [CLASS.SYSCALL]],
    ['copy', 'copy or take-over of a page', [CLASS.COPY, CLASS.TAKEOVER]],
    ['page', 'change of a program\'s page', [CLASS.MAP, CLASS.UNMAP, CLASS.PROTECT, CLASS.COPY,
        CLASS.TAKEOVER]],
    ['table', 'store into a page table', [CLASS.MAP, CLASS.UNMAP, CLASS.PROTECT, CLASS.COPY,
        CLASS.TAKEOVER, CLASS.STORE]],
    ['flush', 'TLB flush', [CLASS.FLUSH]],
    ['interrupt', 'interrupt', [CLASS.INTERRUPT]],
    ['call', 'recorded call', [CLASS.CALL]],
    ['trouble', 'missing flush', [CLASS.TROUBLE]],
    ['finding', 'finding of the grader', []],
    ['any', 'any event', Object.values(CLASS).filter((c) => c !== CLASS.HIDDEN)],
];

function classOfLeaf(trace, n, level) {
    const off = trace.off[n], was = trace.lo[off + 1], is = trace.lo[off + 2];
    if (!((was | is) & ENTRY.U) || !isLeaf(level, was | is))
        return CLASS.STORE;
    if (!(was & ENTRY.P))
        return is & ENTRY.P ? CLASS.MAP : CLASS.STORE;
    if (!(is & ENTRY.P))
        return CLASS.UNMAP;
    if (isLeaf(level, was) !== isLeaf(level, is))
        return CLASS.STORE; // a large page becomes a table of small ones, or the reverse
    const moved = entryAddress(was, trace.hi[off + 1]) !== entryAddress(is, trace.hi[off + 2]);
    if (moved)
        return CLASS.COPY;
    if ((was ^ is) & ENTRY.W)
        return is & ENTRY.W ? CLASS.TAKEOVER : CLASS.PROTECT;
    return CLASS.STORE;
}

function classOfTransfer(trace, n) {
    if ((trace.lo[trace.off[n] + 3] & 3) === 3)
        return CLASS.USER;
    const what = trace.what[n];
    return what === TRANSFER.SYSCALL || what === TRANSFER.INT ? CLASS.SYSCALL : CLASS.CONTROL;
}

function classOfControl(trace, n) {
    const off = trace.off[n];
    if (trace.what[n] === 3)
        return trace.lo[off] === trace.lo[off + 1] ? CLASS.FLUSH : CLASS.SWITCH;
    const pge = 0x80;
    return trace.what[n] === 4 && (trace.lo[off] ^ trace.lo[off + 1]) & pge ? CLASS.FLUSH
        : CLASS.CONTROL;
}

const PLAIN = {
    [KIND.START]: CLASS.CONTROL, [KIND.END]: CLASS.END, [KIND.INVLPG]: CLASS.FLUSH,
    [KIND.INVPCID]: CLASS.FLUSH, [KIND.WRMSR]: CLASS.CONTROL, [KIND.INTERRUPT]: CLASS.INTERRUPT,
    [KIND.CALL]: CLASS.CALL, [KIND.RETURN]: CLASS.RETURN, [KIND.TABLE]: CLASS.TABLE,
    [KIND.TABLE_GONE]: CLASS.TABLE, [KIND.SEEN]: CLASS.HIDDEN, [KIND.MARK]: CLASS.MARK,
    [KIND.STALE_CPU]: CLASS.TROUBLE, [KIND.STALE_IDEAL]: CLASS.TROUBLE,
    [KIND.WINDOW]: CLASS.TROUBLE, [KIND.OUT]: CLASS.OUT, [KIND.HALT]: CLASS.HALT,
    [KIND.RESET]: CLASS.END, [KIND.SAMPLE]: CLASS.END, [KIND.BRANCH]: CLASS.END,
    [KIND.OUT_VALUE]: CLASS.RETURN, [KIND.CHALLENGE]: CLASS.WITNESS, [KIND.WITNESS]: CLASS.WITNESS,
    [KIND.USER_STATE]: CLASS.STATE,
};

function classOf(trace, n) {
    switch (trace.kind[n]) {
    case KIND.WRITE:
        return classOfLeaf(trace, n, trace.level[n]);
    case KIND.TRANSFER:
        return classOfTransfer(trace, n);
    case KIND.CR:
        return classOfControl(trace, n);
    case KIND.EXCEPTION:
        return trace.what[n] === PAGE_FAULT ? CLASS.FAULT : CLASS.EXCEPTION;
    default:
        return PLAIN[trace.kind[n]] || CLASS.HIDDEN;
    }
}

/** The class of each event, and how many that are not hidden came before it. */
export function classify(trace) {
    const cls = new Uint8Array(trace.count), ordinal = new Uint32Array(trace.count + 1);
    for (let n = 0; n < trace.count; n++) {
        cls[n] = n < trace.first ? CLASS.HIDDEN : classOf(trace, n);
        ordinal[n + 1] = ordinal[n] + (cls[n] === CLASS.HIDDEN ? 0 : 1);
    }
    trace.cls = cls;
    trace.ordinal = ordinal;
}

/**
 * The position just after the next event of a step's classes, counted from a position; back: the
 * one before. The position itself if there is none.
 */
export function stepFrom(trace, position, key, direction) {
    if (key === 'finding')
        return stepToFinding(trace, position, direction);
    const wanted = new Uint8Array(32);
    for (const cls of STEPS.find(([k]) => k === key)[2])
        wanted[cls] = 1;
    for (let n = direction > 0 ? position : position - 2; n >= trace.first && n < trace.count; n += direction)
        if (wanted[trace.cls[n]])
            return n + 1;
    return position;
}

function stepToFinding(trace, position, direction) {
    const places = trace.findings.map((f) => f.position).filter((p) => p >= 0);
    const ahead = places.filter((p) => (p - position) * direction > 0);
    if (ahead.length === 0)
        return position;
    return direction > 0 ? Math.min(...ahead) : Math.max(...ahead);
}
