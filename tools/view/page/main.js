// The page: unpacks its traces and shows a pane for each.

import { unpackTrace } from './data.js';
import { el } from './dom.js';
import { Pane } from './pane.js';

async function start() {
    const begun = performance.now(), blocks = [...document.querySelectorAll('script.trace')];
    const traces = await Promise.all(blocks.map((block) => unpackTrace(block.textContent)));
    const main = document.getElementById('main');
    const panes = traces.map((trace, i) => new Pane(trace, traces.length > 1 ? 'AB'[i] : ''));
    document.title = panes.map((pane) => pane.title()).join(' / ') + ' - Quire';
    document.getElementById('title').textContent = panes.map((pane) => pane.title()).join(' beside ');
    main.replaceChildren(el('div', panes.length > 1 ? 'panes two' : 'panes', panes.map((p) => p.node)));
    for (const pane of panes)
        pane.render();
    window.quire = { panes, loadTime: performance.now() - begun };
    document.body.dataset.ready = 'yes';
}

start().catch((error) => {
    document.getElementById('main').textContent = `This page could not be shown: ${error.message}`;
    document.body.dataset.ready = 'failed';
    throw error;
});
