// Panels that report: what the grader found, what the guest said, what was recorded.

import { groupDigits } from './bits.js';
import { el, jump } from './dom.js';

/** What the grader found on this machine. */
export class FindingsView {
    constructor(pane) {
        this.pane = pane;
        this.node = el('div', 'panel findings', pane.trace.findings.length === 0
            ? [el('p', 'note', 'No findings: make the page with --result FILE to mark what ./quire grade found.')]
            : pane.trace.findings.map((f) => this.item(f)));
    }

    item(finding) {
        const { pane } = this;
        return el('article', 'finding', [
            el('h3', '', finding.title || finding.id),
            el('p', '', finding.message || ''),
            finding.position >= 0 ? el('p', '', [jump(`go to tick ${groupDigits(finding.tick)}`,
                () => pane.seek(finding.position)), finding.where ? ` (${finding.function || ''} ${finding.where})` : '']) : null,
            finding.hint ? el('p', 'note', `Hint: ${finding.hint}`) : null,
        ]);
    }

    render() {
    }
}

/** What program and kernel had written by now; what comes later is dim. */
export class OutputView {
    constructor(pane) {
        this.pane = pane;
        this.parts = pane.trace.output.map(([event, type, text]) => ({ event, type,
            node: el('span', `out-${type}`, type === 'L' ? `[log] ${text}\n` : type === 'S' ? `[end] ${text}\n` : text,
                { onclick: () => pane.seek(event) }) }));
        this.node = el('div', 'panel output', [
            this.parts.length ? null : el('p', 'note', 'The guest wrote nothing.'),
            el('pre', '', this.parts.map((p) => p.node))]);
    }

    render() {
        for (const part of this.parts)
            part.node.classList.toggle('future', part.event >= this.pane.view.position);
    }
}

const PARAMETERS = [['command', 'command'], ['kernel', 'kernel'], ['mem_mib', 'memory (MiB)'], ['seed', 'seed'],
    ['boot', 'boot'], ['bochs', 'Bochs'], ['cmdline', 'kernel command line'], ['jitter', 'jitter'],
    ['image_sha256', 'image']];

/** "5,992 of 12,000 events ...": what the page lacks of the recording; '' if nothing. */
export function reductionNote(trace) {
    const { total, kept, cut, dropped, whole } = trace.selection, notes = [];
    if (!whole)
        notes.push('The recording was cut off or is damaged; this is its good part.');
    if (dropped.length)
        notes.push(`The recording has ${groupDigits(total)} events, too many for a page: left out are `
            + `${dropped.join(', ')}.`);
    if (cut)
        notes.push(`Of ${groupDigits(total)} events these are ${groupDigits(kept)}, from tick `
            + `${groupDigits(trace.tick[trace.first])} to ${groupDigits(trace.tick[trace.count - 1])}; `
            + './quire view --from T --to T shows another part, --events N more.');
    return notes.join(' ');
}

/** How it was recorded. */
export class AboutView {
    constructor(pane) {
        const { trace } = pane;
        this.node = el('div', 'panel about', [
            el('p', '', reductionNote(trace) || `All ${groupDigits(trace.selection.total)} events of the recording are `
                + 'here, except that what was written to ports of text is shown as text.'),
            el('table', '', PARAMETERS.filter(([key]) => trace.parameters[key]).map(([key, name]) =>
                el('tr', '', [el('td', '', name), el('td', '', [el('code', '', trace.parameters[key])])]))),
        ]);
    }

    render() {
    }
}
