// What an event is, in a sentence, for someone who has just heard of page tables.

import { ENTRY, ENTRY_NAME, LEVEL_NAME, SOFT, bytesText, entryAddress, groupDigits, hex, hexAddress,
    isLeaf, levelBytes, small } from './bits.js';
import { END_TEXT, KIND, PAGE_FAULT, TRANSFER, TRANSFER_NAME, vectorName } from './kinds.js';
import { CLASS } from './moments.js';
import { syscallEnded, syscallName, taskName } from './tasks.js';

function functionAt(trace, at) {
    const place = trace.places.get(at);
    return place ? place.name + (place.plus ? `+0x${place.plus.toString(16)}` : '') : hexAddress(at);
}

function pageOf(address) {
    return hexAddress(address - (address % 4096));
}

/** "the code", "the stack": where an address of a space is, if that is known. */
function regionText(trace, n, address) {
    const regions = trace.regions[trace.space[n] - 1] || [];
    const found = regions.find((r) => address >= r.from * 4096 && address < r.to * 4096);
    return found ? ` (${found.name})` : '';
}

function explainFault(trace, n) {
    const off = trace.off[n], error = trace.lo[off], at = trace.value(n, 1);
    const user = error & 4, verb = error & 16 ? 'fetch an instruction from'
        : error & 2 ? 'write to' : 'read from';
    const why = error & 8 ? 'an entry has a reserved bit set'
        : error & 1 ? (error & 2 ? 'the page is there, but its entry does not let it be written'
            : error & 16 ? 'the page is there, but its entry forbids execution (NX)'
                : 'the page is there, but its entry does not let ring 3 use it')
            : 'no entry maps that page now';
    const task = taskName(trace, n);
    const who = user ? task : task === 'kernel' ? 'the kernel' : `the kernel, for ${task},`;
    return `Page fault: ${who} tried to ${verb} ${hexAddress(at)}${regionText(trace, n, at)}, and ${why}.`
        + ` The CPU puts the address into CR2 and enters the kernel.`;
}

function explainException(trace, n) {
    if (trace.what[n] === PAGE_FAULT)
        return explainFault(trace, n);
    const who = trace.ring[n] === 3 ? taskName(trace, n) : 'the kernel';
    return `Exception ${vectorName(trace.what[n])} in ${who}: the CPU could not complete the `
        + 'instruction, and enters the kernel by the gate for it.';
}

function argument(trace, call, i) {
    const off = trace.off[call] + i;
    const value = small(trace.lo[off], trace.hi[off]);
    return value !== null && Math.abs(value) < 65536 ? `${value}` : hex(trace.lo[off], trace.hi[off]);
}

const ERRORS = { 1: 'EPERM', 2: 'ENOENT', 3: 'ESRCH', 4: 'EINTR', 7: 'E2BIG', 8: 'ENOEXEC', 9: 'EBADF', 10: 'ECHILD',
    11: 'EAGAIN', 12: 'ENOMEM', 13: 'EACCES', 14: 'EFAULT', 17: 'EEXIST', 19: 'ENODEV', 20: 'ENOTDIR', 21: 'EISDIR',
    22: 'EINVAL', 24: 'EMFILE', 25: 'ENOTTY', 29: 'ESPIPE', 32: 'EPIPE', 34: 'ERANGE', 36: 'ENAMETOOLONG', 38: 'ENOSYS' };

/** What a function returned; small negative numbers are errors. */
function resultText(trace, n) {
    const value = small(trace.lo[trace.off[n]], trace.hi[trace.off[n]]);
    const error = value !== null && value < 0 && ERRORS[-value];
    return argument(trace, n, 0) + (error ? ` (${error})` : '');
}

function explainSyscall(trace, n) {
    if (trace.what[n] === TRANSFER.INT)
        return `${taskName(trace, n)} executes INT and enters the kernel.`;
    const found = syscallName(trace, n);
    return `System call${found ? ` ${found.name}` : ''}: ${taskName(trace, n)} executes SYSCALL, which`
        + ' takes it from ring 3 to ring 0, to the kernel\'s entry.';
}

function explainTransfer(trace, n) {
    if (trace.cls[n] === CLASS.SYSCALL)
        return explainSyscall(trace, n);
    const to = trace.value(n, 1), name = TRANSFER_NAME[trace.what[n]] || 'a transfer';
    const ended = trace.cls[n] === CLASS.USER && syscallEnded(trace, n);
    if (ended)
        return `${ended.name} is done and gives ${resultText(trace, ended.event)}: the kernel goes back to `
            + `ring 3 by ${name}, and ${taskName(trace, n)} runs on at ${functionAt(trace, to)}.`;
    if (trace.cls[n] === CLASS.USER)
        return `The kernel goes back to ring 3 by ${name}: ${taskName(trace, n)} runs on at `
            + `${functionAt(trace, to)}.`;
    return `The CPU goes by ${name} to ${functionAt(trace, to)}.`;
}

const CONTROL_BITS = {
    0: { 0: 'PE', 1: 'MP', 2: 'EM', 3: 'TS', 4: 'ET', 5: 'NE', 16: 'WP', 18: 'AM', 29: 'NW', 30: 'CD', 31: 'PG' },
    4: { 4: 'PSE', 5: 'PAE', 6: 'MCE', 7: 'PGE', 9: 'OSFXSR', 10: 'OSXMMEXCPT', 11: 'UMIP', 16: 'FSGSBASE',
        17: 'PCIDE', 18: 'OSXSAVE', 20: 'SMEP', 21: 'SMAP' },
};

/** ", which sets PE and PG": the bits that a write of CR0 or CR4 turns on and off. */
function changedBits(which, is, was) {
    const names = CONTROL_BITS[which] || {};
    const list = (bits) => Object.keys(names).filter((i) => bits >>> i & 1).map((i) => names[i]).join(', ');
    const on = list(is & ~was), off = list(was & ~is);
    return (on ? `, which sets ${on}` : '') + (off ? `${on ? ' and' : ', which'} clears ${off}` : '');
}

const MSRS = { 0xc0000080: 'EFER', 0xc0000081: 'STAR', 0xc0000082: 'LSTAR', 0xc0000083: 'CSTAR', 0xc0000084: 'FMASK',
    0xc0000100: 'FS_BASE', 0xc0000101: 'GS_BASE', 0xc0000102: 'KERNEL_GS_BASE' };

function explainMsr(trace, n) {
    const number = trace.what[n], off = trace.off[n];
    return `The kernel writes ${hex(trace.lo[off], trace.hi[off])} to the model-specific register `
        + `${MSRS[number] || `0x${number.toString(16)}`}.`;
}

function explainControl(trace, n) {
    const off = trace.off[n], is = hex(trace.lo[off], trace.hi[off]);
    if (trace.what[n] !== 3)
        return trace.cls[n] === CLASS.FLUSH
            ? `CR4.PGE is switched, which flushes the whole TLB, global entries too (CR4 = ${is}).`
            : `CR${trace.what[n]} becomes ${is}${changedBits(trace.what[n], trace.lo[off], trace.lo[off + 1])}.`;
    if (trace.cls[n] === CLASS.FLUSH)
        return 'CR3 is loaded with the value it had, which flushes the TLB: translations that the '
            + 'CPU remembers for this address space are forgotten.';
    return `Switch to the address space of ${taskName(trace, n)}: CR3 = ${is}. From here on every `
        + 'address goes through other tables.';
}

/** "frame 0x1000, read-only" */
function pageText(lo, hi, level) {
    const frame = entryAddress(lo, hi);
    const size = level > 1 ? `${bytesText(levelBytes(level))} page at` : 'frame';
    return `${size} ${hexAddress(frame - (frame % levelBytes(level)))}`;
}

function explainPage(trace, n) {
    const off = trace.off[n], level = trace.level[n], va = trace.value(n, 3);
    const was = [trace.lo[off + 1], trace.hi[off + 1], level];
    const is = [trace.lo[off + 2], trace.hi[off + 2], level];
    const rights = `${is[0] & ENTRY.W ? 'writable' : 'read-only'}`
        + `${is[1] & ENTRY.NX ? '' : ' and executable'}`;
    const page = `page ${pageOf(va)}${regionText(trace, n, va)}`;
    switch (trace.cls[n]) {
    case CLASS.MAP:
        return `The kernel maps ${page} to ${pageText(...is)}, ${rights}`
            + `${is[0] & SOFT.SHARED ? ', shared' : ''}.`;
    case CLASS.UNMAP:
        return `The kernel unmaps ${page}; it was ${pageText(...was)}.`;
    case CLASS.COPY:
        return was[0] & ENTRY.W || !(is[0] & ENTRY.W)
            ? `The kernel gives ${page} another frame: ${pageText(...was)} becomes ${pageText(...is)}.`
            : `Copy on write: ${page} gets a frame of its own, ${pageText(...is)}, and is writable;`
                + ` it shared ${pageText(...was)} before.`;
    case CLASS.TAKEOVER:
        return `The kernel makes ${page} writable in place: nobody shares ${pageText(...is)} any more,`
            + ' so nothing has to be copied.';
    default:
        return `The kernel makes ${page} read-only: ${pageText(...is)}`
            + (is[0] & SOFT.COW ? ' is from now on shared copy-on-write.' : '.');
    }
}

/** What an entry says, for a store that does not concern a program's page. */
function entryText(lo, hi, level) {
    if (!(lo & ENTRY.P))
        return lo || hi ? 'not present' : 'empty';
    return isLeaf(level, lo) ? pageText(lo, hi, level)
        : `${LEVEL_NAME[level - 1] || 'table'} ${hexAddress(entryAddress(lo, hi))}`;
}

function explainStore(trace, n) {
    if (trace.cls[n] !== CLASS.STORE)
        return explainPage(trace, n);
    const off = trace.off[n], level = trace.level[n], va = trace.value(n, 3);
    return `Store into a page table: the ${ENTRY_NAME[level]} for ${hexAddress(va)} was `
        + `${entryText(trace.lo[off + 1], trace.hi[off + 1], level)} and becomes `
        + `${entryText(trace.lo[off + 2], trace.hi[off + 2], level)}.`;
}

function explainMark(trace, n) {
    const off = trace.off[n], set = (trace.lo[off + 1] ^ trace.lo[off + 2]) & 0x60;
    const what = set === 0x60 ? 'accessed and dirty' : set === 0x40 ? 'dirty' : 'accessed';
    return `The CPU itself marks the ${ENTRY_NAME[trace.level[n]]} for ${hexAddress(trace.value(n, 3))} as ${what}.`;
}

function explainTable(trace, n) {
    const level = trace.level[n], name = LEVEL_NAME[level], at = hexAddress(trace.value(n, 0));
    return trace.kind[n] === KIND.TABLE
        ? `Frame ${at} is a page table now: a ${name}, for addresses from ${hexAddress(trace.value(n, 1))}.`
        : `Frame ${at} is no ${name} any more.`;
}

function explainStale(trace, n) {
    const va = trace.value(n, 0), frame = hexAddress(trace.value(n, 1));
    return trace.kind[n] === KIND.STALE_CPU
        ? `Stale translation used: the CPU reached ${hexAddress(va)} through ${frame}, which the page `
            + 'tables no longer say. A flush is missing.'
        : `A TLB that forgets nothing would here still reach ${hexAddress(va)} through ${frame}, which the `
            + 'page tables no longer say. A flush is missing.';
}

const WINDOW_TEXT = ['', 'the kernel goes back to ring 3', 'the old frame gets another use',
    'a table is dropped'];

function explainWindow(trace, n) {
    return `The entry for ${hexAddress(trace.value(n, 0))} lost rights or moved and was not flushed `
        + `before ${WINDOW_TEXT[trace.what[n]] || 'it mattered'}: an old translation may still be used.`;
}

function explainCall(trace, n) {
    const name = trace.calls[trace.what[n]] || functionAt(trace, trace.rip[n]);
    const count = /^as_handle_fault/.test(name) ? 3 : 4;
    const list = Array.from({ length: count }, (_, i) => argument(trace, n, i)).join(', ');
    return `The kernel calls ${name}(${list}, …).`;
}

function explainReturn(trace, n) {
    const name = trace.calls[trace.what[n]] || functionAt(trace, trace.rip[n]);
    return `${name} returns ${resultText(trace, n)}.`;
}

function explainUserState(trace, n) {
    return `Ring 3's registers as ${trace.what[n] === 1 ? 'the kernel is entered' : 'the program goes on'}.`;
}

function explainWitness(trace, n) {
    const doubt = trace.what[n] ? ' It is not genuine: the call did not come from the program\'s own code.' : '';
    return trace.kind[n] === KIND.CHALLENGE
        ? `The test program asks for challenge ${trace.lo[trace.off[n]]}.${doubt}`
        : `The test program reports step ${trace.lo[trace.off[n]]} to the grader.${doubt}`;
}

const EXPLAIN = {
    [KIND.START]: () => 'Recording begins: the kernel\'s first instruction.',
    [KIND.END]: (t, n) => `The recording ends: ${END_TEXT[t.what[n]] || 'for a reason not known'}.`,
    [KIND.CR]: explainControl,
    [KIND.INVLPG]: (t, n) => `INVLPG: the CPU forgets the translation of the page ${pageOf(t.value(n, 0))}.`,
    [KIND.INVPCID]: () => 'INVPCID: the CPU forgets translations.',
    [KIND.WRMSR]: explainMsr,
    [KIND.EXCEPTION]: explainException,
    [KIND.INTERRUPT]: (t, n) => `Interrupt 0x${t.what[n].toString(16)}${t.what[n] === 32 ? ', the timer,' : ''} `
        + `while ${taskName(t, n)} ran in ring ${t.ring[n]}: the CPU enters the kernel.`,
    [KIND.TRANSFER]: explainTransfer,
    [KIND.CALL]: explainCall,
    [KIND.RETURN]: explainReturn,
    [KIND.TABLE]: explainTable,
    [KIND.TABLE_GONE]: explainTable,
    [KIND.SEEN]: (t, n) => `The table comes with an entry for ${hexAddress(t.value(n, 2))}: `
        + `${entryText(t.lo[t.off[n] + 1], t.hi[t.off[n] + 1], t.level[n])}.`,
    [KIND.WRITE]: explainStore,
    [KIND.MARK]: explainMark,
    [KIND.STALE_CPU]: explainStale,
    [KIND.STALE_IDEAL]: explainStale,
    [KIND.WINDOW]: explainWindow,
    [KIND.OUT]: (t, n) => `OUT: ${hex(t.lo[t.off[n]], 0)} to port 0x${t.what[n].toString(16)}.`,
    [KIND.HALT]: () => 'HLT: nothing is to be done; the CPU waits for an interrupt.',
    [KIND.RESET]: () => 'The machine is reset.',
    [KIND.SAMPLE]: (t, n) => `The CPU was at ${functionAt(t, t.value(n, 0))} when the run was ended.`,
    [KIND.BRANCH]: (t, n) => `One of the last branches: to ${functionAt(t, t.value(n, 1))}.`,
    [KIND.OUT_VALUE]: (t, n) => `The function left ${argument(t, n, 0)} where its argument pointed to.`,
    [KIND.CHALLENGE]: explainWitness,
    [KIND.WITNESS]: explainWitness,
    [KIND.USER_STATE]: explainUserState,
};

/** The event in a sentence. */
export function explain(trace, n) {
    if (n < trace.first)
        return trace.snapshot ? 'The page begins in the middle of the recording.' : 'Nothing has happened yet.';
    const text = EXPLAIN[trace.kind[n]];
    return text ? text(trace, n) : `An event of kind ${trace.kind[n]}.`;
}

/** Where: {name, line, code} as texts; empty where nothing is known. */
export function placeText(trace, n) {
    const place = trace.place(n);
    if (!place)
        return { name: '', line: '', code: '' };
    return { name: place.name + (place.plus ? `+0x${place.plus.toString(16)}` : ''), line: place.line,
        code: place.code };
}

export function tickText(tick) {
    return groupDigits(tick);
}
