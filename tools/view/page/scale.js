// Where an event is on the time axis: by ticks, or one step for each event that is shown. The
// window is the part of the axis that is visible.

export class Scale {
    constructor(trace) {
        this.trace = trace;
        this.unit = 'ticks';
        this.from = this.to = 0;
        this.showPrograms();
    }

    /** Axis value of a position: of the event before it. */
    at(position) {
        const n = Math.max(this.trace.first, Math.min(position, this.trace.count)) - 1;
        if (this.unit === 'events')
            return this.trace.ordinal[Math.max(n + 1, 0)];
        return n < this.trace.first ? this.trace.tick[this.trace.first] : this.trace.tick[n];
    }

    get start() {
        return this.at(this.trace.first);
    }

    get end() {
        return this.at(this.trace.count);
    }

    /** The last position whose axis value is at most this. */
    position(value) {
        let low = this.trace.first, high = this.trace.count;
        while (low < high) {
            const mid = (low + high + 1) >> 1;
            if (this.at(mid) <= value)
                low = mid;
            else
                high = mid - 1;
        }
        return low;
    }

    showAll() {
        this.setWindow(this.start, this.end);
    }

    /** From a little before the first instruction of a program: boot is long and the same. */
    showPrograms() {
        let first = this.trace.first;
        while (first < this.trace.count && this.trace.ring[first] !== 3)
            first++;
        if (first === this.trace.count)
            return this.showAll();
        const from = this.at(first), margin = (this.end - from) * 0.01;
        this.setWindow(Math.max(this.start, from - margin), this.end);
    }

    setWindow(from, to) {
        const least = this.unit === 'events' ? 8 : 50;
        const width = Math.max(to - from, Math.min(least, this.end - this.start), 1);
        this.from = Math.max(this.start, Math.min(from, this.end - width));
        this.to = this.from + Math.min(width, Math.max(1, this.end - this.start));
    }

    zoom(factor, around) {
        this.setWindow(around - (around - this.from) * factor, around + (this.to - around) * factor);
    }

    pan(by) {
        const width = this.to - this.from;
        const from = Math.max(this.start, Math.min(this.from + by, this.end - width));
        this.setWindow(from, from + width);
    }

    /** Make a position visible, keeping the zoom. */
    reveal(position) {
        const value = this.at(position), width = this.to - this.from;
        if (value >= this.from && value <= this.to)
            return false;
        this.setWindow(value - width / 2, value + width / 2);
        return true;
    }

    setUnit(unit) {
        const from = this.position(this.from), to = this.position(this.to);
        this.unit = unit;
        this.setWindow(this.at(from), this.at(to));
    }
}
