// Draws out a part of a chart with the mouse to see it large; a button brings the whole back.
import { h, s } from '../base/dom.js';
/** @import { Frame } from './axes.js' */
/** @import { Scale } from '../base/types' */

/** @typedef {{ x: [number, number], y: [number, number] }} Part */
/** @type {Map<string, Part>} */
const parts = new Map();

/** The part that a chart shows; in the axes' own units.
 * @param {string} title */
export const partOf = title => parts.get(title);

/** @param {SVGElement} svg @param {HTMLElement} host @param {string} title @param {Frame & { scale: Scale }} frame
 * @param {() => void} repaint */
export function zoomable(svg, host, title, frame, repaint) {
  const { width, height, margin, scale, yLow, yHigh } = frame;
  const inner = width - margin.left - margin.right,
    tall = height - margin.top - margin.bottom;
  /** @type {{ x: number, y: number } | null} */
  let from = null;
  /** @type {SVGElement | null} */
  let box = null;
  const place = (/** @type {PointerEvent} */ event) => {
    const area = svg.getBoundingClientRect();
    const clamp = (/** @type {number} */ v, /** @type {number} */ low, /** @type {number} */ high) => Math.min(high, Math.max(low, v));
    return {
      x: clamp(((event.clientX - area.left) * width) / area.width, margin.left, width - margin.right),
      y: clamp(((event.clientY - area.top) * height) / area.height, margin.top, margin.top + tall),
    };
  };
  svg.addEventListener('pointerdown', event => {
    // A finger scrolls.
    if (event.pointerType === 'touch' || event.button !== 0) return;
    from = place(event);
  });
  svg.addEventListener('pointermove', event => {
    if (!from) return;
    const to = place(event);
    if (!box && Math.hypot(to.x - from.x, to.y - from.y) < 6) return;
    if (!box) {
      box = s('rect', { class: 'drawn' });
      svg.append(box);
      svg.setPointerCapture?.(event.pointerId);
    }
    const sizes = {
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.abs(to.x - from.x),
      height: Math.abs(to.y - from.y),
    };
    for (const [key, value] of Object.entries(sizes)) box.setAttribute(key, String(value));
  });
  const end = (/** @type {PointerEvent} */ event) => {
    const begun = from,
      drawn = box;
    from = null;
    box = null;
    drawn?.remove();
    if (!begun || !drawn) return;
    // The click that ends the drawing chooses nothing.
    svg.addEventListener('click', stop, { capture: true, once: true });
    setTimeout(() => svg.removeEventListener('click', stop, { capture: true }), 60);
    const to = place(event);
    if (Math.abs(to.x - begun.x) < 6 || Math.abs(to.y - begun.y) < 6) return;
    const onX = (/** @type {number} */ v) => scale.low + ((v - margin.left) / inner) * (scale.high - scale.low);
    const onY = (/** @type {number} */ v) => yHigh - ((v - margin.top) / tall) * (yHigh - yLow);
    parts.set(title, {
      x: [onX(Math.min(begun.x, to.x)), onX(Math.max(begun.x, to.x))],
      y: [onY(Math.max(begun.y, to.y)), onY(Math.min(begun.y, to.y))],
    });
    repaint();
  };
  svg.addEventListener('pointerup', end);
  svg.addEventListener('pointercancel', () => {
    box?.remove();
    from = null;
    box = null;
  });
  const reset = () => {
    parts.delete(title);
    repaint();
  };
  if (parts.has(title)) host.append(h('button', { class: 'unzoom', onclick: reset }, 'Reset zoom'));
}
/** @param {Event} event */
const stop = event => event.stopPropagation();
