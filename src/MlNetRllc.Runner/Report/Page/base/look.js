// How heads, datasets and statuses look: a colour, and beside it a dash or a mark for whoever sees no colours.
import { h, s } from './dom.js';
import { shortened } from './format.js';
import { clusterIds, clusterOf, components, datasets, headOf, placeInLayer, study, typeOf } from './study.js';
import { get, isHidden, toggleHidden } from './store.js';

/** @param {number} i */
export const color = i => `var(--c${i % 8})`;
/** Datasets have colours of their own, so that no line of a dataset is taken for a head.
 * @param {string} dataset */
export const datasetColor = dataset => `var(--d${Math.max(0, datasets.indexOf(dataset)) % 8})`;
/** @param {string} dataset */
export const datasetMarker = dataset => Math.max(0, datasets.indexOf(dataset));
/** @type {(string | undefined)[]} */
export const dashes = [undefined, '7 3', '2 3', '9 3 2 3'];
/** @type {Record<string, string>} */
export const typeColors = {
  induction: 'var(--c1)',
  'previous-token': 'var(--c0)',
  'current-token': 'var(--c2)',
  multigram: 'var(--c6)',
  unclear: 'var(--c7)',
};
const typeNames = Object.keys(typeColors);
const clusterPlace = new Map(clusterIds.map((id, i) => [id, i]));
/** @param {number} cluster */
export const clusterColor = cluster => color(clusterPlace.get(cluster) ?? 7);

/** A head's colour, dash and mark: its own within its layer, or those of its type or cluster.
 * @param {string} component @returns {{ color: string, dash?: string, marker: number }} */
export function styleOf(component, coloring = get('color')) {
  if (coloring === 'type' && typeOf[component])
    return { color: typeColors[typeOf[component]] ?? 'var(--c7)', marker: Math.max(0, typeNames.indexOf(typeOf[component])) };
  if (coloring === 'cluster' && clusterOf[component] !== undefined) {
    const place = clusterPlace.get(clusterOf[component]) ?? 0;
    return { color: color(place), marker: place };
  }
  const i = headOf(component)?.head ?? placeInLayer.get(component) ?? 0;
  return { color: color(i), dash: dashes[Math.floor(i / 8) % dashes.length], marker: i % 8 };
}
/** What the colours tell apart where they tell apart groups: type or cluster.
 * @param {string} component */
export const groupOf = component =>
  get('color') === 'type'
    ? (typeOf[component] ?? 'no type')
    : get('color') === 'cluster'
      ? clusterOf[component] === undefined
        ? 'no cluster'
        : 'cluster ' + clusterOf[component]
      : 'head ' + (headOf(component)?.head ?? component);

export const statuses = ['ok', 'not-converged', 'negative', 'diverged', 'failed'];
/** @type {Record<string, string>} */
export const statusColors = {
  ok: 'var(--good)',
  'not-converged': 'var(--warn)',
  negative: 'var(--c3)',
  diverged: 'var(--bad)',
  failed: 'var(--c7)',
  missing: 'var(--none)',
};
/** @type {Record<string, string>} */
export const statusMarks = { ok: '\u2713', 'not-converged': '~', negative: '\u2212', diverged: '\u2717', failed: '!', missing: '?' };

/** @param {string} status */
export function statusWord(status) {
  return h(
    'span',
    { class: 'status' },
    h('span', { class: 'mark', style: `color:${statusColors[status] ?? 'var(--none)'}` }, statusMarks[status] ?? '?'),
    status,
  );
}

/** Marks that stand beside colours, as SVG path data about the origin; one a place.
 * @type {((r: number) => string)[]} */
const markerPaths = [
  r => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  r => `M${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
  r => `M0 ${-1.25 * r}L${1.2 * r} ${r}H${-1.2 * r}z`,
  r => `M0 ${-1.35 * r}L${1.35 * r} 0L0 ${1.35 * r}L${-1.35 * r} 0z`,
  r => `M0 ${1.25 * r}L${1.2 * r} ${-r}H${-1.2 * r}z`,
  r =>
    `M${-r} ${-r / 3}h${r * 0.67}v${-r * 0.67}h${r * 0.66}v${r * 0.67}h${r * 0.67}` +
    `v${r * 0.66}h${-r * 0.67}v${r * 0.67}h${-r * 0.66}v${-r * 0.67}h${-r * 0.67}z`,
  r => `M${-1.2 * r} ${-0.6 * r}H${1.2 * r}V${0.6 * r}H${-1.2 * r}z`,
  r => `M${-0.6 * r} ${-1.2 * r}H${0.6 * r}V${1.2 * r}H${-0.6 * r}z`,
];
/** @param {number | undefined} marker */
export const markerPath = (marker, r = 3) => markerPaths[(marker ?? 0) % markerPaths.length](r);

/** A row of names with their colours. Those that can be switched are buttons.
 * @param {{ color: string, text: string, marker?: number, dash?: string, dot?: boolean, on?: boolean, toggle?: () => void }[]} entries */
export function legend(entries) {
  const sign = (/** @type {any} */ e) =>
    s(
      'svg',
      { viewBox: '0 0 22 12', width: 22, height: 12, 'aria-hidden': 'true', style: `color:${e.color};stroke:${e.color}` },
      e.dot ? '' : s('line', { x1: 1, x2: 21, y1: 6, y2: 6, 'stroke-width': 2.4, 'stroke-dasharray': e.dash }),
      e.marker === undefined && !e.dot
        ? ''
        : s('path', { d: markerPath(e.marker, 4), transform: 'translate(11 6)', fill: 'currentColor' }),
    );
  return h(
    'div',
    { class: 'chips key' },
    entries.map(e =>
      e.toggle
        ? h(
            'button',
            { class: 'chip', 'aria-pressed': String(e.on), title: `${e.on ? 'hide' : 'show'} ${e.text}`, onclick: e.toggle },
            sign(e),
            shortened(e.text, 40),
          )
        : h('span', { class: 'chip plain' }, sign(e), shortened(e.text, 40)),
    ),
  );
}

/** What the colours stand for, as buttons that hide and show: heads of the same number share a colour over layers.
 * @param {string[]} [list] */
export function colorKey(list = components) {
  const groups = [
    ...Map.groupBy(
      list.filter(c => headOf(c) || get('color') === 'head'),
      groupOf,
    ),
  ];
  if (groups.length > 24) return h('div');
  return legend(
    groups.map(([text, members]) => ({
      ...styleOf(members[0]),
      text: get('color') === 'head' && members.length === 1 ? members[0] : text,
      on: !members.every(isHidden),
      toggle: () => toggleHidden(members),
    })),
  );
}

/** @param {string} dataset */
export const isTraining = dataset => dataset === study.trainingText;
