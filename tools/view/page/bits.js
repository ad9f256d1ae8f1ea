// Numbers of 64 bits. Addresses are kept as doubles of 48 bits, which lose nothing: the upper 16
// bits of a canonical address repeat bit 47. Entries stay two halves of 32 bits.

export const ENTRY = {
    P: 1, W: 2, U: 4, PWT: 8, PCD: 16, A: 32, D: 64, PS: 128, G: 256, NX: 0x80000000,
};

/** Bits that the CPU ignores; what Quire's kernel means by them (src/arch/paging.h). */
export const SOFT = { COW: 0x200, KEPT: 0x400, SHARED: 0x800 };

const HALF = 0x100000000;

/** The 48-bit address in two halves. */
export function address(lo, hi) {
    return (hi & 0xffff) * HALF + lo;
}

/** "0xffff800000001000" */
export function hexAddress(a) {
    const text = a.toString(16);
    return '0x' + (a >= 0x800000000000 ? 'ffff' + text.padStart(12, '0') : text);
}

/** "0x1234" for two halves. */
export function hex(lo, hi) {
    return '0x' + (hi ? hi.toString(16) + lo.toString(16).padStart(8, '0') : lo.toString(16));
}

/** An address as people type it; NaN if it is none. */
export function parseAddress(text) {
    const plain = text.trim().replace(/[_'`]/g, '');
    if (!/^(0x[0-9a-f]{1,16}|[0-9]{1,19})$/i.test(plain))
        return NaN;
    return Number(BigInt(plain) & 0xffffffffffffn);
}

/** The frame or table that an entry points to. */
export function entryAddress(lo, hi) {
    return (hi & 0xfffff) * HALF + ((lo & 0xfffff000) >>> 0);
}

/** Signed value of a 64-bit number where it is small, else null. */
export function small(lo, hi) {
    if (hi === 0)
        return lo;
    return hi === 0xffffffff && lo >= 0x80000000 ? lo - HALF : null;
}

/** Does an entry of this level map a page, rather than lead to a table? */
export function isLeaf(level, lo) {
    return level === 1 || ((lo & ENTRY.PS) !== 0 && level < 4);
}

export const LEVEL_NAME = ['', 'PT', 'PD', 'PDPT', 'PML4'];
export const ENTRY_NAME = ['', 'PTE', 'PDE', 'PDPTE', 'PML4E'];

/** Bytes that an entry of this level maps. */
export function levelBytes(level) {
    return 2 ** (3 + 9 * level);
}

export function bytesText(bytes) {
    for (const [unit, name] of [[2 ** 40, 'TiB'], [2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [1024, 'KiB']])
        if (bytes >= unit)
            return `${+(bytes / unit).toFixed(1)} ${name}`;
    return `${bytes} bytes`;
}

/** The bits of an entry as [name, meaning], for those that are set. */
export function entryBits(level, lo, hi) {
    const leaf = isLeaf(level, lo);
    const all = [
        [ENTRY.P, 'P', 'present'],
        [ENTRY.W, 'W', 'writable'],
        [ENTRY.U, 'U', 'user: ring 3 may use it'],
        [ENTRY.PWT, 'PWT', 'write-through'],
        [ENTRY.PCD, 'PCD', 'not cached'],
        [ENTRY.A, 'A', 'accessed: the CPU walked through it'],
        leaf ? [ENTRY.D, 'D', 'dirty: the page was written'] : [0, '', ''],
        level > 1 ? [ENTRY.PS, 'PS', `maps a page of ${bytesText(levelBytes(level))}`]
            : [ENTRY.PS, 'PAT', 'memory type'],
        [ENTRY.G, 'G', 'global: survives a load of CR3'],
        [SOFT.COW, 'COW', 'bit 9, for software: Quire marks copy-on-write by it'],
        [SOFT.KEPT, 'KEPT', 'bit 10, for software: Quire keeps the frame of a page without rights'],
        [SOFT.SHARED, 'SHARED', 'bit 11, for software: Quire marks shared memory by it'],
    ];
    const set = all.filter(([mask]) => (lo & mask) !== 0).map(([, name, text]) => [name, text]);
    if (hi & 0x7ff00000)
        set.push(['bits 52-62', 'for software']);
    if (hi & ENTRY.NX)
        set.push(['NX', 'no instruction may be fetched from it']);
    return set;
}

/** "r-x", "rw-": what ring 3 may do. */
export function rightsText(lo, hi) {
    return 'r' + (lo & ENTRY.W ? 'w' : '-') + (hi & ENTRY.NX ? '-' : 'x');
}

export function groupDigits(n) {
    return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}
