// What the page does with a trace before it draws, for a trace that means nothing: it neither
// throws nor loops, and has a sentence for each event.
//
//     node hostile.mjs PAGE.html

import assert from 'node:assert';
import { readFileSync } from 'node:fs';

import { unpackTrace } from '../../tools/view/page/data.js';
import { explain } from '../../tools/view/page/explain.js';
import { frameHistory, mappersOf } from '../../tools/view/page/history.js';
import { layOut } from '../../tools/view/page/layout.js';
import { classify } from '../../tools/view/page/moments.js';
import { Picture, frameSentence } from '../../tools/view/page/picture.js';
import { Scale } from '../../tools/view/page/scale.js';
import { findEvents } from '../../tools/view/page/search.js';
import { findLanes } from '../../tools/view/page/tasks.js';

const page = readFileSync(process.argv[2], 'utf8');
const trace = await unpackTrace(/<script type="text\/plain" class="trace">([^<]*)</.exec(page)[1]);
classify(trace);
findLanes(trace);
const machine = layOut(trace), picture = new Picture(trace, machine), scale = new Scale(trace);

for (let n = trace.first; n < trace.count; n++)
    assert.doesNotMatch(explain(trace, n), /undefined|NaN|\[object/, `event ${n}`);
for (let i = 0; i <= 50; i++) {
    machine.seek(Math.floor(trace.count * i / 50));
    picture.update();
    for (let cell = 0; cell < picture.refs.length; cell += 7)
        assert(picture.look(cell) >= 0 && frameSentence(picture, cell));
    machine.walk(machine.cr3, i * 0x7fff1234567);
}
for (const frame of [...trace.frames].slice(0, 20)) {
    frameHistory(trace, frame);
    mappersOf(machine, frame);
}
assert(scale.position(scale.end) === trace.count);
for (const query of ['0x1000', 'page fault', 'pid 2 switch'])
    findEvents(trace, query);
