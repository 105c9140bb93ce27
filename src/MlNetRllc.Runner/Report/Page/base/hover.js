// What the pointer is over, and what is chosen, in every panel at once. Elements that stand for a head carry data-head.
import { chosen, select, subscribe } from './store.js';

let hot = '';
/** Marks a head under the pointer wherever it stands; '' for none.
 * @param {string} component */
export function hover(component) {
  if (component === hot) return;
  const before = hot;
  hot = component;
  for (const element of document.querySelectorAll('[data-head]')) {
    const head = element.getAttribute('data-head');
    if (head === before || head === hot) light(element);
  }
}
/** @param {Element} element */
function light(element) {
  const is = hot !== '' && element.getAttribute('data-head') === hot;
  element.classList.toggle('hot', is);
  const svg = element.classList.contains('series') ? element.closest('svg') : null;
  if (svg) svg.classList.toggle('focus', svg.querySelector('.series.hot') !== null);
}

/** Marks the chosen heads among what was just drawn.
 * @param {ParentNode} root */
export function mark(root) {
  const heads = chosen();
  for (const element of root.querySelectorAll('[data-head]')) {
    const place = heads.indexOf(element.getAttribute('data-head') ?? '');
    element.classList.toggle('chosen', place >= 0);
    element.classList.toggle('second', place === 1);
    if (element.matches('button, [role=button], [role=option]')) element.setAttribute('aria-pressed', String(place >= 0));
    if (element.getAttribute('data-head') === hot) light(element);
  }
}
subscribe(['heads'], () => mark(document));

/** @param {Event} event */
const headUnder = event => (event.target instanceof Element ? event.target.closest('[data-head]') : null);
document.addEventListener('pointerover', event => {
  const element = headUnder(event);
  // Charts of lines tell themselves which line is nearest.
  if (!element) {
    if (!(event.target instanceof Element && event.target.closest('svg.lines'))) hover('');
  } else if (!element.closest('svg.lines')) hover(element.getAttribute('data-head') ?? '');
});
let touched = /** @type {unknown} */ (null);
/** On a touch screen the first tap shows the note and the second one acts; a click of the mouse acts at once.
 * @param {{ pointerType?: string }} event @param {unknown} what */
export function actsOn(event, what) {
  if (event.pointerType !== 'touch') return true;
  const again = touched === what;
  touched = again ? null : what;
  return again;
}

document.addEventListener('click', event => {
  const element = headUnder(event);
  if (!element || element.closest('svg.lines')) return;
  // A button says what it does; a mark in a chart is told of first.
  if (element.closest('svg') && !actsOn(/** @type {PointerEvent} */ (event), element)) return;
  select(element.getAttribute('data-head') ?? '', event.shiftKey || event.ctrlKey || event.metaKey);
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  const element = event.target instanceof Element && event.target.matches('[data-head][role=button]') ? event.target : null;
  if (!element) return;
  event.preventDefault();
  select(element.getAttribute('data-head') ?? '', event.shiftKey);
});

/** Charts over training, each of which shows a step under the pointer of any other.
 * @type {Set<{ host: Element, show: (step: number | null) => void }>} */
const cursors = new Set();
/** @param {Element} host @param {(step: number | null) => void} show */
export function followStep(host, show) {
  for (const c of cursors) if (c.host === host || !c.host.isConnected) cursors.delete(c);
  cursors.add({ host, show });
}
/** @param {number | null} step */
export function hoverStep(step) {
  for (const c of cursors)
    if (c.host.isConnected) c.show(step);
    else cursors.delete(c);
}
