// Layer by layer against a frozen model; and the whole model on many datasets.
import { distinct, extent, h, isNumber } from '../base/dom.js';
import { formatStep, formatWithError } from '../base/format.js';
import { drawn, figure, subplot, trainingAxis, trainingControls } from '../parts/figure.js';
import { color, colorKey, dashes, isTraining, styleOf } from '../base/look.js';
import { datasetRows, headOf, referenceRows, withStatus } from '../base/study.js';
import { get, isHidden } from '../base/store.js';
import { headColumn, numberColumn, stepColumn, textColumn } from '../parts/table.js';
import { dotChart } from '../charts/dots.js';
import { lineChart } from '../charts/lines.js';
/** @import { Estimate } from '../base/types' */

const stdErr = numberColumn('Standard error', r => r.RllcStdErr, 2);

export function drawReference() {
  const referenceOf = Map.groupBy(referenceRows, r => r.Component),
    wholeOf = Map.groupBy(datasetRows, r => r.Dataset);
  figure('reference', f => {
    const grid = h('div', { class: 'panels', style: '--cols:2' }),
      key = h('div');
    const referenceSteps = distinct(referenceRows.map(r => r.Step)).sort((a, b) => a - b);
    const ofHeads = referenceRows.filter(r => headOf(r.Component)).map(r => r.Rllc);
    const means = f.data.flatMap((/** @type {any} */ l) => l.points.map((/** @type {any} */ p) => p.value));
    const [low, high] = extent([...ofHeads, ...means].filter(isNumber), 0, 0),
      pad = (high - low) * 0.05 || 1;
    const headPoint = (/** @type {string} */ c, /** @type {Estimate} */ r) => ({
      x: r.Step,
      y: r.Rllc,
      tip: `${c}\nstep ${formatStep(r.Step)}\nrLLC ${withStatus(r)}`,
    });
    const headLine = (/** @type {string} */ c) => ({
      name: c,
      label: '',
      component: c,
      ...styleOf(c),
      width: 1.2,
      opacity: 0.65,
      plain: true,
      points: (referenceOf.get(c) ?? []).map(r => headPoint(c, r)),
    });
    const meanPoint = (/** @type {number} */ layer, /** @type {any} */ p) => ({
      x: p.step,
      y: p.value,
      low: p.value - p.stdErr,
      high: p.value + p.stdErr,
      tip: `layer ${layer}\nstep ${formatStep(p.step)}\n${formatWithError(p.value, p.stdErr)}`,
    });
    drawn(['log', 'bands', 'color', 'hidden'], () => {
      grid.replaceChildren();
      key.replaceChildren(colorKey([...referenceOf.keys()].filter(headOf)));
      for (const { layer, points } of f.data) {
        const { host, element } = subplot('Layer ' + layer);
        grid.append(element);
        const heads = [...referenceOf.keys()].filter(c => headOf(c)?.layer === layer && !isHidden(c)).map(headLine);
        const mean = {
          name: 'layer ' + layer,
          label: heads.length ? 'mean' : '',
          color: 'var(--ink)',
          width: 3.4,
          plain: true,
          points: points.map((/** @type {any} */ p) => meanPoint(layer, p)),
        };
        lineChart(host, {
          title: `rLLC of layer ${layer} against the frozen one-layer model`,
          series: [...heads, mean],
          bands: get('bands'),
          x: trainingAxis(referenceSteps),
          y: { label: 'rLLC', range: [low < 0 ? low - pad : 0, high + pad] },
          height: w => (w < 420 ? 270 : 330),
        });
      }
    });
    const columns = [
      stepColumn(r => r.Step),
      headColumn('Head', r => r.Component),
      textColumn('Dataset', r => r.Dataset),
      numberColumn('rLLC', r => r.Rllc),
      stdErr,
      textColumn('Status', r => r.Status),
    ];
    return { body: [trainingControls(), key, grid], table: { columns, rows: referenceRows } };
  });

  figure('datasets', () => {
    const dots = h('div', { class: 'chart' }),
      curves = h('div', { class: 'chart' });
    const datasetSteps = distinct(datasetRows.map(r => r.Step)).sort((a, b) => a - b);
    const last = datasetSteps[datasetSteps.length - 1],
      over = datasetSteps.length > 2;
    const final = datasetRows.filter(r => r.Step === last && isNumber(r.Rllc)).sort((a, b) => Number(b.Rllc) - Number(a.Rllc));
    const names = final.map(r => r.Dataset),
      shade = (/** @type {string} */ d) => (isTraining(d) ? 'var(--d1)' : 'var(--d0)');
    const pointOf = (/** @type {string} */ d, /** @type {any} */ r) => ({
      x: r.Step,
      y: r.Rllc,
      low: r.Rllc - r.RllcStdErr,
      high: r.Rllc + r.RllcStdErr,
      tip: `${d}\nstep ${formatStep(r.Step)}\n${withStatus(r)}`,
    });
    const lineOf = (/** @type {string} */ d, /** @type {number} */ i) => ({
      name: d,
      label: d,
      color: color(i).replace('--c', '--d'),
      dash: dashes[Math.floor(i / 8) % dashes.length],
      marker: i,
      plain: true,
      width: isTraining(d) ? 3 : 1.6,
      points: (wholeOf.get(d) ?? []).map(r => pointOf(d, r)),
    });
    dotChart(dots, {
      title: 'Coefficient of the whole model on each dataset',
      x: { label: `LLC of all weights at step ${formatStep(last)}` },
      rows: final.map(r => ({
        name: r.Dataset,
        color: isTraining(r.Dataset) ? shade(r.Dataset) : undefined,
        dots: [
          { x: r.Rllc, error: r.RllcStdErr, color: shade(r.Dataset), hollow: r.Status !== 'ok', tip: `${r.Dataset}\n${withStatus(r)}` },
        ],
      })),
    });
    if (over)
      drawn(['log', 'bands'], () =>
        lineChart(curves, {
          title: 'Coefficient of the whole model on each dataset over training',
          bands: get('bands'),
          x: trainingAxis(datasetSteps),
          y: { label: 'LLC of all weights' },
          height: Math.max(340, names.length * 15 + 70),
          series: names.map(lineOf),
        }),
      );
    const both = () =>
      h(
        'div',
        { class: 'panels', style: '--cols:2' },
        h('div', {}, h('h3', {}, 'At the last checkpoint'), dots),
        h('div', {}, h('h3', {}, 'Over training'), curves),
      );
    const columns = [
      stepColumn(r => r.Step),
      textColumn('Dataset', r => r.Dataset),
      numberColumn('LLC', r => r.Rllc),
      stdErr,
      textColumn('Status', r => r.Status),
    ];
    return { body: over ? both() : dots, table: { columns, rows: datasetRows } };
  });
}
