// Tables that can be sorted, filtered and saved; one line a row.
import { h, isNumber } from '../base/dom.js';
import { format, formatStep } from '../base/format.js';
import { mark } from '../base/hover.js';
import { saveCsv } from './save.js';
/** @import { Column } from '../base/types' */

/** @param {string} name @param {(r: any) => any} get @returns {Column} */
export const textColumn = (name, get) => ({ name, text: true, get });
/** @param {string} name @param {(r: any) => any} get @returns {Column} */
export const headColumn = (name, get) => ({ name, text: true, get, head: true });
/** @param {string} name @param {(r: any) => any} get @returns {Column} */
export const numberColumn = (name, get, digits = 3) => ({ name, get, show: v => format(v, digits) });
/** @param {(r: any) => any} get @returns {Column} */
export const stepColumn = get => ({ name: 'Step', get, show: v => formatStep(v) });

/** Rows that are drawn at once. */
const MOST_ROWS = 300;

/** @param {string} name @param {Column[]} columns @param {any[]} data @param {{ tools?: any }} [options] @returns {HTMLElement} */
export function table(name, columns, data, options = {}) {
  /** @type {number | null} */
  let sorted = null;
  let descending = false,
    filter = '',
    all = false;
  const body = h('tbody'),
    more = h('div', { class: 'controls' });
  const sortBy = (/** @type {Column} */ c, /** @type {number} */ i) => {
    descending = sorted === i ? !descending : !c.text;
    sorted = i;
    fill();
  };
  const headers = columns.map((c, i) =>
    h('th', { class: c.text ? 'text' : null, scope: 'col' }, h('button', { onclick: () => sortBy(c, i) }, c.name)),
  );
  const search = h('input', {
    type: 'search',
    placeholder: 'Filter, such as l1h3 docs',
    'aria-label': 'Filter the table ' + name,
    oninput: () => {
      filter = search.value.toLowerCase();
      fill();
    },
  });
  const number = (/** @type {any} */ v) => (isNumber(v) ? v : -Infinity);
  const compare = (/** @type {any} */ x, /** @type {any} */ y) =>
    typeof x === 'string' ? x.localeCompare(String(y), 'en', { numeric: true }) : number(x) - number(y);
  const cell = (/** @type {Column} */ c, /** @type {any} */ r) =>
    h(
      'td',
      { class: c.wide ? 'text reason' : c.text ? 'text' : null },
      c.head ? headButton(String(c.get(r) ?? '')) : c.show ? c.show(c.get(r), r) : String(c.get(r) ?? ''),
    );
  function fill() {
    let list = data.filter(r => filter.split(/\s+/).every(word => columns.some(c => String(c.get(r)).toLowerCase().includes(word))));
    if (sorted !== null) {
      const get = columns[sorted].get,
        sign = descending ? -1 : 1;
      list = [...list].sort((a, b) => sign * compare(get(a), get(b)));
    }
    headers.forEach((th, i) => {
      const isSorted = sorted === i;
      th.setAttribute('aria-sort', isSorted ? (descending ? 'descending' : 'ascending') : 'none');
      th.firstChild.textContent = columns[i].name + (isSorted ? (descending ? ' \u2193' : ' \u2191') : '');
    });
    const limit = all ? list.length : MOST_ROWS;
    body.replaceChildren(
      ...list.slice(0, limit).map(r =>
        h(
          'tr',
          {},
          columns.map(c => cell(c, r)),
        ),
      ),
    );
    mark(body);
    more.replaceChildren(
      h('span', { class: 'soft' }, `${Math.min(limit, list.length)} of ${data.length} rows`),
      list.length > limit
        ? h(
            'button',
            {
              onclick: () => {
                all = true;
                fill();
              },
            },
            'Show all',
          )
        : '',
    );
  }
  fill();
  return h(
    'div',
    { class: 'table' },
    h(
      'div',
      { class: 'controls' },
      search,
      options.tools ?? '',
      h('button', { onclick: () => saveCsv(name, columns, data) }, 'Save as CSV'),
    ),
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Table ' + name },
      h('table', {}, h('thead', {}, h('tr', {}, headers)), body),
    ),
    more,
  );
}

/** A head's name, which chooses it in every panel.
 * @param {string} component */
export const headButton = (component, text = component) =>
  h('button', { class: 'head', 'data-head': component, 'aria-pressed': 'false', title: component }, text);
