// The page's replay against the reader's: at random ticks the walks of random addresses, entry by
// entry, and who wrote each entry last. And what was unpacked against what the trace holds.
//
//     node replay.mjs QUIRE-TRACE TRACE PAGE.html

import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { ENTRY, hex, hexAddress, isLeaf } from '../../tools/view/page/bits.js';
import { positionOfTick, unpackTrace } from '../../tools/view/page/data.js';
import { lastWriter } from '../../tools/view/page/history.js';
import { addressOf, layOut } from '../../tools/view/page/layout.js';
import { Machine } from '../../tools/view/page/machine.js';
import { KIND } from '../../tools/view/page/kinds.js';
import { classify } from '../../tools/view/page/moments.js';
import { Picture } from '../../tools/view/page/picture.js';
import { findLanes } from '../../tools/view/page/tasks.js';

const [tool, file, page] = process.argv.slice(2);
const WALKS = 60;

let seed = 12345;
function random(below) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor(seed / 2147483648 * below);
}

function run(...args) {
    return execFileSync(tool, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

const block = /<script type="text\/plain" class="trace">([^<]*)</.exec(readFileSync(page, 'utf8'))[1];
const trace = await unpackTrace(block);
classify(trace);
findLanes(trace);
const machine = layOut(trace);

/** Every kind of event as often as ./quire trace stat counts it, but for text ports. */
function checkCounts() {
    const text = run('stat', file), counted = {};
    for (let n = 0; n < trace.count; n++)
        counted[trace.kind[n]] = (counted[trace.kind[n]] || 0) + 1;
    for (const [name, kind] of [['entry-seen', KIND.SEEN], ['entry-write', KIND.WRITE], ['entry-ad', KIND.MARK],
        ['table', KIND.TABLE], ['exception', KIND.EXCEPTION], ['transfer', KIND.TRANSFER], ['call', KIND.CALL],
        ['invlpg', KIND.INVLPG], ['cr', KIND.CR]]) {
        const found = new RegExp(`^ +(\\d+)  ${name}$`, 'm').exec(text);
        assert.strictEqual(counted[kind] || 0, found ? Number(found[1]) : 0, `events of kind ${name}`);
    }
}

/** A tick, and an address that an event somewhere is about, or one near it. */
function choose() {
    for (;;) {
        const va = addressOf(trace, random(trace.count));
        if (va >= 0)
            return { tick: trace.tick[trace.first + random(trace.count - trace.first)] + 1 + random(2), va: Math.max(0, va + random(3) * 4096 - 4096) };
    }
}

function checkWalk({ tick, va }) {
    const text = run('walk', '--tick', `${tick}`, file, hexAddress(va));
    const position = positionOfTick(trace, tick - 1), where = `${hexAddress(va)} at tick ${tick}`;
    machine.seek(position);
    assert(text.includes(`from CR3 ${hexAddress(machine.cr3)} `), `CR3 for ${where}: ${text}`);
    // The page keeps tables that the recorder lost sight of; there it knows more.
    const lost = text.search(/\n +0x[0-9a-f]+ is no live table/);
    const theirs = [...(lost < 0 ? text : text.slice(0, text.lastIndexOf('\n', lost - 1) + 1)).matchAll(/^ +PM?[A-Z0-9]+ +(\d+) +at (0x[0-9a-f]+): (0x[0-9a-f]+|empty)/gm)];
    const all = machine.walk(machine.cr3, va), ours = lost < 0 ? all : all.slice(0, theirs.length);
    assert.strictEqual(ours.length, theirs.length, `levels of ${where}: ${text}`);
    ours.forEach((step, i) => {
        const value = step.lo || step.hi ? hex(step.lo, step.hi) : 'empty';
        assert.deepStrictEqual([`${step.index}`, hexAddress(step.phys), value], theirs[i].slice(1, 4), where);
    });
    const writers = [...text.matchAll(/(?:written at|came into use, at) tick (\d+)/g)].map((m) => Number(m[1]));
    const known = ours.filter((step) => step.table);
    if (lost >= 0 || trace.snapshot) // a page of a part does not know who wrote before
        return;
    assert.deepStrictEqual(known.map((step) => trace.tick[lastWriter(trace, position, step.phys)]), writers, where);
}

/** Going anywhere gives what going there from the start gives. */
function checkSeeks() {
    for (let i = 0; i < 40; i++) {
        const position = random(trace.count + 1), straight = new Machine(trace);
        straight.seek(position);
        machine.seek(position);
        assert.strictEqual(machine.cr3, straight.cr3);
        assert.deepStrictEqual([...machine.tables.keys()].sort(), [...straight.tables.keys()].sort());
        for (const [phys, table] of straight.tables) {
            assert.deepStrictEqual(machine.tables.get(phys).lo, table.lo);
            assert.deepStrictEqual(machine.tables.get(phys).hi, table.hi);
        }
    }
}

/** A frame's references are the user leaves below the roots of living spaces, each table once. */
function checkPicture() {
    const picture = new Picture(trace, machine);
    let shared = 0;
    for (let i = 0; i < 40; i++) {
        machine.seek(random(trace.count + 1));
        picture.update();
        const refs = new Map(), seen = new Set();
        const count = (table, va, from, to) => {
            for (let at = from; at < to; at++) {
                const lo = table.lo[at], phys = Number((BigInt(table.hi[at] & 0xfffff) << 32n) | BigInt(lo & ~0xfff) & 0xffffffffn);
                if (!(lo & ENTRY.P))
                    continue;
                const first = va + at * 2 ** (3 + 9 * table.level);
                const below = isLeaf(table.level, lo) ? null : machine.find(phys, table.level - 1, first);
                if (below && !seen.has(phys)) {
                    seen.add(phys);
                    count(below, first, 0, 512);
                } else if (isLeaf(table.level, lo) && lo & ENTRY.U && table.level === 1) {
                    refs.set(phys / 4096, (refs.get(phys / 4096) || 0) + 1);
                }
            }
        };
        for (const space of trace.spaces)
            if (space.user && trace.spaceAt(space.root, machine.position) === space.number)
                count(machine.tables.get(space.root), 0, 0, 256);
        for (const [frame, n] of refs) {
            assert.strictEqual(picture.refs[picture.cell(frame)], n, `references of frame ${frame}`);
            shared += n > 1 ? 1 : 0;
        }
    }
    assert(shared > 0, 'no shared frame was seen: this trace tests nothing');
}

if (!trace.snapshot)
    checkCounts();
for (let i = 0; i < WALKS; i++)
    checkWalk(choose());
checkSeeks();
checkPicture();
console.log(`${trace.count} events, ${WALKS} walks, seeks and references agree`);
