// The panels below the maps, one at a time.

import { el } from './dom.js';
import { EventsView } from './events_view.js';
import { FrameView } from './frame_view.js';
import { AboutView, FindingsView, OutputView } from './report_views.js';
import { SearchView } from './search.js';
import { TreeView } from './tree_view.js';
import { WalkView } from './walk_view.js';

const LINES_SEEN = 250; // pixels

export class Tabs {
    constructor(pane) {
        this.pane = pane;
        this.panels = [
            ['events', 'Events', new EventsView(pane)],
            ['walk', 'Walk an address', new WalkView(pane)],
            ['tree', 'Page tables', new TreeView(pane)],
            ['frame', 'Frame', new FrameView(pane)],
            ['search', 'Search', this.search = new SearchView(pane)],
            ['findings', `Findings (${pane.trace.findings.length})`, new FindingsView(pane)],
            ['output', 'Output', new OutputView(pane)],
            ['about', 'About', new AboutView(pane)],
        ];
        this.buttons = this.panels.map(([key, name]) => el('button', 'tab', name, { type: 'button',
            role: 'tab', onclick: () => pane.open(key) }));
        this.node = el('section', 'tabs wide', [
            el('div', 'tab-bar', this.buttons, { role: 'tablist' }),
            ...this.panels.map(([, , panel]) => panel.node)]);
    }

    has(key) {
        return this.panels.some(([k]) => k === key);
    }

    /** Open the panel with this place in the bar, if there is one. */
    open(index) {
        if (this.panels[index])
            this.pane.open(this.panels[index][0]);
    }

    render() {
        this.panels.forEach(([key, , panel], i) => {
            const open = key === this.pane.view.tab;
            panel.node.hidden = !open;
            this.buttons[i].setAttribute('aria-selected', open);
            if (open)
                panel.render();
        });
    }

    /** Scroll no farther than it takes to see the bar and the first lines of its panel. */
    reveal() {
        const stick = this.pane.node.querySelector('.stick');
        const head = getComputedStyle(stick).position === 'sticky' ? stick.offsetHeight : 0;
        const { top, bottom } = this.node.querySelector('.tab-bar').getBoundingClientRect();
        const below = bottom + LINES_SEEN - window.innerHeight;
        if (top < head)
            window.scrollBy(0, top - head);
        else if (below > 0)
            window.scrollBy(0, Math.min(below, top - head));
    }

    themeChanged() {
        for (const [, , panel] of this.panels)
            if (panel.themeChanged)
                panel.themeChanged();
    }
}
