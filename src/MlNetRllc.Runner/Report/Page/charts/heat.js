// A matrix of coloured cells as a table.
import { extent, h, isNumber } from '../base/dom.js';
import { format } from '../base/format.js';
import { withTip } from './tip.js';

/** @param {{ rows: any[], columns: any[], title: string, corner?: string, value: (row: any, column: any) => any,
 *   tip: (row: any, column: any) => string, show?: (v: number) => string }} spec @returns {HTMLElement} */
export function heatMap(spec) {
  const cells = spec.rows.flatMap(r => spec.columns.map(c => spec.value(r, c))).filter(isNumber);
  const [, largest] = extent(cells.map(Math.abs), 0, 1e-12);
  const cell = (/** @type {any} */ r, /** @type {any} */ c) => {
    const v = spec.value(r, c);
    if (!isNumber(v)) return h('td', {}, '');
    const share = Math.abs(v) / largest;
    return withTip(h('td', { style: `background:${heat(v, share)}` }, spec.show ? spec.show(v) : format(v, 2)), () => spec.tip(r, c));
  };
  const head = spec.columns.map(c => h('th', { scope: 'col' }, String(c)));
  const row = (/** @type {any} */ r) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, String(r)),
      spec.columns.map(c => cell(r, c)),
    );
  return h(
    'div',
    { class: 'heat', tabindex: 0, role: 'group', 'aria-label': spec.title },
    h(
      'table',
      {},
      h('caption', {}, spec.title),
      h('thead', {}, h('tr', {}, h('td', { class: 'corner' }, spec.corner ?? ''), head)),
      h('tbody', {}, spec.rows.map(row)),
    ),
  );
}

/** From the middle out: blue below it, orange above it; never so full that ink could not be read on it.
 * @param {number} v how far from the middle, with its sign @param {number} share of the full colour, 0 to 1 */
export const heat = (v, share, most = 1) =>
  `color-mix(in srgb, ${v < 0 ? 'var(--fall)' : 'var(--rise)'} calc(var(--heat) * ${(Math.min(1, share) * most).toFixed(3)}), var(--card))`;
