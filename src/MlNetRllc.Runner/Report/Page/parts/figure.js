// Sections and figures: numbered heading, marks, caption that follows the choices, files, and the numbers on demand.
import { h } from '../base/dom.js';
import { formatStep } from '../base/format.js';
import { problem } from '../base/problems.js';
import { figures, page, study } from '../base/study.js';
import { colorChoices, get, set, subscribe } from '../base/store.js';
import { saveCsv, savePng, saveSvg } from './save.js';
import { table } from './table.js';
import { stepScale } from '../charts/scale.js';
/** @import { Column, Figure } from '../base/types' */

/** Of the page's address: the one panel that is shown, where it is embedded elsewhere. */
export const onlyPanel = new URLSearchParams(location.search).get('panel');

/** @param {string} id @param {string} title @param {string | null} lead @param {...any} children @returns {HTMLElement} */
export function section(id, title, lead, ...children) {
  const element = h(
    'section',
    { id, 'aria-label': title, hidden: onlyPanel && onlyPanel !== id ? '' : null },
    h(onlyPanel ? 'h1' : 'h2', {}, title),
    lead ? h('p', { class: 'soft' }, lead) : null,
    ...children,
  );
  page.append(element);
  return element;
}

/** Buttons that save what a figure shows.
 * @param {string} name @param {() => HTMLElement} drawn @param {(() => { columns: Column[], rows: any[] }) | null} numbers */
export function saves(name, drawn, numbers) {
  const file = `${study.title}-${name}`.replaceAll(/[^\w.-]+/g, '-').slice(0, 80);
  const button = (/** @type {string} */ text, /** @type {() => void} */ onclick) =>
    h('button', { class: 'small', title: `Save this figure as ${text}`, onclick }, text);
  return h(
    'div',
    { class: 'saves' },
    button('SVG', () => saveSvg(file, drawn())),
    button('PNG', () => {
      void savePng(file, drawn());
    }),
    numbers
      ? button('CSV', () => {
          const t = numbers();
          saveCsv(file, t.columns, t.rows);
        })
      : '',
  );
}

/** A caption whose sentences were made of one checkpoint and dataset, where a figure shows another.
 * @param {string} caption @param {number} step @param {string} [dataset] @param {{ step: number, dataset?: string }} [shown] */
export function captionOf(caption, step, dataset, shown = { step: get('step') }) {
  const same = shown.step === step && (dataset === undefined || shown.dataset === dataset);
  return same ? caption : `What is said here is of step ${formatStep(step)}${dataset ? ', sampled on ' + dataset : ''}. ${caption}`;
}

/** What is drawn under a figure's id; it may follow the choices by itself.
 * @typedef {{ body: any, table?: { columns: Column[], rows: any[] | (() => any[]) }, caption?: () => string, keys?: string[] }} Drawing */

/** Draws a figure if the study has it.
 * @param {string} id @param {(figure: Figure) => Drawing} build */
export function figure(id, build) {
  const f = figures.find(x => x.id === id);
  if (f) panel(id, f.title, () => build(f), f);
}

/** A panel of the page; one that cannot be drawn says so, and the others stand.
 * @param {string} id @param {string} title @param {() => Drawing} build @param {Figure} [f] */
export function panel(id, title, build, f) {
  if (onlyPanel && onlyPanel !== id) return;
  /** @type {Drawing} */
  let drawing;
  try {
    drawing = build();
  } catch (e) {
    section(id, title, null, problem('This figure', e instanceof Error ? e.message : String(e)));
    console.error(e);
    return;
  }
  const numbers = drawing.table,
    words = h('span', { 'aria-live': 'off' });
  const caption = () => {
    words.textContent = drawing.caption?.() ?? (f?.byText?.[get('text')] ?? f)?.caption ?? '';
  };
  caption();
  const rows = () => (typeof numbers?.rows === 'function' ? numbers.rows() : numbers?.rows) ?? [];
  const holder = h('div');
  const fill = () => {
    if (details.open && !holder.firstChild) holder.append(table(id, numbers?.columns ?? [], rows()));
  };
  subscribe(drawing.keys ?? ['text', 'step', 'heads'], () => {
    caption();
    if (!drawing.keys) return;
    // What follows the choices does so in its numbers too.
    holder.replaceChildren();
    if (details) fill();
  });
  const details = numbers ? h('details', { class: 'data', ontoggle: fill }, h('summary', {}, 'Numbers of this figure'), holder) : null;
  const drawn = h('figure', {}, drawing.body, h('figcaption', {}, f ? h('b', {}, `Figure ${f.number}. `) : null, words));
  section(
    id,
    title,
    null,
    drawn,
    saves(id, () => drawn, numbers ? () => ({ columns: numbers.columns, rows: rows() }) : null),
    details,
  );
}

/** Draws now and after every change of one of the keys.
 * @param {string[]} keys @param {() => void} draw */
export function drawn(keys, draw) {
  draw();
  subscribe(keys, draw);
}

/** @param {string} title @returns {{ host: HTMLElement, element: HTMLElement }} */
export function subplot(title, host = h('div', { class: 'panel' })) {
  return { host, element: h('div', {}, h('h3', {}, title), host) };
}

/** @param {string} text @param {string} key of the store, which is true or false */
export function toggle(text, key) {
  const button = h('button', { onclick: () => set({ [key]: !get(key) }) }, text);
  drawn([key], () => button.setAttribute('aria-pressed', String(get(key))));
  return button;
}

/** @param {string} label @param {any[]} options @param {(v: string) => void} onchange @param {(v: any) => string} [shown] */
export function chooser(label, options, onchange, shown = v => String(v)) {
  const select = h(
    'select',
    { onchange: () => onchange(select.value) },
    options.map(o => h('option', { value: o }, shown(o))),
  );
  return { element: h('label', {}, label, select), select };
}

/** A choice that follows the store, and is followed by it; nothing where there is nothing to choose.
 * @param {string} label @param {string} key @param {any[]} options @param {(v: any) => string} [shown] */
export function storeChooser(label, key, options, shown) {
  if (options.length < 2) return '';
  const choice = chooser(label, options, v => set({ [key]: options.find(o => String(o) === v) }), shown);
  drawn([key], () => {
    choice.select.value = String(get(key));
  });
  return choice.element;
}

/** The buttons and choices that figures over training share.
 * @param {...any} others */
export function trainingControls(...others) {
  return h(
    'div',
    { class: 'controls' },
    others,
    storeChooser('Colour by', 'color', colorChoices),
    toggle('Log steps', 'log'),
    toggle('Error bands', 'bands'),
  );
}

/** @param {number[]} over */
export const trainingAxis = (over, label = 'training step') => ({ scale: stepScale(over, get('log')), label });
