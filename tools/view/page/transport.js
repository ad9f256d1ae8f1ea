// Going through time: play, step, the next event of a kind, a slider, a tick.

import { button, el } from './dom.js';
import { groupDigits } from './bits.js';
import { positionOfTick } from './data.js';
import { STEPS, stepFrom } from './moments.js';

const SLIDER = 10000;
const SPEEDS = [['1', 'slow'], ['3', 'normal'], ['10', 'fast'], ['60', 'very fast']];

export class Transport {
    constructor(pane) {
        this.pane = pane;
        this.playing = false;
        this.kind = el('select', '', STEPS.map(([key, name]) => el('option', '', name, { value: key })),
            { title: 'what the arrows and play stop at', 'aria-label': 'stop at',
                onchange: () => pane.set({ steps: this.kind.value }) });
        this.speed = el('select', '', SPEEDS.map(([v, name]) => el('option', '', name, { value: v })),
            { title: 'speed of play', 'aria-label': 'speed', value: '3' });
        this.slider = el('input', 'slider', null, { type: 'range', min: 0, max: SLIDER, step: 1,
            'aria-label': 'time', oninput: () => this.slide() });
        this.tick = el('input', 'tick', null, { type: 'text', inputMode: 'numeric', size: 12,
            title: 'go to a tick', 'aria-label': 'tick', onchange: () => this.goToTick() });
        this.play = button('▶ Play', 'play (space)', () => this.toggle(), 'play');
        this.unit = button('by ticks', 'time by ticks, or one step for each event (u)', () => this.changeUnit());
        this.node = el('div', 'transport', [
            el('div', 'buttons', [
                button('|◀', 'to the beginning (Home)', () => this.goTo(0)),
                button('◀', 'step back (left arrow)', () => this.step(-1), 'step'),
                this.play,
                button('▶', 'step forward (right arrow)', () => this.step(1), 'step'),
                button('▶|', 'to the end (End)', () => this.goTo(pane.trace.count)),
                el('label', '', ['to the next: ', this.kind]),
                el('label', '', ['speed: ', this.speed]),
                el('label', '', ['tick ', this.tick]),
                this.unit,
                button('−', 'show more time (-)', () => this.zoom(2)),
                button('+', 'show less time (+)', () => this.zoom(0.5)),
                button('all', 'show the whole recording (a)', () => this.showAll()),
                button('programs', 'show from the first program on (p)', () => this.showPrograms()),
            ]),
            this.slider,
        ]);
    }

    step(direction) {
        const { trace, view } = this.pane;
        const to = stepFrom(trace, view.position, view.steps, direction);
        this.pane.seek(to);
        return to !== view.position || to !== trace.count;
    }

    stepAny(direction) {
        this.pane.seek(stepFrom(this.pane.trace, this.pane.view.position, 'any', direction));
    }

    goTo(position) {
        this.stop();
        this.pane.seek(position);
    }

    toggle() {
        if (this.playing)
            this.stop();
        else
            this.start();
    }

    start() {
        const { trace, view } = this.pane;
        if (view.position >= trace.count)
            this.pane.seek(trace.first);
        this.playing = true;
        this.play.textContent = '❚❚ Pause';
        let last = performance.now();
        const beat = (now) => {
            if (!this.playing)
                return;
            if (now - last >= 1000 / Number(this.speed.value) - 4) {
                last = now;
                const before = view.position;
                this.step(1);
                if (view.position === before)
                    return this.stop();
            }
            requestAnimationFrame(beat);
        };
        requestAnimationFrame(beat);
    }

    stop() {
        this.playing = false;
        this.play.textContent = '▶ Play';
    }

    slide() {
        const { scale } = this.pane;
        this.stop();
        this.pane.seek(scale.position(scale.from + (scale.to - scale.from) * this.slider.value / SLIDER));
    }

    goToTick() {
        const tick = Number(this.tick.value.replace(/[,_ ]/g, ''));
        if (Number.isFinite(tick))
            this.goTo(positionOfTick(this.pane.trace, tick));
    }

    changeUnit() {
        const { scale } = this.pane;
        scale.setUnit(scale.unit === 'ticks' ? 'events' : 'ticks');
        this.pane.windowChanged();
    }

    zoom(factor) {
        const { scale, view } = this.pane;
        scale.zoom(factor, scale.at(view.position));
        this.pane.windowChanged();
    }

    showAll() {
        this.pane.scale.showAll();
        this.pane.windowChanged();
    }

    showPrograms() {
        this.pane.scale.showPrograms();
        this.pane.windowChanged();
    }

    render() {
        const { trace, view, scale } = this.pane;
        const tick = trace.tick[Math.max(0, view.position - 1)];
        if (document.activeElement !== this.tick)
            this.tick.value = groupDigits(tick);
        this.slider.value = (scale.at(view.position) - scale.from) / (scale.to - scale.from) * SLIDER;
        this.slider.setAttribute('aria-valuetext', `tick ${tick}`);
        this.unit.textContent = scale.unit === 'ticks' ? 'by ticks' : 'by events';
        this.kind.value = view.steps;
    }
}
