// Lines of a column of the scores, one a head; what the figures of scores share.
import { extent, h, isNumber } from '../base/dom.js';
import { format, formatStep, formatWithError } from '../base/format.js';
import { drawn, subplot, trainingAxis } from '../parts/figure.js';
import { color, colorKey, styleOf } from '../base/look.js';
import { headOf, named, runOf, scores, scoredHeads, scoresOf, scoreSteps } from '../base/study.js';
import { get, isHidden } from '../base/store.js';
import { headColumn, numberColumn, stepColumn, textColumn } from '../parts/table.js';
import { lineChart } from '../charts/lines.js';
/** @import { Line } from '../base/types' */

/** Names only the lines that end highest, so that the names can be read.
 * @param {Line[]} series @param {number} count @returns {Line[]} */
export function nameTop(series, count) {
  const by = (/** @type {Line} */ line) => line.points.filter(p => isNumber(p.y)).at(-1)?.y ?? -Infinity;
  const top = new Set([...series].sort((a, b) => by(b) - by(a)).slice(0, count));
  return series.map(line =>
    top.has(line) ? { ...line, label: line.name } : { ...line, label: '', width: 1.2, opacity: 0.6, plain: true },
  );
}

/** One line a head of a column; its error is the column with StdErr behind it.
 * @param {string} column @returns {Line[]} */
export function scoreSeries(column, heads = scoredHeads) {
  const pointOf = (/** @type {string} */ component, /** @type {any} */ r) => {
    const value = r[column],
      error = r[column + 'StdErr'];
    return {
      x: r.step,
      y: value,
      low: isNumber(error) ? value - error : undefined,
      high: isNumber(error) ? value + error : undefined,
      tip: `${named(component)}\nstep ${formatStep(r.step)}\n${formatWithError(value, error)}`,
    };
  };
  return heads
    .filter(c => !isHidden(c))
    .map(component => ({
      name: component,
      label: component,
      component,
      ...styleOf(component),
      plain: true,
      width: 1.8,
      points: (scoresOf.get(component) ?? []).filter(r => isNumber(r[column])).map(r => pointOf(component, r)),
    }))
    .filter(line => line.points.length);
}

/** A panel a column, side by side, all over training.
 * @param {{ column: string, title: string, unit: string, names?: number, refs?: any[] }[]} columns
 * @param {number} cols @param {string[]} [heads] */
export function scorePanels(columns, cols, heads) {
  const grid = h('div', { class: 'panels', style: `--cols:${cols}` }),
    key = h('div');
  const shown = columns.filter(c => scores.some(r => isNumber(r[c.column])));
  if (!shown.length) return null;
  drawn(['log', 'bands', 'color', 'hidden'], () => {
    grid.replaceChildren();
    key.replaceChildren(colorKey(scoredHeads));
    for (const c of shown) {
      const { host, element } = subplot(c.title);
      grid.append(element);
      lineChart(host, {
        title: c.title + ' of every head over training',
        series: nameTop(scoreSeries(c.column, heads), c.names ?? 4),
        bands: get('bands'),
        refs: c.refs ?? [],
        x: trainingAxis(scoreSteps),
        y: { label: c.unit, fromZero: true },
        height: w => (w < 420 ? 250 : 280),
      });
    }
  });
  return [key, grid];
}
/** @param {string[][]} columns names and their columns */
export function scoreTableOf(columns) {
  const known = columns.filter(([, c]) => scores.some(r => isNumber(r[c])));
  const numbers = known.map(([name, c]) => numberColumn(name, r => r[c]));
  return { columns: [stepColumn(r => r.step), headColumn('Head', r => r.component), ...numbers], rows: scores };
}

/** Pairs of a writing head below and a reading head above, with their values over training.
 * @param {string} column */
export function pairsOf(column) {
  return scoredHeads
    .filter(c => (headOf(c)?.layer ?? 0) > 0)
    .flatMap(into => {
      const list = scoresOf.get(into) ?? [],
        [, width] = extent(
          list.map(r => r[column]?.length ?? 0),
          0,
          0,
        );
      const pointsOf = (/** @type {number} */ i) =>
        list.map(r => ({ step: r.step, value: r[column]?.[i] })).filter(p => isNumber(p.value));
      const nameOf = (/** @type {number} */ i) => `${runOf(into) ? runOf(into) + '/' : ''}l${(headOf(into)?.layer ?? 1) - 1}h${i}`;
      return Array.from({ length: width }, (_, i) => ({ from: nameOf(i), into, points: pointsOf(i) }));
    })
    .filter(p => p.points.length)
    .map(p => ({ ...p, name: `${p.from}\u2192${p.into}`, last: p.points[p.points.length - 1].value }));
}
/** @typedef {ReturnType<typeof pairsOf>[number]} Pair */
/** A pair's line stands for its reader. @param {Pair[]} pairs @param {number} count @returns {Line[]} */
export function pairLines(pairs, count) {
  const top = [...pairs].sort((a, b) => b.last - a.last).slice(0, count),
    place = new Map(top.map((p, i) => [p, i]));
  return [...pairs.filter(p => !place.has(p)), ...top.toReversed()].map(p => {
    const i = place.get(p) ?? -1,
      isTop = i >= 0;
    const look = isTop ? { color: color(i), marker: i, width: 2.4, opacity: 1 } : { color: 'var(--none)', width: 1, opacity: 0.55 };
    return {
      name: p.name,
      label: isTop ? p.name : '',
      component: p.into,
      ...look,
      plain: true,
      points: p.points.map(q => ({ x: q.step, y: q.value, tip: `${p.name}\nstep ${formatStep(q.step)}\n${format(q.value)}` })),
    };
  });
}
/** @param {Pair[]} pairs */
export const pairTable = pairs => ({
  columns: [headColumn('From', p => p.from), headColumn('Into', p => p.into), numberColumn('Value at the end', p => p.last)],
  rows: pairs,
});
export const kindColumn = textColumn('Kind', p => p.kind);
