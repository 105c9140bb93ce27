// Chains and diagnostics of one estimate, and the map of all by status.
import { h, isNumber } from '../base/dom.js';
import { format, formatStep, listed, plural } from '../base/format.js';
import { drawn, panel } from '../parts/figure.js';
import { color, dashes, statusWord } from '../base/look.js';
import { at, components, datasets, lastStep, notAfter, rows, steps, study, withError } from '../base/study.js';
import { chosen, get } from '../base/store.js';
import { headColumn, numberColumn, stepColumn, textColumn } from '../parts/table.js';
import { lineChart } from '../charts/lines.js';
import { linearScale } from '../charts/scale.js';
import { statusMap } from './statusMap.js';
/** @import { Estimate, Trace } from '../base/types' */

const traceOf = new Map(study.traces.map(t => [t.row, t]));
const first =
  [...rows].filter(r => r.Step === lastStep && isNumber(r.Rllc)).sort((a, b) => Number(b.Rllc) - Number(a.Rllc))[0] ?? rows[0];
/** The estimate of the chosen head, dataset and checkpoint; the highest one where none is chosen. */
function current() {
  const component = chosen().find(c => components.includes(c)) ?? first.Component;
  const dataset = datasets.includes(get('text')) ? get('text') : first.Dataset;
  return at(component, dataset, notAfter(steps, get('step'))) ?? steps.map(step => at(component, dataset, step)).find(Boolean) ?? first;
}

/** @param {Trace} trace */
function decode(trace) {
  const bytes = atob(trace.data),
    out = [];
  for (let i = 0; i < bytes.length; i += 2) {
    let v = bytes.charCodeAt(i) | (bytes.charCodeAt(i + 1) << 8);
    if (v > 32767) v -= 65536;
    out.push(v === -32768 ? NaN : v * trace.scale);
  }
  return out;
}

export function drawChains() {
  if (!rows.length) return;
  panel('chains', 'Chains and diagnostics', () => {
    const chart = h('div', { class: 'chart' }),
      facts = h('dl'),
      map = statusMap();
    let draws = false;
    const single = h(
      'button',
      {
        'aria-pressed': 'false',
        onclick: () => {
          draws = !draws;
          single.setAttribute('aria-pressed', String(draws));
          show();
        },
      },
      'Single draws',
    );
    const show = () => {
      const r = current(),
        trace = traceOf.get(r.index);
      facts.replaceChildren(...factsOf(r, trace).flatMap(([k, v]) => [h('dt', {}, k), h('dd', {}, v)]));
      if (trace) drawTrace(chart, r, trace, draws);
      else chart.replaceChildren(h('p', { class: 'missing' }, 'No trace was kept for this estimate.'));
      map.show(r);
    };
    drawn(['heads', 'text', 'step'], show);
    return {
      body: [h('div', { class: 'controls' }, single), map.element, h('div', { class: 'split apart' }, chart, facts)],
      caption: () => captionOf(current()),
      keys: ['heads', 'text', 'step'],
      table: {
        columns: [
          headColumn('Head', r => r.r.Component),
          textColumn('Dataset', r => r.r.Dataset),
          stepColumn(r => r.r.Step),
          numberColumn('Chain', r => r.chain),
          numberColumn('Mean of its draws', r => r.mean, 4),
        ],
        rows: () => {
          const step = notAfter(steps, get('step'));
          return study.traces
            .filter(t => rows[t.row]?.Step === step)
            .flatMap(t => chainMeans(t).map((mean, chain) => ({ r: rows[t.row], chain: chain + 1, mean })));
        },
      },
    };
  });
}
/** @param {Trace} trace */
function chainMeans(trace) {
  const values = decode(trace);
  return Array.from({ length: trace.chains }, (_, c) => {
    const own = values.slice(c * trace.draws, (c + 1) * trace.draws).filter(Number.isFinite);
    return own.length ? own.reduce((a, b) => a + b, 0) / own.length : NaN;
  });
}

/** @param {Estimate} r @param {Trace | undefined} trace @returns {[string, any][]} */
function factsOf(r, trace) {
  const size = format(r.Ess),
    below = r.NegativeShare;
  return [
    ['Estimate', `${r.Component} on ${r.Dataset}, step ${formatStep(r.Step)}`],
    ['rLLC', withError(r)],
    ['Status', statusWord(r.Status)],
    ...(r.StatusReason ? /** @type {[string, any][]} */ ([['Why', r.StatusReason]]) : []),
    ['R-hat', `${format(r.RHat, 4)} (1 when chains agree)`],
    ['Effective sample size', trace ? `${size} of ${trace.chains * trace.recorded} draws` : size],
    ['Geweke, largest |z|', format(r.Geweke)],
    ['Draws below baseline', isNumber(below) ? (100 * below).toFixed(0) + ' %' : 'n/a'],
    ['Drift, second half \u2212 first', format(r.Drift)],
    ...(trace?.acceptance?.length
      ? /** @type {[string, any][]} */ ([['MALA acceptance', trace.acceptance.map(v => format(v, 2)).join(', ')]])
      : []),
  ];
}
/** @param {Estimate} r */
function captionOf(r) {
  const trace = traceOf.get(r.index),
    ends = trace ? chainMeans(trace).filter(isNumber) : [];
  return (
    `${r.Component} on ${r.Dataset}, step ${formatStep(r.Step)}` +
    (trace
      ? `: ${plural(trace.chains, 'chain')}${ends.length ? ` ending at ${listed(ends.map(v => format(v)))}.` : ', none finite.'}`
      : '.') +
    (trace && trace.block > 1 ? ` Each point is the mean of ${trace.block} draws.` : '') +
    (r.Status === 'ok' ? ' They agree within the limits.' : ` Status: ${r.Status}. ${r.StatusReason ?? ''}`) +
    ' The map shows every estimate of the dataset by status; a click takes all panels there.'
  );
}

/** @param {HTMLElement} chart @param {Estimate} r @param {Trace} trace @param {boolean} draws */
function drawTrace(chart, r, trace, draws) {
  const values = decode(trace),
    lines = [];
  for (let chain = 0; chain < trace.chains; chain++) {
    let sum = 0,
      n = 0;
    const points = [];
    for (let k = 0; k < trace.draws; k++) {
      const v = values[chain * trace.draws + k];
      if (!Number.isFinite(v)) break;
      sum += v;
      n++;
      const y = draws ? v : sum / n,
        x = (k + 1) * trace.block;
      points.push({ x, y, tip: `chain ${chain + 1}, draw ${x}\n${draws ? 'this draw' : 'mean so far'} ${format(y)}` });
    }
    lines.push({
      name: 'chain ' + (chain + 1),
      label: 'chain ' + (chain + 1),
      color: color(chain),
      dash: dashes[Math.floor(chain / 8) % 4],
      plain: true,
      width: 1.8,
      points,
    });
  }
  lineChart(chart, {
    title: `Chains of ${r.Component} on ${r.Dataset} at step ${r.Step}`,
    series: lines,
    refs: isNumber(r.Rllc) ? [{ y: r.Rllc, label: 'estimate', color: 'var(--ink)' }] : [],
    x: { scale: linearScale([1, trace.draws * trace.block]), label: 'draw', format: String },
    y: { label: draws ? 'n\u03b2 \u00d7 loss difference' : 'running mean of n\u03b2 \u00d7 loss difference' },
    height: 310,
  });
}
