// The panels below the maps, one at a time.

import { el } from './dom.js';
import { EventsView } from './events_view.js';

export class Tabs {
    constructor(pane) {
        this.pane = pane;
        this.panels = [
            ['events', 'Events', new EventsView(pane)],
        ];
        this.buttons = this.panels.map(([key, name]) => el('button', 'tab', name, { type: 'button',
            role: 'tab', onclick: () => pane.set({ tab: key }) }));
        this.node = el('section', 'tabs wide', [
            el('div', 'tab-bar', this.buttons, { role: 'tablist' }),
            ...this.panels.map(([, , panel]) => panel.node)]);
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

    themeChanged() {
        for (const [, , panel] of this.panels)
            if (panel.themeChanged)
                panel.themeChanged();
    }
}
