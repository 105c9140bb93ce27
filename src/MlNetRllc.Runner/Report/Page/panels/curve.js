// A head's curve with its band, its siblings in grey, and its control where there is one.
import { h, isNumber } from '../base/dom.js';
import { format, formatStep } from '../base/format.js';
import { at, components, controlAt, layerOf, runOf, steps, typeOf, withError } from '../base/study.js';
import { get } from '../base/store.js';
import { styleOf } from '../base/look.js';
import { trainingAxis } from '../parts/figure.js';
import { lineChart } from '../charts/lines.js';
/** @import { Estimate, Line, Point } from '../base/types' */

/** @param {Estimate} r @returns {Point} */
export const pointOf = r => ({
  x: r.Step,
  y: r.Rllc,
  low: isNumber(r.Rllc) && isNumber(r.RllcStdErr) ? r.Rllc - r.RllcStdErr : undefined,
  high: isNumber(r.Rllc) && isNumber(r.RllcStdErr) ? r.Rllc + r.RllcStdErr : undefined,
  hollow: r.Status !== 'ok',
  row: r,
  tip:
    `${r.Component} on ${r.Dataset}${typeOf[r.Component] ? '\n' + typeOf[r.Component] : ''}\nstep ${formatStep(r.Step)}\n` +
    `rLLC ${withError(r)}\nR-hat ${format(r.RHat, 4)}, ESS ${format(r.Ess)}\n${r.Status}`,
});
/** One line a component on a dataset.
 * @param {string[]} list @param {string} dataset @returns {Line[]} */
export function series(list, dataset) {
  return list.map(component => ({
    name: component,
    label: component,
    component,
    ...styleOf(component),
    width: typeOf[component] === 'induction' ? 3.2 : 1.8,
    points: steps
      .map(step => at(component, dataset, step))
      .filter(r => r !== undefined)
      .map(pointOf),
  }));
}

/** @param {string} c @param {boolean} control */
export function drawCurve(c, control) {
  const host = h('div', { class: 'chart' }),
    text = get('text');
  const siblings = components.filter(x => x !== c && layerOf(x) === layerOf(c) && runOf(x) === runOf(c)).slice(0, 64);
  const own = series([c], text).map(line => ({ ...line, width: 3 }));
  if (!own[0]?.points.length) return h('p', { class: 'missing' }, `${c} was not sampled on ${text}.`);
  const grey = series(siblings, text).map(line => ({
    ...line,
    color: 'var(--none)',
    label: '',
    plain: true,
    width: 1,
    opacity: 0.8,
    points: line.points.map(p => ({ ...p, low: undefined })),
  }));
  const controls = control
    ? [
        {
          name: 'control',
          label: 'n\u03b2 = 0',
          color: 'var(--c7)',
          dash: '5 4',
          marker: 1,
          points: steps
            .map(step => controlAt(c, text, step))
            .filter(r => r !== undefined)
            .map(r => ({ ...pointOf(r), tip: 'the same chains without the loss\n' + pointOf(r).tip })),
        },
      ]
    : [];
  lineChart(host, {
    title: `rLLC of ${c} on ${text} over training`,
    series: [...grey, ...own, ...controls],
    bands: get('bands'),
    x: trainingAxis(steps),
    y: { label: 'rLLC' },
    height: w => (w < 420 ? 250 : 290),
  });
  const missing = control && !controls[0].points.length ? h('p', { class: 'missing' }, `There is no control of ${c} on ${text}.`) : '';
  return h('div', {}, host, missing);
}
