// Tokens in context: how they are shown, and the samples of a head.
import { h, isNumber } from '../base/dom.js';
import { format, formatWithError } from '../base/format.js';
import { study } from '../base/study.js';
import { heat } from '../charts/heat.js';
import { hideTip, showTip } from '../charts/tip.js';
/** @import { Example, Sample } from '../base/types' */

/** The token as it can be seen: line ends and blanks have marks, and line ends still end lines.
 * @param {string} text @param {import('../base/dom.js').Attributes} attributes */
export function tokenSpan(text, attributes) {
  const shown = text.replaceAll('\r', '').replaceAll('\t', '\u21e5 '),
    parts = shown.split('\n');
  return h(
    'span',
    { ...attributes, class: ('token ' + (attributes.class ?? '')).trim() },
    parts.flatMap((part, i) => (i < parts.length - 1 ? [part, h('i', {}, '\u21b5'), '\n'] : [part])),
  );
}
/** @param {string} text */
export const tokenName = text => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"') || '(empty)';

/** Attention of each token to those up to itself, as it is packed: row i has i + 1 bytes, 255 for all of it.
 * @param {string | null | undefined} packed */
export function attentionOf(packed) {
  if (!packed) return null;
  const bytes = atob(packed);
  return (/** @type {number} */ i, /** @type {number} */ j) => (j > i ? 0 : bytes.charCodeAt((i * (i + 1)) / 2 + j) / 255);
}

/** A value lies clearly off zero by two of its errors; without an error nothing is known of that.
 * @param {any} value @param {any} error */
export const isClear = (value, error) => !isNumber(error) || Math.abs(value) > 2 * error;

/** Samples of a head: those that came with the study, or of its example texts, by the change of the loss without the head.
 * @param {string} component @returns {{ list: Sample[], what: string }} */
export function samplesOf(component) {
  const own = study.samples.filter(x => x.component === component);
  if (own.length) return { list: own, what: 'n\u03b2 times the rise of a token\u2019s loss under the head\u2019s chains' };
  return { list: fromExamples(component), what: 'the token\u2019s loss without the head less that with it, nats, without an error' };
}

const BEFORE = 16,
  AFTER = 7,
  FEW = 6;
/** @param {string} component @returns {Sample[]} */
function fromExamples(component) {
  const all = study.examples
    .flatMap((e, context) => {
      const head = e.heads.find(x => x.component === component);
      return (head?.lossChange ?? []).map((value, place) => ({ e, context, place, value, head })).filter(t => isNumber(t.value));
    })
    .sort((a, b) => Number(b.value) - Number(a.value));
  if (all.length < 2 * FEW) return all.map(t => windowOf(component, t, 'top', 0));
  const decile = (/** @type {number} */ d) => all[Math.round((all.length - 1) * (1 - d / 100))];
  return [
    ...all.slice(0, FEW).map(t => windowOf(component, t, 'top', 0)),
    ...all
      .slice(-FEW)
      .reverse()
      .map(t => windowOf(component, t, 'bottom', 0)),
    ...[90, 80, 70, 60, 50, 40, 30, 20, 10].map(d => windowOf(component, decile(d), 'decile', d)),
  ];
}
/** @param {string} component @param {any} t @param {string} kind @param {number} decile @returns {Sample} */
function windowOf(component, { e, context, place, head }, kind, decile) {
  const from = Math.max(0, place - BEFORE),
    to = Math.min(e.tokens.length, place + AFTER + 1),
    look = attentionOf(head.attention);
  let packed = '';
  for (let i = from; look && i < to; i++) for (let j = from; j <= i; j++) packed += String.fromCharCode(Math.round(255 * look(i, j)));
  return {
    component,
    dataset: e.dataset,
    probe: '',
    kind,
    decile,
    context,
    place: place - from,
    tokens: e.tokens.slice(from, to),
    values: head.lossChange.slice(from, to),
    errors: [],
    attention: packed ? btoa(packed) : '',
  };
}

/** The size that has the full colour: nearly all values of a head's samples lie below it.
 * @param {Sample[]} list */
export function reachOf(list) {
  const sizes = list
    .flatMap(x => x.values)
    .filter(isNumber)
    .map(Math.abs)
    .sort((a, b) => a - b);
  return Math.max(sizes[Math.floor((sizes.length - 1) * 0.97)] ?? 0, 1e-9);
}

/** A sample's tokens, coloured from the middle out; attention both ways from the token under the pointer, held by a click.
 * @param {Sample} sample @param {number} reach @returns {HTMLElement} */
export function sampleView(sample, reach) {
  const look = attentionOf(sample.attention);
  /** @type {number | null} */
  let held = null;
  /** @type {string[]} */
  const words = [];
  const spans = sample.tokens.map((t, i) => {
    const v = sample.values[i],
      error = sample.errors[i],
      clear = isClear(v, error);
    const share = isNumber(v) ? Math.min(1, Math.abs(v) / reach) : 0;
    words[i] =
      `\u201c${tokenName(t)}\u201d\n` +
      (isNumber(v) ? `${v > 0 ? '+' : ''}${formatWithError(v, error)}${clear ? '' : ', within two errors of zero'}` : 'not measured');
    return tokenSpan(t, {
      class: [i === sample.place ? 'at' : '', isNumber(v) && !clear ? 'pale' : ''].join(' '),
      style: isNumber(v) && share > 0.03 ? `background:${heat(v, share, clear ? 1 : 0.25)}` : null,
      onpointerenter: () => show(held ?? i),
      onpointermove: (/** @type {PointerEvent} */ event) => tell(i, event),
      onclick: (/** @type {PointerEvent} */ event) => {
        hold(i);
        if (event.pointerType === 'touch') tell(i, event);
      },
    });
  });
  const tell = (/** @type {number} */ i, /** @type {{ clientX: number, clientY: number }} */ place) =>
    showTip(words[i] + looks(i), place);
  const hold = (/** @type {number} */ i) => {
    held = held === i ? null : i;
    show(held);
  };
  const looks = (/** @type {number} */ i) => {
    if (!look) return '';
    const top = sample.tokens.map((_, j) => ({ j, w: look(i, j) })).sort((a, b) => b.w - a.w)[0];
    return top && top.w > 0.05 ? `\nlooks most at \u201c${tokenName(sample.tokens[top.j])}\u201d, ${format(100 * top.w, 2)} %` : '';
  };
  const show = (/** @type {number | null} */ i) =>
    spans.forEach((span, j) => {
      const to = i === null || !look ? 0 : look(i, j),
        from = i === null || !look || j <= i ? 0 : look(j, i);
      span.style.setProperty('--looked', to > 0.02 ? String(Math.min(1, to * 1.6)) : '0');
      span.style.setProperty('--looking', from > 0.02 ? String(Math.min(1, from * 1.6)) : '0');
      span.classList.toggle('here', i === j);
      span.classList.toggle('held', held === j);
    });
  let current = sample.place;
  const leave = () => {
    hideTip();
    show(held);
  };
  return h(
    'div',
    {
      class: 'tokens sample',
      tabindex: 0,
      role: 'group',
      'aria-label': `${sampleTitle(sample)}; arrow keys go from token to token, Enter holds one`,
      onpointerleave: (/** @type {PointerEvent} */ event) => (event.pointerType === 'touch' ? null : leave()),
      onblur: leave,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const by = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, Enter: 0 })[event.key];
        if (by === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        current = Math.max(0, Math.min(spans.length - 1, current + by));
        if (by === 0) hold(current);
        else show(current);
        const box = spans[current].getBoundingClientRect();
        tell(current, { clientX: box.right, clientY: box.bottom });
      },
    },
    spans,
  );
}

/** @param {Sample} sample */
export function sampleTitle(sample) {
  const v = sample.values[sample.place],
    kind = sample.kind === 'decile' ? `decile ${sample.decile}` : sample.kind;
  return (
    `${kind}: \u201c${tokenName(sample.tokens[sample.place] ?? '')}\u201d ` +
    (isNumber(v) ? formatWithError(v, sample.errors[sample.place]) : 'not measured') +
    `, context ${sample.context + 1} of ${sample.probe || sample.dataset}`
  );
}
/** @param {Example} e @param {number} i */
export const exampleTitle = (e, i) => `${i + 1}: ${e.dataset}`;
