// Lanes: who ran when. A lane is a process (over all its address spaces) or a space without one.

import { KIND, TRANSFER } from './kinds.js';

export const MODE = { KERNEL: 0, USER: 1, IDLE: 2 };

/** "cow" of "/tmp/cow a b". */
function programName(trace) {
    const command = trace.parameters.command || '';
    return command.split(' ')[0].split('/').pop();
}

function laneKey(space) {
    return space && space.pid ? `pid ${space.pid}` : space ? space.name : '-';
}

/** Child: parent, by pid, from what the calls that make processes returned. */
function findParents(trace) {
    const parents = new Map(), forks = new Set();
    trace.calls.forEach((name, i) => {
        if (/^sys_(fork|vfork|clone)$/.test(name))
            forks.add(i);
    });
    for (let n = trace.first; n < trace.count; n++) {
        if (trace.kind[n] !== KIND.RETURN || !forks.has(trace.what[n]))
            continue;
        const child = trace.lo[trace.off[n]], space = trace.spaces[trace.space[n] - 1];
        if (trace.hi[trace.off[n]] === 0 && child > 1 && space && space.pid && !parents.has(child))
            parents.set(child, space.pid);
    }
    return parents;
}

const NOTES = { kernel: 'kernel tasks', boot: 'first page tables' };

function laneText(trace, space, parents, firstPid) {
    if (!space)
        return { name: 'not known', note: '' };
    if (!space.pid)
        return { name: space.name, note: NOTES[space.name] || (space.user ? '' : 'no program ran in it') };
    if (space.pid === firstPid)
        return { name: `pid ${space.pid}`, note: programName(trace) };
    const parent = parents.get(space.pid);
    return { name: `pid ${space.pid}`, note: parent ? `child of ${parent}` : '' };
}

/** Adds trace.lanes, trace.lane (of each event), and space.lane. */
export function findLanes(trace) {
    const byKey = new Map(), parents = findParents(trace);
    const firstPid = Math.min(...trace.spaces.filter((s) => s.pid > 1).map((s) => s.pid));
    trace.lanes = [];
    const laneOf = (space) => {
        const key = laneKey(space);
        if (!byKey.has(key)) {
            const lane = { number: trace.lanes.length, user: Boolean(space && space.user), spaces: [],
                pid: space ? space.pid : 0, ...laneText(trace, space, parents, firstPid), segments: [] };
            byKey.set(key, lane);
            trace.lanes.push(lane);
        }
        const lane = byKey.get(key);
        if (space)
            lane.spaces.push(space);
        return lane;
    };
    for (const space of trace.spaces)
        space.lane = laneOf(space);
    cutSegments(trace, () => laneOf(null));
    colourLanes(trace);
}

/** Processes get colours in turn; the kernel's lanes have their own. */
function colourLanes(trace) {
    let next = 0;
    for (const lane of trace.lanes)
        lane.colour = lane.user ? next++ % 6 : -1;
}

/** Segments {from, to, mode} in events: the machine was so from event `from` until event `to`. */
function cutSegments(trace, unknown) {
    let open = null, idle = false;
    for (let n = trace.first + 1; n < trace.count; n++) {
        const space = trace.spaces[trace.space[n - 1] - 1];
        idle = trace.kind[n - 1] === KIND.HALT;
        const mode = idle ? MODE.IDLE : trace.ring[n] === 3 ? MODE.USER : MODE.KERNEL;
        const lane = space ? space.lane : unknown();
        if (open && open.lane === lane && open.mode === mode) {
            open.to = n;
            continue;
        }
        open = { lane, from: n - 1, to: n, mode };
        lane.segments.push(open);
    }
}

/** The name of the task in which an event happened. */
export function taskName(trace, n) {
    const space = trace.spaces[trace.space[n] - 1];
    return space ? space.name : 'the CPU';
}

/** The system call that a SYSCALL event became: the call that follows it; or null. */
export function syscallName(trace, n) {
    for (let i = n + 1; i < Math.min(n + 12, trace.count); i++) {
        if (trace.kind[i] === KIND.CALL && /^sys_/.test(trace.calls[trace.what[i]] || ''))
            return { name: trace.calls[trace.what[i]].slice(4), call: i };
        if (trace.kind[i] === KIND.TRANSFER && trace.what[i] !== TRANSFER.INT)
            break;
    }
    return null;
}

/** The system call that a return to ring 3 ends: its name and the event of its return; or null. */
export function syscallEnded(trace, n) {
    for (let i = n - 1; i >= Math.max(trace.first, n - 12); i--) {
        if (trace.kind[i] === KIND.RETURN && /^sys_/.test(trace.calls[trace.what[i]] || ''))
            return { name: trace.calls[trace.what[i]].slice(4), event: i };
        if (trace.kind[i] === KIND.TRANSFER || trace.kind[i] === KIND.EXCEPTION
            || trace.kind[i] === KIND.INTERRUPT)
            break;
    }
    return null;
}
