// A sheet for each head, or two side by side: what it did over training, what it is, and what it answers to.
import { h, isNumber } from '../base/dom.js';
import { format, formatStep, formatWithError, listed } from '../base/format.js';
import { chosen, CONTROL, get, set, subscribe } from '../base/store.js';
import { controlRows, choosable, clusterOf, clusterRowOf, layerOf, notAfter, scoreAt, scores, scoreSteps, study, typeOf } from '../base/study.js';
import { headColumns, told } from '../parts/columns.js';
import { asked, isClearProfile, patternAt, patternRows, patternsOf, patternTip, profileError, probeNames } from '../parts/patternTable.js';
import { chooser, drawn, saves, section } from '../parts/figure.js';
import { headButton, numberColumn, textColumn } from '../parts/table.js';
import { reachOf, samplesOf, sampleTitle, sampleView } from '../parts/tokens.js';
import { mark } from '../base/hover.js';
import { statusWord } from '../base/look.js';
import { dotChart } from '../charts/dots.js';
import { drawCurve } from './curve.js';

const KEYS = ['heads', 'step', 'text', 'log', 'bands', 'probe', 'color'];

export function drawSheet() {
  if (!choosable.length) return;
  const host = h('div', { class: 'sheets' }), figure = h('figure', {}, host);
  const others = [...choosable, ...(controlRows.length ? [CONTROL] : [])];
  const beside = chooser('Beside it', ['nothing', ...others], v => set({ heads: v === 'nothing' ? [chosen()[0]] : [chosen()[0], v] }),
    v => v === CONTROL ? 'itself without the loss (n\u03b2 = 0)' : v);
  const tools = h('div', { class: 'controls' }, beside.element, saves('head', () => figure, () => ({
    columns: [textColumn('Head', r => r.head), textColumn('What', r => r.what), numberColumn('Value', r => r.m?.value, 5), numberColumn('Standard error', r => r.m?.error, 3), textColumn('Status', r => r.m?.status ?? '')],
    rows: chosen().flatMap(head => headColumns.map(c => ({ head, what: c.label, m: c.get(head) }))),
  })));
  section('sheet', 'The chosen head', null, tools, figure);
  drawn(KEYS, () => {
    const heads = chosen();
    tools.hidden = heads.length === 0;
    beside.select.value = get('heads')[1] ?? 'nothing';
    host.replaceChildren(...(heads.length ? heads.map(c => sheetOf(c, heads))
      : [h('p', { class: 'missing' }, 'Choose a head: click a point, a line or a name in any figure, or use the arrow keys.')]));
    mark(host);
  });
  // A head that is asked for by its address is shown at once.
  if (chosen().length && /^#[^=]*l\d+h\d+/.test(location.hash)) requestAnimationFrame(() => document.getElementById('sheet')?.scrollIntoView());
  subscribe(['heads'], () => { document.title = chosen().length ? `${chosen().join(', ')} \u2013 ${study.title}` : study.title; });
}

/** @param {string} c @param {string[]} heads */
function sheetOf(c, heads) {
  return h('article', { class: 'sheet', 'data-sheet': c, 'aria-label': c },
    h('h3', { class: 'name' }, c), h('p', { class: 'soft' }, evidence(c)),
    drawCurve(c, heads.length === 1 && get('heads')[1] === CONTROL),
    numbersOf(c), ...profile(c), ...partners(c), ...ablation(c), ...tokens(c));
}

/** Its type and its cluster with what they follow from.
 * @param {string} c */
function evidence(c) {
  const type = study.types.find(t => t.component === c), cluster = clusterRowOf.get(c);
  return [
    typeOf[c] ? `Type: ${typeOf[c]}. ${type?.headTypeReason ?? ''}` : 'Its type was not asked for.',
    clusterOf[c] === undefined ? (study.clusters ? 'It is in no cluster.' : '')
      : `Cluster ${clusterOf[c]} of ${study.clusters?.k} (${study.clusters?.method}; silhouette ${format(cluster?.silhouette)}).`,
  ].filter(Boolean).join(' ');
}

/** Every number that it has here, and its place among the heads.
 * @param {string} c */
function numbersOf(c) {
  const shown = headColumns.filter(x => ['Estimates', 'Scores'].includes(x.group));
  const list = shown.map(column => ({ column, m: column.get(c) })).filter(p => p.m);
  const rank = (/** @type {import('../base/types').HeadColumn} */ column) => {
    const values = choosable.filter(x => layerOf(x) >= 0).map(x => column.get(x)?.value).filter(isNumber), own = column.get(c)?.value ?? NaN;
    return values.length > 1 ? `${1 + values.filter(v => v > own).length} of ${values.length}` : '';
  };
  const status = headColumns.find(x => x.id === 'rllc')?.get(c)?.status;
  return h('div', { class: 'facts', tabindex: 0, role: 'group', 'aria-label': `Numbers of ${c}` },
    status ? h('p', {}, statusWord(status), ` at step ${formatStep(get('step'))} on ${get('text')}`) : null,
    h('table', { class: 'plain' }, h('thead', {}, h('tr', {}, ['', 'value', 'rank'].map((t, i) => h('th', { class: i ? null : 'text', scope: 'col' }, t || 'what')))),
      h('tbody', {}, list.map(({ column, m }) => h('tr', {}, h('td', { class: 'text' }, column.label), h('td', {}, told(m)), h('td', {}, rank(column)))))));
}

/** @param {string} c */
function profile(c) {
  if (!patternRows.some(r => r.component === c)) return [];
  const { probe, dataset, step } = asked(), host = h('div', { class: 'chart' });
  const list = (patternsOf.get(probe) ?? []).map(p => patternAt(c, p)).filter(r => r !== undefined);
  dotChart(host, {
    title: `Profile of ${c} over the patterns of ${probe}`, x: { label: 'profile: 1 where it matters as everywhere' }, ref: 1,
    rows: list.map(r => ({ name: r.pattern, dots: isNumber(r.profile) ? [{
      x: r.profile, error: profileError(r), color: isClearProfile(r) ? (r.profile < 1 ? 'var(--fall)' : 'var(--rise)') : 'var(--c7)', hollow: !isClearProfile(r), tip: patternTip(r),
    }] : [] })),
  });
  const none = list.filter(r => !isNumber(r.profile)).map(r => r.pattern);
  return [h('h4', {}, `What it answers to: ${probe}, sampled on ${dataset}, step ${formatStep(step)}`),
    probeNames.length > 1 ? h('div', { class: 'controls' }, probeNames.map(p => h('button', { 'aria-pressed': String(p === probe), onclick: () => set({ probe: p }) }, p))) : '',
    host, none.length ? h('p', { class: 'soft' }, `No profile on ${listed(none)}.`) : ''];
}

/** The heads that it reads and that read it, by what their weights say.
 * @param {string} c */
function partners(c) {
  const step = notAfter(scoreSteps, get('step')), layer = layerOf(c);
  const name = (/** @type {number} */ l, /** @type {number} */ i) => c.replace(/l\d+h\d+$/, `l${l}h${i}`);
  const found = ['k', 'q', 'v'].flatMap(kind => {
    const column = kind + 'Composition', own = scoreAt(c, step)?.[column];
    const reads = Array.isArray(own) ? own.map((v, i) => ({ kind, other: name(layer - 1, i), v, way: 'reads' })) : [];
    const read = scores.filter(r => r.step === step && layerOf(r.component) === layer + 1 && Array.isArray(r[column]))
      .map(r => ({ kind, other: r.component, v: r[column][Number(/h(\d+)$/.exec(c)?.[1])], way: 'is read by' }));
    return [reads, read].map(list => list.filter(p => isNumber(p.v)).sort((a, b) => b.v - a.v)[0]).filter(Boolean);
  });
  if (!found.length) return [];
  return [h('h4', {}, 'It works with'), h('ul', { class: 'partners' }, found.map(p =>
    h('li', {}, `${p.kind.toUpperCase()}: ${p.way} `, headButton(p.other), ` most, ${format(p.v)}`)))];
}

/** @param {string} c */
function ablation(c) {
  const r = scoreAt(c, notAfter(scoreSteps, get('step'))), host = h('div', { class: 'chart' });
  const kinds = ['zero', 'mean', 'resample', 'position'].filter(k => isNumber(r?.[k + 'Ablation']));
  if (!r || !kinds.length) return [];
  dotChart(host, {
    title: `Loss without ${c}`, x: { label: 'loss change without it, nats per token', fromZero: true },
    rows: kinds.map(k => ({ name: k, dots: [{ x: r[k + 'Ablation'], error: r[k + 'AblationStdErr'], color: 'var(--c1)', tip: `${k} ablation of ${c}\n${formatWithError(r[k + 'Ablation'], r[k + 'AblationStdErr'])} nats` }] })),
  });
  return [h('h4', {}, `Without it, step ${formatStep(r.step)}`), host];
}

/** @param {string} c */
function tokens(c) {
  const { list, what } = samplesOf(c), reach = reachOf(list);
  const few = ['top', 'bottom'].flatMap(kind => list.filter(x => x.kind === kind).slice(0, 3));
  if (!few.length) return [h('p', { class: 'soft' }, 'No tokens of it were kept: give the study an examples step.')];
  return [h('h4', {}, 'Tokens that need it most, and least'), h('p', { class: 'soft' }, `Colour: ${what}. Hover for attention both ways.`),
    ...few.map(x => h('div', {}, h('p', { class: 'soft' }, sampleTitle(x)), sampleView(x, reach)))];
}
