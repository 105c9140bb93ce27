// Chains and diagnostics of one estimate, and the map of all by status.
import { h, isNumber } from '../base/dom.js';
import { compactStep, format, formatStep, listed, plural } from '../base/format.js';
import { drawn, panel } from '../parts/figure.js';
import { color, dashes, statusColors, statuses, statusMarks, statusWord } from '../base/look.js';
import { mark } from '../base/hover.js';
import { at, components, datasets, lastStep, notAfter, rows, steps, study, withError } from '../base/study.js';
import { chosen, get, set } from '../base/store.js';
import { headButton, headColumn, numberColumn } from '../parts/table.js';
import { codeOf } from '../parts/estimates.js';
import { lineChart } from '../charts/lines.js';
import { linearScale } from '../charts/scale.js';
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
      map = drawMap();
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
        columns: [headColumn('Head', r => r.c), numberColumn('Chain', r => r.chain), numberColumn('Mean of its draws', r => r.mean, 4)],
        rows: study.traces
          .filter(t => rows[t.row]?.Step === lastStep)
          .flatMap(t => chainMeans(t).map((mean, chain) => ({ c: rows[t.row].Component, chain: chain + 1, mean }))),
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

/** The map of statuses: drawn anew only when it shows other estimates, and of many components only those about the chosen one. */
function drawMap() {
  const narrow = steps.length > 24,
    map = h('div', { class: narrow ? 'map narrow' : 'map', tabindex: 0, role: 'group', 'aria-label': 'Estimates by status' });
  const most = Math.max(8, Math.floor(4000 / Math.max(1, steps.length))),
    seen = new Set(rows.map(r => r.Status));
  const key = h(
    'p',
    { class: 'soft mapkey' },
    [...new Set([...statuses, ...seen])].filter(v => seen.has(v)).map(v => h('span', {}, statusWord(v))),
  );
  /** @type {Map<Estimate, HTMLElement>} */
  const cells = new Map();
  let mapOf = '';
  const button = (/** @type {Estimate} */ r) =>
    h(
      'button',
      {
        style: `background:${statusColors[r.Status] ?? 'var(--none)'}`,
        title: `${r.Component}, step ${formatStep(r.Step)}: ${r.Status} ${codeOf(r.StatusReason)}`,
        'aria-label': `${r.Component}, step ${r.Step}: ${r.Status}`,
        'aria-pressed': 'false',
        onclick: () => set({ heads: [r.Component], step: r.Step, text: r.Dataset }),
      },
      statusMarks[r.Status] ?? '?',
    );
  const heading = (/** @type {number} */ v, /** @type {number} */ i) =>
    h(
      'th',
      { class: 'step', scope: 'col' },
      !narrow || i % 4 === 0 ? h('span', {}, compactStep(v)) : h('span', { class: 'hidden' }, compactStep(v)),
    );
  const draw = (/** @type {string[]} */ list, /** @type {string} */ dataset) => {
    cells.clear();
    map.replaceChildren(
      h(
        'table',
        {},
        h('tr', {}, h('td'), steps.map(heading)),
        list.map(c =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, headButton(c)),
            steps.map(v => {
              const r = at(c, dataset, v);
              if (!r) return h('td');
              const cell = button(r);
              cells.set(r, cell);
              return h('td', {}, cell);
            }),
          ),
        ),
      ),
      components.length > list.length
        ? h(
            'p',
            { class: 'soft' },
            `${plural(components.length - list.length, 'other component')} of ${components.length}: choose one to see the map about it.`,
          )
        : '',
    );
    mark(map);
  };
  return {
    element: h('div', {}, key, map),
    show(/** @type {Estimate} */ r) {
      const place = Math.max(0, components.indexOf(r.Component));
      const from = components.length <= most ? 0 : Math.min(Math.floor(place / most) * most, components.length - 1);
      const list = components.slice(from, from + most),
        shown = `${r.Dataset}\n${list[0]}`;
      if (mapOf !== shown) {
        draw(list, r.Dataset);
        mapOf = shown;
      }
      for (const cell of map.querySelectorAll('td [aria-pressed=true]')) cell.setAttribute('aria-pressed', 'false');
      const cell = cells.get(r);
      cell?.setAttribute('aria-pressed', 'true');
      if (cell) map.scrollLeft = cell.offsetLeft - map.clientWidth / 2;
    },
  };
}
