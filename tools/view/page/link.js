// A link to any instant: what we look at stands behind the # of the page's address.
//
//     #t=1478481.2&space=5&va=0x408730&frame=0xffee000&tab=walk
//
// t is a tick, and which of the events at that tick is the last one that has happened. In a page
// of two traces the second one's keys begin with b.

import { hexAddress, parseAddress } from './bits.js';
import { positionOfTick } from './data.js';

function writeInstant(trace, position) {
    const n = position - 1;
    if (n < trace.first)
        return '0';
    let first = n;
    while (first > trace.first && trace.tick[first - 1] === trace.tick[n])
        first--;
    const last = n + 1 === trace.count || trace.tick[n + 1] !== trace.tick[n];
    return last ? `${trace.tick[n]}` : `${trace.tick[n]}.${n - first + 1}`;
}

function readInstant(trace, text) {
    const [tick, which] = text.split('.'), last = positionOfTick(trace, Number(tick));
    if (!which || last === 0)
        return last;
    return Math.min(last, positionOfTick(trace, Number(tick) - 1) + Number(which));
}

/** "t=...&va=..." for a pane. */
function writePane(pane, prefix) {
    const { view, trace } = pane, parts = [`${prefix}t=${writeInstant(trace, view.position)}`];
    if (view.space)
        parts.push(`${prefix}space=${view.space}`);
    if (view.va >= 0)
        parts.push(`${prefix}va=${hexAddress(view.va)}`);
    if (view.frame >= 0)
        parts.push(`${prefix}frame=${hexAddress(view.frame * 4096)}`);
    if (view.tab !== 'events')
        parts.push(`${prefix}tab=${view.tab}`);
    return parts.join('&');
}

function readPane(pane, parameters, prefix) {
    const get = (key) => parameters.get(prefix + key), change = {};
    const instant = get('t');
    if (instant && Number.isFinite(parseFloat(instant)))
        change.position = readInstant(pane.trace, instant);
    if (/^\d+$/.test(get('space') || ''))
        change.space = Number(get('space'));
    if (get('va'))
        change.va = parseAddress(get('va'));
    if (get('frame'))
        change.frame = Math.floor(parseAddress(get('frame')) / 4096);
    if (get('tab') && pane.tabs.has(get('tab')))
        change.tab = get('tab');
    for (const key of ['va', 'frame'])
        if (Number.isNaN(change[key]))
            delete change[key];
    if (Object.keys(change).length)
        pane.set(change);
}

/** Keeps the page's address and the panes the same. */
export class Link {
    constructor(panes) {
        this.panes = panes;
        this.read();
        for (const pane of panes)
            pane.listeners.push(() => this.later());
        window.addEventListener('hashchange', () => {
            if (location.hash.slice(1) !== this.text)
                this.read();
        });
    }

    read() {
        const parameters = new URLSearchParams(location.hash.slice(1));
        this.panes.forEach((pane, i) => readPane(pane, parameters, i ? 'b' : ''));
    }

    write() {
        this.text = this.panes.map((pane, i) => writePane(pane, i ? 'b' : '')).join('&');
        history.replaceState(null, '', `#${this.text}`);
    }

    /** Not at every step: browsers refuse too many changes of the address. */
    later() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.write(), 200);
    }

    /** The link as text, and on the clipboard where the browser lets us. */
    async copy(input) {
        this.write();
        input.value = location.href;
        input.hidden = false;
        input.select();
        try {
            await navigator.clipboard.writeText(location.href);
        } catch {
            document.execCommand('copy');
        }
    }
}
