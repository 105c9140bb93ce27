// A sheet for each head, or two side by side: what it did over training, what it is, and what it answers to.
import { h, isNumber } from '../base/dom.js';
import { format, formatStep } from '../base/format.js';
import { chosen, CONTROL, get, lostHeads, set, subscribe } from '../base/store.js';
import { controlRows, choosable, clusterOf, clusterRowOf, layerOf, study, typeOf } from '../base/study.js';
import { headColumns, told } from '../parts/columns.js';
import { chooser, drawn, saves, section } from '../parts/figure.js';
import { numberColumn, stepColumn, textColumn } from '../parts/table.js';
import { mark } from '../base/hover.js';
import { statusWord } from '../base/look.js';
import { ablation, partners, profile, tokens } from './answers.js';
import { drawCurve } from './curve.js';

const KEYS = ['lost', 'heads', 'step', 'text', 'log', 'bands', 'probe', 'color'];

export function drawSheet() {
  if (!choosable.length) return;
  const host = h('div', { class: 'sheets' }),
    figure = h('figure', {}, host);
  const others = [...choosable, ...(controlRows.length ? [CONTROL] : [])];
  const beside = chooser(
    'Beside it',
    ['nothing', ...others],
    v => {
      const first = chosen()[0];
      if (first) set({ heads: v === 'nothing' || v === first ? [first] : [first, v] });
    },
    v => (v === CONTROL ? 'itself without the loss (n\u03b2 = 0)' : v),
  );
  const tools = h(
    'div',
    { class: 'controls' },
    beside.element,
    saves(
      'head',
      () => figure,
      () => ({
        columns: [
          textColumn('Head', r => r.head),
          textColumn('What', r => r.what),
          stepColumn(r => r.m?.step),
          textColumn('Dataset', r => r.m?.dataset ?? ''),
          numberColumn('Value', r => r.m?.value, 5),
          numberColumn('Standard error', r => r.m?.error, 3),
          textColumn('Status', r => r.m?.status ?? ''),
        ],
        rows: chosen().flatMap(head => headColumns.map(c => ({ head, what: c.label, m: c.get(head) }))),
      }),
    ),
  );
  section('sheet', 'The chosen head', null, tools, figure);
  drawn(KEYS, () => {
    const heads = chosen();
    tools.hidden = heads.length === 0;
    beside.select.value = get('heads')[1] ?? 'nothing';
    host.replaceChildren(
      ...(heads.length
        ? heads.map(c => sheetOf(c, heads))
        : [
            h(
              'p',
              { class: 'missing' },
              (lostHeads().length ? `The study has no head ${lostHeads().join(', ')}. ` : '') +
                'Choose a head: click a point, a line or a name in any figure, or use the arrow keys.',
            ),
          ]),
    );
    mark(host);
  });
  // A head that is asked for by its address is shown at once.
  if (chosen().length && location.hash.length > 1) requestAnimationFrame(() => document.getElementById('sheet')?.scrollIntoView());
  subscribe(['heads'], () => {
    document.title = chosen().length ? `${chosen().join(', ')} \u2013 ${study.title}` : study.title;
  });
}

/** @param {string} c @param {string[]} heads */
function sheetOf(c, heads) {
  return h(
    'article',
    { class: 'sheet', 'data-sheet': c, 'aria-label': c },
    h('h3', { class: 'name' }, c),
    h('p', { class: 'soft' }, evidence(c)),
    drawCurve(c, heads.length === 1 && get('heads')[1] === CONTROL),
    numbersOf(c),
    ...profile(c),
    ...partners(c),
    ...ablation(c),
    ...tokens(c),
  );
}

/** Its type and its cluster with what they follow from.
 * @param {string} c */
function evidence(c) {
  const type = study.types.find(t => t.component === c),
    cluster = clusterRowOf.get(c);
  return [
    typeOf[c] ? `Type: ${typeOf[c]}. ${type?.headTypeReason ?? ''}` : 'Its type was not asked for.',
    clusterOf[c] === undefined
      ? study.clusters
        ? 'It is in no cluster.'
        : ''
      : `Cluster ${clusterOf[c]} of ${study.clusters?.k} (${study.clusters?.method}; silhouette ${format(cluster?.silhouette)}).`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** Every number that it has here, and its place among the heads.
 * @param {string} c */
function numbersOf(c) {
  const shown = headColumns.filter(x => ['Estimates', 'Scores'].includes(x.group));
  const list = shown.map(column => ({ column, m: column.get(c) })).filter(p => p.m);
  const rank = (/** @type {import('../base/types').HeadColumn} */ column) => {
    const values = choosable
        .filter(x => layerOf(x) >= 0)
        .map(x => column.get(x)?.value)
        .filter(isNumber),
      own = column.get(c)?.value ?? NaN;
    return values.length > 1 ? `${1 + values.filter(v => v > own).length} of ${values.length}` : '';
  };
  const status = headColumns.find(x => x.id === 'rllc')?.get(c)?.status;
  return h(
    'div',
    { class: 'facts', tabindex: 0, role: 'group', 'aria-label': `Numbers of ${c}` },
    status ? h('p', {}, statusWord(status), ` at step ${formatStep(get('step'))} on ${get('text')}`) : null,
    h(
      'table',
      { class: 'plain' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['', 'value', 'rank'].map((t, i) => h('th', { class: i ? null : 'text', scope: 'col' }, t || 'what')),
        ),
      ),
      h(
        'tbody',
        {},
        list.map(({ column, m }) =>
          h('tr', {}, h('td', { class: 'text' }, column.label), h('td', {}, told(m)), h('td', {}, rank(column))),
        ),
      ),
    ),
  );
}
