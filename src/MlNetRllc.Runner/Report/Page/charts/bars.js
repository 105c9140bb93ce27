// Stacked bars, one a row.
import { extent, s } from '../base/dom.js';
import { tickText } from '../base/format.js';
import { responsive } from './painting.js';
import { niceTicks } from './scale.js';
import { withTip } from './tip.js';

/** @typedef {{ rows: { name: string, color: string, component?: string, parts: { value: number, color: string, name: string }[] }[],
 *   x: { label: string }, title: string }} BarSpec */

/** @param {HTMLElement} host @param {BarSpec} spec */
export function barChart(host, spec) {
  responsive(host, width => paint(host, spec, width), 46 + spec.rows.length * 25);
}

/** @param {HTMLElement} host @param {BarSpec} spec @param {number} width */
function paint(host, spec, width) {
  const line = 25,
    margin = { left: 56, right: 10, top: 4, bottom: 42 },
    bottom = margin.top + spec.rows.length * line;
  const height = margin.top + margin.bottom + spec.rows.length * line,
    inner = width - margin.left - margin.right;
  const [, high] = extent(
    spec.rows.map(r => r.parts.reduce((sum, p) => sum + (p.value || 0), 0)),
    0,
    1,
  );
  const px = (/** @type {number} */ v) => margin.left + (inner * v) / high;
  const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, height, role: 'group', 'aria-label': spec.title });
  const ticks = niceTicks(0, high, Math.max(2, inner / 80)),
    text = tickText(ticks);
  for (const tick of ticks)
    svg.append(
      s('line', { x1: px(tick), x2: px(tick), y1: margin.top, y2: bottom, class: 'grid' }),
      s('text', { x: px(tick), y: bottom + 17, 'text-anchor': 'middle' }, text(tick)),
    );
  svg.append(s('text', { x: margin.left + inner / 2, y: height - 4, 'text-anchor': 'middle', class: 'axis' }, spec.x.label));
  spec.rows.forEach((row, i) => {
    const y = margin.top + i * line,
      middle = y + line / 2 + 4,
      group = s('g', { class: 'row', 'data-head': row.component });
    let from = 0;
    group.append(
      s('text', { x: margin.left - 8, y: middle, 'text-anchor': 'end', class: 'label', style: `fill:${row.color}` }, row.name),
    );
    for (const part of row.parts.filter(p => p.value > 0)) {
      const x = px(from),
        w = px(from + part.value) - x;
      group.append(
        withTip(
          s('rect', {
            x,
            y: y + 3,
            width: Math.max(0.5, w - 1),
            height: line - 6,
            fill: part.color,
            role: 'img',
            'aria-label': `${row.name}, ${part.name}: ${part.value}`,
          }),
          `${row.name}\n${part.name}: ${part.value}`,
        ),
      );
      const told = String(part.value),
        place = { x: x + w / 2, y: middle, 'text-anchor': 'middle', class: 'onbar' };
      if (w > told.length * 7.4 + 8) group.append(s('text', place, told));
      from += part.value;
    }
    svg.append(group);
  });
  host.replaceChildren(svg);
}
