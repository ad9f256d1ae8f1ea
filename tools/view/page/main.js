// The page: unpacks its traces and shows a pane for each.

import { Comparison } from './compare.js';
import { unpackTrace } from './data.js';
import { button, el } from './dom.js';
import { Keys, makeHelp } from './keys.js';
import { Link } from './link.js';
import { Pane } from './pane.js';

class Page {
    constructor(panes) {
        this.panes = panes;
        this.current = panes[0];
        this.help = makeHelp();
        this.keys = new Keys(this);
        for (const pane of panes)
            pane.node.addEventListener('pointerdown', () => this.activate(pane), true);
        matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.themeChanged());
    }

    active() {
        return this.current;
    }

    activate(pane) {
        this.current = pane;
        for (const other of this.panes)
            other.node.classList.toggle('active', other === pane);
    }

    toggleTheme() {
        const root = document.documentElement, system = matchMedia('(prefers-color-scheme: dark)').matches;
        const dark = root.dataset.theme ? root.dataset.theme === 'dark' : system;
        root.dataset.theme = dark ? 'light' : 'dark';
        this.themeChanged();
    }

    themeChanged() {
        for (const pane of this.panes)
            pane.themeChanged();
    }

    /** The buttons beside the title. */
    addTools(link) {
        const address = el('input', 'address', null, { type: 'text', readOnly: true, hidden: true,
            'aria-label': 'link to this instant' });
        document.getElementById('tools').append(address,
            button('Link', 'copy a link to what is shown', () => link.copy(address)),
            button('Dark / light', 'other colours (d)', () => this.toggleTheme()),
            button('Keys', 'all keys (?)', () => this.help.showModal()));
    }
}

function showTitle(panes) {
    const titles = panes.map((pane) => pane.title());
    document.title = `${titles.join(' / ')} - Quire`;
    document.getElementById('title').textContent = titles.join('  and  ');
}

async function start() {
    const begun = performance.now(), blocks = [...document.querySelectorAll('script.trace')];
    const traces = await Promise.all(blocks.map((block) => unpackTrace(block.textContent)));
    blocks.forEach((block) => block.remove());
    const panes = traces.map((trace, i) => new Pane(trace, traces.length > 1 ? 'AB'[i] : ''));
    const two = panes.length > 1, page = new Page(panes);
    showTitle(panes);
    document.getElementById('main').replaceChildren(
        ...(two ? [(page.comparison = new Comparison(panes)).node] : []),
        el('div', two ? 'panes two' : 'panes', panes.map((pane) => pane.node)));
    page.addTools(page.link = new Link(panes));
    for (const pane of panes)
        pane.render();
    page.loadTime = performance.now() - begun;
    window.quire = page;
    document.body.dataset.ready = 'yes';
}

start().catch((error) => {
    document.getElementById('main').textContent = `This page could not be shown: ${error.message}`;
    document.body.dataset.ready = 'failed';
    throw error;
});
