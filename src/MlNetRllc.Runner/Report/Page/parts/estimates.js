// The columns of the table of estimates; the reason of a status is a letter, whose sentence stands once below the table.
import { distinct, h } from '../base/dom.js';
import { format, formatStep } from '../base/format.js';
import { statusWord } from '../base/look.js';
import { rows, study } from '../base/study.js';
/** @import { Column } from '../base/types' */

/** A reason without its numbers: what all estimates with the same fault have in common.
 * @param {string} reason */
const kindOf = reason => reason.replace(/[-\u2212]?\d+(\.\d+)?(e[-+]?\d+)?%?/gi, '\u2026');
const kinds = distinct(rows.filter(r => r.StatusReason).map(r => kindOf(r.StatusReason)));
/** @param {number} i @returns {string} */
const letter = i => (i < 26 ? String.fromCharCode(97 + i) : letter(Math.floor(i / 26) - 1) + letter(i % 26));
const codes = new Map(kinds.map((kind, i) => [kind, letter(i)]));
/** @param {string} reason */
export const codeOf = reason => (reason ? (codes.get(kindOf(reason)) ?? '') : '');
/** Every kind of reason once, with its letter and how often it is met. */
export function reasonList() {
  if (!kinds.length) return '';
  const count = Map.groupBy(
    rows.filter(r => r.StatusReason),
    r => codeOf(r.StatusReason),
  );
  return h(
    'dl',
    { class: 'reasons' },
    kinds.flatMap(kind => {
      const code = codes.get(kind) ?? '';
      return [h('dt', {}, code), h('dd', {}, kind, h('small', {}, ` (${count.get(code)?.length} of ${rows.length})`))];
    }),
  );
}

const textColumns = new Set(['Component', 'Dataset', 'Status', 'StatusReason']);
/** @param {string} name @returns {((v: any, r: any) => any) | undefined} */
function shownAs(name) {
  if (name === 'Status') return statusWord;
  if (name === 'Step') return formatStep;
  if (name === 'StatusReason') return v => (v ? h('abbr', { title: v }, codeOf(v)) : '');
  return textColumns.has(name) ? undefined : v => format(v, name === 'RHat' ? 4 : 3);
}
const headings = /** @type {Record<string, string>} */ ({ StatusReason: 'Why' });
/** @type {Column[]} */
export const estimateColumns = study.rllc.columns.map(name => ({
  name: headings[name] ?? name,
  text: textColumns.has(name),
  head: name === 'Component',
  get: r => r[name] ?? '',
  show: shownAs(name),
}));
