// What is chosen on the page: one store for all panels, kept in the address, so that a link shows the same again.
import { checkpoints, choosable, clusterIds, components, datasets, lastStep, study } from './study.js';

/** What heads can be coloured by. */
export const colorChoices = ['head', ...(clusterIds.length ? ['cluster'] : []), ...(study.types.length ? ['type'] : [])];
/** The second place of a comparison may be the chains that never see the loss. */
export const CONTROL = 'control';

/** What heads are spread out by at first: what tells their types, or the same on another dataset. */
function firstColumn() {
  if (study.scores?.columns.includes('prefixMatching')) return 'prefixMatching';
  const other = datasets.find(d => d !== study.trainingText);
  return other && datasets.length > 1 ? 'rllc:' + other : 'layer';
}

/** @type {Record<string, any>} */
const defaults = {
  heads: [],
  step: lastStep ?? checkpoints[checkpoints.length - 1] ?? 0,
  text: study.trainingText || datasets[0] || '',
  color: 'head',
  log: true,
  bands: true,
  hidden: [],
  x: firstColumn(),
  y: 'rllc',
  c: '',
  by: 'rllc',
  least: null,
  probe: null,
};
/** @type {Record<string, any>} */
const values = { ...defaults };
/** @type {{ keys: string[] | null, listener: () => void }[]} */
const subscriptions = [];

/** @param {string} key */
export const get = key => values[key];
/** The chosen heads; without the control.
 * @returns {string[]} */
export const chosen = () => values.heads.filter((/** @type {string} */ c) => c !== CONTROL);

/** Calls a listener after each change of one of the keys; of any, where none is named.
 * @param {string[] | null} keys @param {() => void} listener */
export function subscribe(keys, listener) {
  subscriptions.push({ keys, listener });
}

/** Changes what is chosen; every panel that shows it is told once.
 * @param {Record<string, any>} change */
export function set(change) {
  const changed = Object.keys(change).filter(key => !same(values[key], change[key]));
  if (!changed.length) return;
  for (const key of changed) values[key] = change[key];
  write();
  tell(changed);
}

/** @param {string[]} changed */
function tell(changed) {
  for (const { keys, listener } of [...subscriptions]) if (!keys || keys.some(k => changed.includes(k))) listener();
}
/** @param {any} a @param {any} b */
const same = (a, b) => a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((v, i) => v === b[i]));

/** Chooses a head for all panels; beside the first one where asked.
 * @param {string} component */
export function select(component, beside = false) {
  const first = chosen()[0];
  if (beside && first && first !== component) set({ heads: [first, component] });
  else set({ heads: [component] });
}

/** Goes to the head that many places on.
 * @param {number} by */
export function selectNext(by) {
  if (!choosable.length) return;
  const place = choosable.indexOf(chosen()[0] ?? '');
  const at = (/** @type {number} */ i) => choosable[(i + 2 * choosable.length) % choosable.length];
  const from = place < 0 ? (by > 0 ? 0 : choosable.length - 1) : place + by;
  // A comparison stays one: the head beside is stepped over.
  const next = at(from) === values.heads[1] && choosable.length > 2 ? at(from + by) : at(from);
  set({ heads: [next, ...values.heads.slice(1).filter((/** @type {string} */ c) => c !== next)] });
}

/** @param {string} component */
export const isHidden = component => values.hidden.includes(component);
/** Hides lines of some components, or shows them again where all are hidden.
 * @param {string[]} list */
export function toggleHidden(list) {
  const all = list.every(isHidden);
  set({ hidden: all ? values.hidden.filter((/** @type {string} */ c) => !list.includes(c)) : [...new Set([...values.hidden, ...list])] });
}

const parts = /** @type {Record<string, (text: string) => any>} */ ({
  step: t => {
    const v = Number(t);
    return checkpoints.includes(v) ? v : undefined;
  },
  text: t => (datasets.includes(t) ? t : undefined),
  color: t => (colorChoices.includes(t) ? t : undefined),
  log: t => t !== '0',
  bands: t => t !== '0',
  hidden: t =>
    t
      .split(',')
      .map(unescaped)
      .filter(c => components.includes(c)),
  least: t => (Number.isFinite(Number(t)) ? Number(t) : undefined),
});
/** @type {Record<string, (value: any) => string>} */
const written = {
  log: v => (v ? '1' : '0'),
  bands: v => (v ? '1' : '0'),
  hidden: v => v.map(encodeURIComponent).join(','),
};
const encoded = (/** @type {string} */ text) => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%3A', ':');

/** The address's part behind '#': the heads, then whatever is not as it is at first. */
function fragment() {
  const heads = values.heads.map(encoded).join(',');
  const rest = Object.keys(defaults)
    .filter(k => k !== 'heads' && !same(values[k], defaults[k]) && values[k] !== null)
    .map(k => `${k}=${Object.hasOwn(written, k) ? written[k](values[k]) : encoded(String(values[k]))}`);
  return [heads, ...rest].filter(Boolean).join('&');
}

/** Reads an address's part behind '#'; what it names and the study lacks is left out.
 * @param {string} text @returns {{ change: Record<string, any>, section: string, missing: string[] }} */
export function parse(text) {
  /** @type {Record<string, any>} */
  const change = { ...defaults };
  let section = '';
  /** @type {string[]} */
  let missing = [];
  for (const part of text.replace(/^#/, '').split('&').filter(Boolean)) {
    const cut = part.indexOf('=');
    if (cut < 0) {
      const names = part.split(',').map(unescaped);
      const heads = [...new Set(names.filter((n, i) => choosable.includes(n) || (n === CONTROL && i === 1)))].slice(0, 2);
      if (heads.length) change.heads = heads;
      else section = names[0];
      missing = heads.length && heads.length < names.length ? names.filter(n => !heads.includes(n)) : missing;
      continue;
    }
    const key = part.slice(0, cut),
      value = part.slice(cut + 1);
    if (!Object.hasOwn(defaults, key) || key === 'heads') continue;
    const read = Object.hasOwn(parts, key) ? parts[key](key === 'hidden' ? value : unescaped(value)) : unescaped(value);
    if (read !== undefined) change[key] = read;
  }
  return { change, section, missing };
}
/** @param {string} text */
function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function write() {
  const text = fragment(),
    place = location.pathname + location.search + (text ? '#' + text : '');
  // Where the page is shown from a string there is no address to write.
  try {
    history.replaceState(null, '', place);
  } catch {
    /* the choice stands all the same */
  }
}

/** Takes over what the address says; a section's name scrolls there. */
export function readAddress() {
  const { change, section, missing } = parse(location.hash);
  const target = section ? document.getElementById(section) : null;
  lost = target || !section ? missing : [section];
  if (target) target.scrollIntoView();
  else set(change);
  if (!target) write();
  tell(['lost']);
}

/** @type {string[]} */
let lost = [];
/** Heads that the address names and the study lacks. */
export const lostHeads = () => lost;
addEventListener('hashchange', readAddress);
{
  // What is chosen stands before the first panel is drawn, so nothing is drawn twice.
  const { change } = parse(location.hash);
  Object.assign(values, change);
}
