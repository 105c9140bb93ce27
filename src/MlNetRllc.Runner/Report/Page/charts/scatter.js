// Points with error bars both ways and names where there is room.
import { isNumber, s } from '../base/dom.js';
import { shortened, tickText } from '../base/format.js';
import { mark } from '../base/hover.js';
import { markerPath } from '../base/look.js';
import { axes } from './axes.js';
import { responsive } from './painting.js';
import { roomyScale, zoomed } from './scale.js';
import { withTip } from './tip.js';
import { partOf, zoomable } from './zoom.js';

/** @typedef {{ name: string, x: number, y: number, errorX?: any, error?: any, color: string, marker?: number,
 *  hollow?: boolean, tip: string,
 *   component?: string }} Dot */
/** @typedef {{ points: Dot[], x: { label: string }, y: { label: string }, title: string, height?: number,
 *   line?: { from: number, to: number, slope: number, intercept: number } | null }} ScatterSpec */

/** @param {HTMLElement} host @param {ScatterSpec} spec */
export function scatterChart(host, spec) {
  responsive(host, width => paint(host, spec, width), spec.height ?? 400);
}

/** Names of more points than these would hide the points. */
const MOST_NAMES = 80;

/** @param {Dot} p @param {'error' | 'errorX'} which */
const reach = (p, which) => (isNumber(p[which]) ? p[which] : 0);

/** @param {HTMLElement} host @param {ScatterSpec} spec @param {number} width */
function paint(host, spec, width) {
  const points = spec.points.filter(p => isNumber(p.x) && isNumber(p.y)),
    height = spec.height ?? (width < 500 ? 320 : 400);
  const margin = { left: 62, right: 20, top: 12, bottom: 46 },
    part = partOf(spec.title);
  const tall = height - margin.top - margin.bottom,
    inner = width - margin.left - margin.right;
  const xScale = zoomed(roomyScale(points.flatMap(p => [p.x - reach(p, 'errorX'), p.x + reach(p, 'errorX')])), part?.x);
  const yScale = roomyScale(points.flatMap(p => [p.y - reach(p, 'error'), p.y + reach(p, 'error')]));
  const [yLow, yHigh] = part?.y ?? [yScale.low, yScale.high];
  const px = (/** @type {number} */ v) => margin.left + (inner * (v - xScale.low)) / (xScale.high - xScale.low || 1);
  const py = (/** @type {number} */ v) => margin.top + (tall * (yHigh - v)) / (yHigh - yLow || 1);
  const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, height, role: 'group', 'aria-label': spec.title });
  const frame = { width, height, margin, px, py, yLow, yHigh, compact: false, scale: xScale };
  const x = { scale: xScale, label: spec.x.label, format: tickText(xScale.ticks(Math.max(2, inner / 85))) };
  axes(svg, { x, y: spec.y }, frame);
  if (spec.line) {
    const { from, to, slope, intercept } = spec.line;
    svg.append(s('line', { x1: px(from), y1: py(intercept + slope * from), x2: px(to), y2: py(intercept + slope * to), class: 'fit' }));
  }
  const inside = points.filter(p => p.x >= xScale.low && p.x <= xScale.high && p.y >= yLow && p.y <= yHigh);
  const place = namePlaces(
    inside.map(p => ({ x: px(p.x), y: py(p.y) })),
    { margin, width, bottom: margin.top + tall },
  );
  for (const p of inside) {
    const cx = px(p.x),
      cy = py(p.y);
    const group = s('g', {
      class: 'series dot',
      'data-head': p.component,
      role: p.component ? 'button' : 'img',
      tabindex: p.component ? 0 : undefined,
      'aria-label': p.tip.replaceAll('\n', ', '),
    });
    const bar = { stroke: p.color, 'stroke-width': 1.4, opacity: 0.75 };
    if (reach(p, 'error') > 0) group.append(s('line', { x1: cx, x2: cx, y1: py(p.y - p.error), y2: py(p.y + p.error), ...bar }));
    if (reach(p, 'errorX') > 0) group.append(s('line', { x1: px(p.x - p.errorX), x2: px(p.x + p.errorX), y1: cy, y2: cy, ...bar }));
    group.append(
      s('path', {
        d: markerPath(p.marker, inside.length > 200 ? 3.4 : 5),
        transform: `translate(${cx} ${cy})`,
        fill: p.hollow ? 'var(--card)' : p.color,
        stroke: p.color,
        'stroke-width': 1.6,
      }),
    );
    const at = inside.length > MOST_NAMES ? null : place(shortened(p.name), cx, cy);
    if (at) group.append(s('text', { x: at.x, y: at.y + 11, class: 'label', style: `fill:${p.color}` }, shortened(p.name)));
    group.append(s('circle', { cx, cy, r: 12, fill: 'transparent' }));
    svg.append(withTip(group, p.tip));
  }
  if (points.length && !inside.length)
    svg.append(s('text', { x: margin.left + 12, y: margin.top + 22 }, 'Nothing lies in this part; reset the zoom.'));
  host.replaceChildren(svg);
  zoomable(svg, host, spec.title, frame, () => {
    paint(host, spec, host.clientWidth || width);
    mark(host);
  });
}

/** Finds a place for each name that covers neither points nor other names; none where there is none.
 * @param {{ x: number, y: number }[]} points @param {{ margin: { left: number }, width: number, bottom: number }} area
 * @returns {(name: string, x: number, y: number) => { x: number, y: number } | null} */
function namePlaces(points, { margin, width, bottom }) {
  const taken = points.map(p => ({ x: p.x - 5, y: p.y - 5, w: 10, h: 10 }));
  const shared = (
    /** @type {number} */ from,
    /** @type {number} */ length,
    /** @type {number} */ other,
    /** @type {number} */ otherLength,
  ) => Math.max(0, Math.min(from + length, other + otherLength) - Math.max(from, other));
  const overlap = (/** @type {any} */ a, /** @type {any} */ b) => shared(a.x, a.w, b.x, b.w) * shared(a.y, a.h, b.y, b.h);
  return (name, x, y) => {
    const wide = name.length * 7.2;
    const offsets = [
      [8, -13],
      [8, 1],
      [-8 - wide, -13],
      [-8 - wide, 1],
      [-wide / 2, -21],
      [-wide / 2, 7],
    ];
    const places = offsets
      .map(([dx, dy]) => ({ x: x + dx, y: y + dy, w: wide, h: 13 }))
      .filter(b => b.x > margin.left && b.x + b.w < width && b.y > 0 && b.y + b.h < bottom);
    const cost = (/** @type {any} */ b) => taken.reduce((sum, t) => sum + overlap(b, t), 0);
    const best = places.reduce((a, b) => (a && cost(a) <= cost(b) ? a : b), places[0]);
    if (!best || cost(best) >= 45) return null;
    taken.push(best);
    return best;
  };
}
