// Everything about one trace: its machine, where we look, and the views of that.

import { hexAddress } from './bits.js';
import { el } from './dom.js';
import { positionOfTick } from './data.js';
import { FramesView } from './frames_view.js';
import { entriesBetween } from './history.js';
import { Legend } from './legend.js';
import { reductionNote } from './report_views.js';
import { layOut } from './layout.js';
import { classify } from './moments.js';
import { Picture, frameSentence } from './picture.js';
import { Scale } from './scale.js';
import { Sentence } from './sentence.js';
import { SpacesView } from './spaces_view.js';
import { findLanes } from './tasks.js';
import { Timeline } from './timeline.js';
import { Tabs } from './tabs.js';
import { Transport } from './transport.js';

const PANEL_MS = 100;

export class Pane {
    constructor(trace, name) {
        this.trace = trace;
        this.name = name; // "A", "B" where there are two
        classify(trace);
        findLanes(trace);
        this.machine = layOut(trace);
        for (const finding of trace.findings)
            finding.position = finding.tick === undefined ? -1 : positionOfTick(trace, finding.tick);
        this.picture = new Picture(trace, this.machine);
        this.scale = new Scale(trace);
        this.listeners = [];
        this.shown = this.beginning(); // the position of the last render
        this.changed = { written: new Set(), marked: new Set() };
        this.view = { position: this.beginning(), space: 0, va: -1, frame: -1, tab: 'events',
            steps: 'main' };
        this.build();
    }

    /** Where the page opens: as it was made to, or where the first program begins. */
    beginning() {
        const { trace } = this;
        if (trace.at >= 0)
            return positionOfTick(trace, trace.at);
        const first = trace.findings.map((f) => f.position).filter((p) => p >= 0);
        if (first.length)
            return Math.min(...first);
        for (let n = trace.first; n < trace.count; n++)
            if (trace.ring[n] === 3)
                return n;
        return trace.count;
    }

    build() {
        this.transport = new Transport(this);
        this.sentence = new Sentence(this);
        this.timeline = new Timeline(this);
        this.frames = new FramesView(this);
        this.spaces = new SpacesView(this);
        this.tabs = new Tabs(this);
        this.legend = new Legend();
        this.views = [this.legend, this.transport, this.sentence, this.timeline, this.frames, this.spaces];
        const section = (title, className, ...nodes) =>
            el('section', className, [el('h2', '', title), ...nodes]);
        this.node = el('div', 'pane', [
            this.name ? el('h2', 'pane-name', `${this.name}: ${this.title()}`) : null,
            el('div', 'stick', [this.transport.node, this.sentence.node]),
            section('Tasks in time', 'wide', this.timeline.node),
            this.note(),
            el('div', 'maps', [
                section('Address spaces', 'spaces-box', this.spaces.node),
                section('Physical memory', 'frames-box', this.frames.node),
            ]),
            this.legend.node,
            this.tabs.node,
        ]);
        new ResizeObserver(() => this.draw()).observe(this.node);
    }

    note() {
        const text = reductionNote(this.trace);
        return text ? el('p', 'reduced', text) : null;
    }

    title() {
        const command = (this.trace.parameters.command || '').replace(/^\S*\//, '');
        return this.trace.title || command || this.trace.file;
    }

    /** Change where we look: position, space, va, frame, tab, steps. */
    set(change) {
        Object.assign(this.view, change);
        if (change.position !== undefined) {
            const { trace } = this;
            this.view.position = Math.max(trace.first, Math.min(change.position, trace.count));
            if (this.scale.reveal(this.view.position))
                this.timeline.key = '';
        }
        if (change.position === undefined)
            this.panelTime = 0; // a choice shows at once
        for (const listener of this.listeners)
            listener(change);
        this.draw();
    }

    /** The same, and bring this panel into view. */
    open(tab, change = {}) {
        this.set({ ...change, tab });
        requestAnimationFrame(() => this.tabs.reveal()); // after the drawing
    }

    seek(position) {
        this.set({ position });
    }

    windowChanged() {
        this.draw();
    }

    /** Draw at the browser's next frame. */
    draw() {
        if (this.drawing)
            return;
        this.drawing = true;
        requestAnimationFrame(() => {
            this.drawing = false;
            this.render();
        });
    }

    render() {
        const start = performance.now();
        this.machine.seek(this.view.position);
        this.picture.update();
        if (this.shown !== this.view.position) {
            this.changed = entriesBetween(this.trace, this.shown, this.view.position);
            this.shown = this.view.position;
        }
        for (const view of this.views)
            view.render();
        this.renderPanel(start);
        this.renderTime = performance.now() - start;
    }

    /** The panel is much text: while time runs it follows ten times a second. */
    renderPanel(now) {
        clearTimeout(this.panelTimer);
        if (now - (this.panelTime || 0) < PANEL_MS) {
            this.panelTimer = setTimeout(() => this.renderPanel(performance.now()), PANEL_MS);
            return;
        }
        this.tabs.render();
        this.panelTime = performance.now();
    }

    /** The space whose addresses are meant: the chosen one while it lives, else the loaded one. */
    space() {
        const { trace, machine, view } = this, chosen = trace.spaces[view.space - 1];
        if (chosen && chosen.first <= view.position && machine.tables.has(chosen.root))
            return chosen;
        return trace.spaces[trace.spaceAt(machine.cr3, view.position) - 1] || null;
    }

    frameText(frame) {
        const cell = this.picture.cell(frame);
        return `frame ${hexAddress(frame * 4096)}: `
            + (cell < 0 ? 'never in a page table' : frameSentence(this.picture, cell));
    }

    themeChanged() {
        for (const view of [...this.views, this.tabs])
            if (view.themeChanged)
                view.themeChanged();
        this.draw();
    }
}
