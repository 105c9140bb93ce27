// The same heads on each dataset.
import { h } from '../base/dom.js';
import { formatStep } from '../base/format.js';
import { captionOf, drawn, figure, subplot, trainingAxis, trainingControls } from '../parts/figure.js';
import { colorKey, datasetColor, datasetMarker, legend, styleOf } from '../base/look.js';
import { at, datasets, headComponents, lastStep, notAfter, rows, steps, study, withError } from '../base/study.js';
import { get, isHidden } from '../base/store.js';
import { headColumn, numberColumn, stepColumn, textColumn } from '../parts/table.js';
import { dotChart } from '../charts/dots.js';
import { lineChart } from '../charts/lines.js';
import { series } from './curve.js';
import { headLayers, jump, ofLayer, rangeFor } from './trajectories.js';

/** Above it, a chart for each head is a page for nobody. */
const MOST_SMALL = 64;

export function drawTexts() {
  figure('texts', f => {
    const grid = h('div', { class: 'panels', style: `--cols:${Math.min(3, datasets.length)}` });
    const key = h('div'),
      dots = h('div', { class: 'chart' }),
      small = h('div', { class: 'panels small' }),
      title = h('h3', { class: 'apart' });
    const order = [study.trainingText, ...datasets.filter(d => d !== study.trainingText)];
    /** @type {Set<string>} */
    const off = new Set();
    const texts = h('div');
    const drawTexts = () =>
      texts.replaceChildren(
        legend(
          order.map(d => ({
            color: datasetColor(d),
            marker: datasetMarker(d),
            text: d,
            on: !off.has(d),
            toggle: () => {
              if (!off.delete(d)) off.add(d);
              draw();
            },
          })),
        ),
      );
    const headByHead = () => {
      small.replaceChildren();
      const range = rangeFor(headComponents, order);
      for (const component of headComponents.filter(c => !isHidden(c)).slice(0, MOST_SMALL)) {
        const { host, element } = subplot(component);
        small.append(element);
        lineChart(host, {
          title: `rLLC of ${component} on each dataset`,
          noLabels: true,
          onPick: jump,
          bands: get('bands'),
          series: () =>
            order
              .filter(d => !off.has(d))
              .map(d => ({ ...series([component], d)[0], color: datasetColor(d), marker: datasetMarker(d), dash: undefined, width: 2 })),
          x: trainingAxis(steps, 'step'),
          y: { label: 'rLLC', range },
          height: 170,
        });
      }
    };
    const folded = h(
      'details',
      {
        ontoggle: () => {
          if (folded.open) headByHead();
        },
      },
      h('summary', {}, 'Head by head over training'),
      small,
    );
    const dotOf = (/** @type {string} */ c, /** @type {string} */ d, /** @type {number} */ step) => {
      const r = at(c, d, step);
      return (
        r && {
          x: r.Rllc,
          error: r.RllcStdErr,
          color: datasetColor(d),
          marker: datasetMarker(d),
          hollow: r.Status !== 'ok',
          tip: `${c} on ${d}\nrLLC ${withError(r)}\n${r.Status}`,
        }
      );
    };
    const drawDots = () => {
      const step = notAfter(steps, get('step')),
        shown = headComponents.filter(c => !isHidden(c)).slice(0, 200);
      title.textContent = `At step ${formatStep(step)}`;
      dotChart(dots, {
        title: 'rLLC of each head on each dataset',
        x: { label: `rLLC at step ${formatStep(step)}`, fromZero: true },
        rows: shown.map(c => ({
          name: c,
          component: c,
          color: styleOf(c).color,
          dots: order
            .filter(d => !off.has(d))
            .map(d => dotOf(c, d, step))
            .filter(d => d !== undefined),
        })),
      });
    };
    const draw = () => {
      grid.replaceChildren();
      key.replaceChildren(colorKey(headComponents));
      drawTexts();
      const heads = headComponents.filter(c => !isHidden(c)),
        range = rangeFor(heads, order);
      for (const layer of headLayers)
        for (const dataset of order.filter(d => !off.has(d))) {
          const { host, element } = subplot(`Layer ${layer} on ${dataset}`);
          grid.append(element);
          lineChart(host, {
            title: `rLLC of the heads of layer ${layer} on ${dataset}`,
            series: () => series(ofLayer(heads, layer), dataset),
            bands: get('bands'),
            onPick: jump,
            x: trainingAxis(steps),
            y: { label: 'rLLC', range },
            height: w => (w < 420 ? 260 : 310),
          });
        }
      drawDots();
      if (folded.open) headByHead();
    };
    drawn(['hidden', 'color', 'log', 'bands'], draw);
    drawn(['step'], drawDots);
    return {
      body: [trainingControls(), key, grid, title, texts, dots, folded],
      keys: ['step'],
      caption: () => captionOf(f.caption, lastStep, undefined, { step: notAfter(steps, get('step')) }),
      table: {
        columns: [
          stepColumn(r => r.Step),
          headColumn('Head', r => r.Component),
          textColumn('Dataset', r => r.Dataset),
          numberColumn('rLLC', r => r.Rllc),
          numberColumn('Standard error', r => r.RllcStdErr, 2),
          textColumn('Status', r => r.Status),
        ],
        rows: rows.filter(r => headComponents.includes(r.Component)),
      },
    };
  });
}
