// Small helpers for the document. Text only ever goes in as text.

/** An element with a class, text or children, and properties. */
export function el(tag, className, content, properties) {
    const node = document.createElement(tag);
    if (className)
        node.className = className;
    if (Array.isArray(content))
        node.append(...content.filter((c) => c !== null && c !== undefined));
    else if (content !== undefined && content !== null)
        node.textContent = content;
    for (const [key, value] of Object.entries(properties || {})) {
        if (key.includes('-') || key === 'role')
            node.setAttribute(key, value);
        else
            node[key] = value;
    }
    return node;
}

export function button(text, title, onclick, className) {
    return el('button', className, text, { type: 'button', title, 'aria-label': title, onclick });
}

/** A button that reads as part of a text: it goes somewhere. */
export function jump(text, onclick, title) {
    return el('button', 'jump', text, { type: 'button', title: title || '', onclick });
}

/** A canvas sized to its box in device pixels; returns its context, scaled to CSS pixels. */
export function fitCanvas(canvas, width, height) {
    const ratio = window.devicePixelRatio || 1;
    const w = Math.round(width * ratio), h = Math.round(height * ratio);
    if (canvas.width !== w || canvas.height !== h) {
        canvas.width = w;
        canvas.height = h;
        canvas.style.height = `${height}px`;
    }
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
}

/** The value of a CSS variable. */
export function cssColour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
