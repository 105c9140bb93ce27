// Every estimate of a dataset by its status, with a mark of its own for each.
import { h } from '../base/dom.js';
import { compactStep, formatStep, plural } from '../base/format.js';
import { actsOn, mark } from '../base/hover.js';
import { statusColors, statuses, statusMarks, statusWord } from '../base/look.js';
import { at, components, rows, steps, withError } from '../base/study.js';
import { set } from '../base/store.js';
import { codeOf } from '../parts/estimates.js';
import { headButton } from '../parts/table.js';
import { withTip } from '../charts/tip.js';
/** @import { Estimate } from '../base/types' */

/** The map of statuses: drawn anew only when it shows other estimates, and of many components only those about the chosen one. */
export function statusMap() {
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
  const words = (/** @type {Estimate} */ r) =>
    `${r.Component}, step ${formatStep(r.Step)}\nrLLC ${withError(r)}\n${r.Status} ${codeOf(r.StatusReason)}`.trim();
  const button = (/** @type {Estimate} */ r) =>
    withTip(
      h(
        'button',
        {
          style: `background:${statusColors[r.Status] ?? 'var(--none)'}`,
          'aria-label': `${r.Component}, step ${r.Step}: ${r.Status}`,
          'aria-pressed': 'false',
          onclick: (/** @type {PointerEvent} */ event) => {
            if (actsOn(event, r)) set({ heads: [r.Component], step: r.Step, text: r.Dataset });
          },
        },
        statusMarks[r.Status] ?? '?',
      ),
      () => words(r),
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
