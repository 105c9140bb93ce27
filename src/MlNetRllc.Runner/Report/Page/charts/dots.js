// Rows of dots with error bars.
import { extent, isNumber, s } from '../base/dom.js';
import { shortened, tickText } from '../base/format.js';
import { markerPath } from '../base/look.js';
import { responsive } from './painting.js';
import { niceTicks } from './scale.js';
import { withTip } from './tip.js';

/** @typedef {{ x: any, error?: any, color: string, marker?: number, hollow?: boolean, tip: string }} RowDot */
/** @typedef {{ name: string, color?: string, component?: string, dots: RowDot[] }} DotRow */
/** @typedef {{ rows: DotRow[], x: { label: string, fromZero?: boolean }, title: string, ref?: number }} DotSpec */

/** @param {HTMLElement} host @param {DotSpec} spec */
export function dotChart(host, spec) {
  responsive(host, width => paint(host, spec, width), 50 + spec.rows.length * 21);
}

/** @param {HTMLElement} host @param {DotSpec} spec @param {number} width */
function paint(host, spec, width) {
  const line = spec.rows.length > 14 ? 21 : 25,
    most = Math.floor((width * 0.4 - 12) / 7.2);
  const [, longest] = extent(
    spec.rows.map(r => r.name.length),
    0,
    0,
  );
  const margin = { left: Math.min(longest, most) * 7.2 + 14, right: 14, top: 6, bottom: 44 };
  const height = margin.top + margin.bottom + spec.rows.length * line,
    inner = width - margin.left - margin.right;
  const all = spec.rows.flatMap(r => r.dots).filter(d => isNumber(d.x));
  const ends = all.flatMap(d => [d.x - (d.error || 0), d.x + (d.error || 0)]).concat(spec.ref ?? []);
  let [low, high] = spec.x.fromZero || !ends.length ? extent(ends, 0, 0) : extent(ends);
  const by = (high - low || 1) * 0.04;
  if (low !== 0) low -= by;
  high += by;
  const px = (/** @type {number} */ v) => margin.left + (inner * (v - low)) / (high - low);
  const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, height, role: 'group', 'aria-label': spec.title });
  const ticks = niceTicks(low, high, Math.max(2, inner / 80)),
    text = tickText(ticks),
    bottom = margin.top + spec.rows.length * line;
  for (const tick of ticks)
    svg.append(
      s('line', { x1: px(tick), x2: px(tick), y1: margin.top, y2: bottom, class: tick === 0 ? 'base' : 'grid' }),
      s('text', { x: px(tick), y: bottom + 17, 'text-anchor': 'middle' }, text(tick)),
    );
  if (spec.ref !== undefined)
    svg.append(s('line', { x1: px(spec.ref), x2: px(spec.ref), y1: margin.top, y2: bottom, class: 'ref', stroke: 'var(--soft)' }));
  svg.append(s('text', { x: margin.left + inner / 2, y: height - 4, 'text-anchor': 'middle', class: 'axis' }, spec.x.label));
  spec.rows.forEach((row, i) => {
    const y = margin.top + (i + 0.5) * line,
      known = row.dots.filter(d => isNumber(d.x));
    const look = { class: row.color ? 'label' : 'name', style: row.color ? `fill:${row.color}` : undefined };
    const group = s('g', { class: 'row', 'data-head': row.component });
    group.append(s('text', { x: margin.left - 8, y: y + 4, 'text-anchor': 'end', ...look }, shortened(row.name, most)));
    const [first, last] = extent(known.map(d => d.x));
    group.append(
      known.length > 1
        ? s('line', { x1: px(first), x2: px(last), y1: y, y2: y, stroke: 'var(--none)', 'stroke-width': 1.5 })
        : s('line', { x1: margin.left, x2: width - margin.right, y1: y, y2: y, class: 'grid' }),
    );
    for (const d of known) {
      const stroke = d.color,
        fill = d.hollow ? 'var(--card)' : d.color,
        mark = s('g', { role: 'img', 'aria-label': d.tip.replaceAll('\n', ', ') });
      const bar = { x1: px(d.x - d.error), x2: px(d.x + d.error), y1: y, y2: y };
      if (d.error > 0) mark.append(s('line', { ...bar, stroke, 'stroke-width': 3.4, opacity: 0.45 }));
      mark.append(
        s('path', { d: markerPath(d.marker, 4.4), transform: `translate(${px(d.x)} ${y})`, fill, stroke, 'stroke-width': 1.6 }),
        s('circle', { cx: px(d.x), cy: y, r: 11, fill: 'transparent' }),
      );
      group.append(withTip(mark, d.tip));
    }
    svg.append(group);
  });
  host.replaceChildren(svg);
}
