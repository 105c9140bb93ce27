// The rLLC of all heads over training, layers apart.
import { extent, h, isNumber } from '../base/dom.js';
import { drawn, figure, subplot, trainingAxis, trainingControls } from '../parts/figure.js';
import { colorKey } from '../base/look.js';
import { components, headOf, layerOf, layers, rows, steps } from '../base/study.js';
import { get, isHidden, set } from '../base/store.js';
import { estimateColumns } from '../parts/estimates.js';
import { lineChart } from '../charts/lines.js';
import { series } from './curve.js';
/** @import { Point } from '../base/types' */

/** Takes all panels to a point's checkpoint; its chains are shown by the panel of chains.
 * @param {Point} point */
export function jump(point) {
  if (point.row) set({ step: point.row.Step, text: point.row.Dataset });
}

/** One vertical axis for the heads, and another for whatever else was sampled, which is of another size.
 * @param {string[]} list @param {string[]} chosen @returns {[number, number]} */
export function rangeFor(list, chosen) {
  const texts = new Set(chosen),
    heads = new Set(list);
  const seen = rows.filter(r => texts.has(r.Dataset) && heads.has(r.Component) && isNumber(r.Rllc));
  const ends = seen.flatMap(r => [Number(r.Rllc) - (r.RllcStdErr || 0), Number(r.Rllc) + (r.RllcStdErr || 0)]);
  const [low, high] = extent(ends, 0, 0),
    pad = (high - low) * 0.05 || 1;
  return [low < 0 ? low - pad : 0, high + pad];
}
/** @param {string[]} list @param {number} layer */
export const ofLayer = (list, layer) => list.filter(c => layerOf(c) === layer);
const layerTitle = (/** @type {number} */ layer) => (layer < 0 ? 'Other components' : 'Layer ' + layer);
export const headLayers = layers.filter(l => l >= 0);

export function drawTrajectories() {
  figure('rllc', () => {
    const panels = h('div', { class: 'panels', style: `--cols:${Math.min(2, layers.length)}` }),
      key = h('div');
    drawn(['text', 'hidden', 'color', 'log', 'bands'], () => {
      const dataset = get('text'),
        shown = components.filter(c => !isHidden(c));
      panels.replaceChildren();
      key.replaceChildren(colorKey());
      const ofHeads = rangeFor(shown.filter(headOf), [dataset]);
      const ofOthers = rangeFor(
        shown.filter(c => !headOf(c)),
        [dataset],
      );
      for (const layer of layers) {
        const { host, element } = subplot(`${layerTitle(layer)} on ${dataset}`),
          list = ofLayer(shown, layer);
        panels.append(element);
        lineChart(host, {
          title: `rLLC of the heads of layer ${layer} on ${dataset} over training`,
          series: () => series(list, dataset),
          bands: get('bands'),
          onPick: jump,
          x: trainingAxis(steps),
          y: { label: 'rLLC', range: layer < 0 ? ofOthers : ofHeads },
          height: w => (w < 420 ? 280 : 380),
        });
      }
    });
    return { body: [trainingControls(), key, panels], table: { columns: estimateColumns, rows } };
  });
}
