// The head finder: every head a point, x, y and colour from any column, at any checkpoint; beside it a list by one column.
import { extent, h, isNumber } from '../base/dom.js';
import { format, formatStep, plural } from '../base/format.js';
import { columnOf, headColumns, told, whereOf } from '../parts/columns.js';
import { drawn, panel } from '../parts/figure.js';
import { statuses, statusColors, statusMarks, styleOf } from '../base/look.js';
import { mark } from '../base/hover.js';
import { choosable, clusterOf, headOf, named, runOf, typeOf } from '../base/study.js';
import { get, set } from '../base/store.js';
import { headButton, headColumn, numberColumn, stepColumn, textColumn } from '../parts/table.js';
import { scatterChart } from '../charts/scatter.js';

const KEYS = ['step', 'text', 'x', 'y', 'c', 'color', 'hidden'];
/** Heads, or whatever else was sampled where there are none. */
const heads = choosable.some(headOf) ? choosable.filter(headOf) : choosable;

/** @param {string} label @param {string} key @param {{ value: string, text: string, group: string }[]} options */
function columnChooser(label, key, options) {
  const groups = Map.groupBy(options, o => o.group);
  const select = h(
    'select',
    { onchange: () => set({ [key]: select.value, ...(key === 'by' ? { least: null } : {}) }) },
    [...groups].map(([name, list]) =>
      h(
        'optgroup',
        { label: name },
        list.map(o => h('option', { value: o.value }, o.text)),
      ),
    ),
  );
  drawn([key], () => {
    select.value = key === 'c' ? get(key) : columnOf(get(key)).id;
  });
  return h('label', {}, label, select);
}
const columns = headColumns.map(c => ({ value: c.id, text: c.label, group: c.group }));
const ofGroups = [
  { value: '', text: 'as in all figures', group: 'Groups' },
  { value: 'status', text: 'status', group: 'Groups' },
];

/** A colour for each head by the chosen column, and what the colours mean. */
function coloring() {
  const c = get('c');
  if (c === 'status')
    return {
      of: (/** @type {string} */ head) => {
        const i = Math.max(0, statuses.indexOf(columnOf('rllc').get(head)?.status ?? ''));
        return { color: statusColors[statuses[i]], marker: i };
      },
      words: 'Colours are statuses: ' + statuses.map(w => `${statusMarks[w]} ${w}`).join(', ') + '.',
    };
  const column = headColumns.find(x => x.id === c);
  if (!column) return { of: (/** @type {string} */ head) => styleOf(head), words: '' };
  const values = new Map(heads.map(head => [head, column.get(head)?.value]));
  const [low, high] = extent([...values.values()].filter(isNumber));
  return {
    of: (/** @type {string} */ head) => {
      const v = values.get(head),
        share = isNumber(v) ? (v - low) / (high - low || 1) : NaN;
      return {
        color: isNumber(share) ? `color-mix(in oklab, var(--high) ${Math.round(100 * share)}%, var(--low))` : 'var(--none)',
        marker: 0,
      };
    },
    words:
      low > high
        ? `No head has ${column.label} here.`
        : `Colour: ${column.label}, from ${format(low)} (light) to ${format(high)} (dark).`,
  };
}

export function drawFinder() {
  if (!heads.length || !headColumns.length) return;
  panel('finder', 'Find a head', () => {
    const host = h('div', { class: 'chart' });
    const draw = () => {
      const x = columnOf(get('x')),
        y = columnOf(get('y')),
        look = coloring();
      const shown = heads.filter(c => !get('hidden').includes(c));
      const list = shown.map(c => ({ c, x: x.get(c), y: y.get(c) })).filter(p => p.x && p.y);
      scatterChart(host, {
        title: `Heads by ${x.label} and ${y.label}`,
        x: { label: x.label },
        y: { label: y.label },
        points: list.map(p => ({
          name: p.c,
          component: p.c,
          x: p.x?.value ?? NaN,
          y: p.y?.value ?? NaN,
          errorX: p.x?.error,
          error: p.y?.error,
          hollow: [p.x?.status, p.y?.status].some(v => v && v !== 'ok'),
          ...look.of(p.c),
          tip: `${named(p.c)}\n${x.label}: ${told(p.x)}\n${y.label}: ${told(p.y)}`,
        })),
      });
      if (!list.length)
        host.replaceChildren(
          h('p', { class: 'missing' }, `No head has both ${x.label} and ${y.label} here: ${missing(x)}; ${missing(y)}.`),
        );
    };
    drawn(KEYS, draw);
    return {
      body: [
        h(
          'div',
          { class: 'controls' },
          columnChooser('x', 'x', columns),
          columnChooser('y', 'y', columns),
          columnChooser('Colour', 'c', [...ofGroups, ...columns]),
        ),
        h('div', { class: 'split finder' }, host, drawList()),
      ],
      keys: KEYS,
      caption,
      table: { columns: tableColumns(), rows: heads.map(c => ({ c })) },
    };
  });
}
const missing = (/** @type {import('../base/types').HeadColumn} */ column) =>
  `${plural(heads.filter(c => column.get(c)).length, 'head')} of ${heads.length} have ${column.label}`;

function caption() {
  const [x, y] = [columnOf(get('x')), columnOf(get('y'))],
    look = coloring();
  const [xs, ys] = [heads.map(c => x.get(c)), heads.map(c => y.get(c))];
  const both = heads.filter((_, i) => xs[i] && ys[i]).length;
  const bad = heads.filter((_, i) => [xs[i], ys[i]].some(m => m?.status && m.status !== 'ok')).length;
  return [
    `${both} of ${plural(heads.length, 'head')} at step ${formatStep(get('step'))}: ${x.label} (${whereOf(xs)}) ` +
      `and ${y.label} (${whereOf(ys)}).`,
    'Crosses are one standard error; an axis without them has no error.',
    bad ? `${bad} ${bad === 1 ? 'is' : 'are'} drawn hollow: an estimate is not ok.` : '',
    look.words,
    'A click chooses a head in every panel, a click with Shift a second one beside it.',
  ]
    .filter(Boolean)
    .join(' ');
}

const tableColumns = () => [
  headColumn('Head', r => r.c),
  stepColumn(() => get('step')),
  textColumn('Dataset', () => get('text')),
  textColumn('Type', r => typeOf[r.c] ?? ''),
  { name: 'Cluster', get: (/** @type {any} */ r) => clusterOf[r.c] ?? '' },
  ...(runOf(heads[0]) ? [textColumn('Run', r => runOf(r.c))] : []),
  ...headColumns
    .filter(c => !['layer', 'place'].includes(c.id))
    .flatMap(column => [
      numberColumn(column.label, r => column.get(r.c)?.value),
      ...(heads.some(c => isNumber(column.get(c)?.error))
        ? [numberColumn(column.label + ', error', r => column.get(r.c)?.error, 2)]
        : []),
    ]),
];

/** Heads in the order of one column, those above a threshold. */
function drawList() {
  const slider = h('input', { type: 'range', min: 0, max: 1000, step: 1, 'aria-label': 'Threshold of the list' });
  const list = h('div', { class: 'list', role: 'group', 'aria-label': 'Heads above the threshold', tabindex: 0 });
  const words = h('p', { class: 'soft', 'aria-live': 'polite' });
  let low = 0,
    high = 1;
  const share = (/** @type {number} */ v) => (high > low ? ((v - Math.min(0, low)) / (high - Math.min(0, low))).toFixed(3) : '1');
  slider.addEventListener('input', () => set({ least: +slider.value === 0 ? null : low + ((high - low) * slider.value) / 1000 }));
  drawn(['step', 'text', 'by', 'least', 'color', 'hidden'], () => {
    const column = columnOf(get('by'));
    const known = heads
      .map(c => ({ c, m: column.get(c) }))
      .filter(p => p.m)
      .sort((a, b) => (b.m?.value ?? 0) - (a.m?.value ?? 0));
    [low, high] = extent(known.map(p => p.m?.value));
    const least = get('least') ?? -Infinity,
      over = known.filter(p => (p.m?.value ?? 0) >= least);
    slider.value = String(
      get('least') === null || high <= low ? 0 : Math.round(1000 * Math.min(1, Math.max(0, (least - low) / (high - low)))),
    );
    slider.setAttribute('aria-valuetext', get('least') === null ? 'all' : 'at least ' + format(least));
    words.textContent = known.length
      ? [
          `${over.length} of ${known.length}${get('least') === null ? '' : ` with ${column.label} of at least ${format(least)}`}`,
          whereOf(known.map(p => p.m)),
        ].join(', ')
      : `No head has ${column.label} here.`;
    list.replaceChildren(
      ...over
        .slice(0, 300)
        .map(({ c, m }) =>
          h(
            'div',
            { class: 'item' },
            headButton(c),
            h('span', { class: 'spark', style: `--share:${share(m?.value ?? 0)};color:${styleOf(c).color}` }),
            h('span', {}, told(m)),
          ),
        ),
      over.length > 300 ? h('p', { class: 'soft' }, `${over.length - 300} more: raise the threshold.`) : '',
    );
    mark(list);
  });
  return h(
    'div',
    { class: 'side' },
    h('div', { class: 'controls' }, columnChooser('List by', 'by', columns), h('label', {}, 'at least', slider)),
    words,
    list,
  );
}
