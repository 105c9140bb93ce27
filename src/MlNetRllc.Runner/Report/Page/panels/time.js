// The bar that stays in sight: one checkpoint for all panels, played or chosen, the dataset, the chosen heads, and a link to what is seen.
import { extent, h, isNumber, s } from '../base/dom.js';
import { compactStep, formatStep } from '../base/format.js';
import { checkpoints, choosable, datasets, page, stages } from '../base/study.js';
import { chosen, get, select, selectNext, set, subscribe } from '../base/store.js';
import { chooser, drawn, onlyPanel, storeChooser } from '../parts/figure.js';
import { moveNow } from '../charts/axes.js';
import { stepScale } from '../charts/scale.js';
import { withTip } from '../charts/tip.js';

/** How finely the slider moves; the checkpoint nearest to it is taken. */
const FINE = 1000;
const scale = stepScale(checkpoints, true);
const span = scale.high - scale.low || 1;
const placeOf = (/** @type {number} */ step) => (scale.map(step) - scale.low) / span;

export function drawBar() {
  if (!checkpoints.length) return;
  subscribe(['step'], moveNow);
  page.append(
    h(
      'div',
      { class: 'bar', role: 'group', 'aria-label': 'What all panels show', hidden: onlyPanel ? '' : null },
      checkpoints.length > 1 ? timeline() : h('span', { class: 'soft' }, `One checkpoint: step ${formatStep(checkpoints[0])}`),
      storeChooser('Dataset', 'text', datasets),
      headChooser(),
      copyButton(),
    ),
  );
}

function timeline() {
  const slider = h('input', { type: 'range', min: 0, max: FINE, step: 1, 'aria-label': 'Checkpoint' });
  const told = h('output', { class: 'now' });
  const nearest = (/** @type {number} */ place) =>
    checkpoints.reduce((a, b) => (Math.abs(placeOf(b) - place) < Math.abs(placeOf(a) - place) ? b : a));
  slider.addEventListener('input', () => set({ step: nearest(slider.value / FINE) }));
  slider.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    const by = /** @type {Record<string, number>} */ ({
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -5,
      PageUp: 5,
      Home: -1e9,
      End: 1e9,
    })[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    go(by);
  });
  drawn(['step'], () => {
    slider.value = String(Math.round(placeOf(get('step')) * FINE));
    slider.setAttribute('aria-valuetext', 'step ' + formatStep(get('step')));
    told.textContent = 'step ' + formatStep(get('step'));
  });
  return h('div', { class: 'timeline' }, playButton(), h('div', { class: 'track' }, slider, ticks()), told);
}

/** @param {number} by checkpoints */
function go(by) {
  const place = checkpoints.indexOf(get('step'));
  set({ step: checkpoints[Math.max(0, Math.min(checkpoints.length - 1, place + by))] });
}

function playButton() {
  /** @type {ReturnType<typeof setInterval> | null} */
  let timer = null;
  const stop = () => {
    if (timer) clearInterval(timer);
    timer = null;
    show();
  };
  const start = () => {
    if (get('step') === checkpoints[checkpoints.length - 1]) set({ step: checkpoints[0] });
    timer = setInterval(
      () => {
        go(1);
        if (get('step') === checkpoints[checkpoints.length - 1]) stop();
      },
      Math.max(120, Math.min(700, 12000 / checkpoints.length)),
    );
    show();
  };
  const button = h('button', { class: 'play', onclick: () => (timer ? stop() : start()) });
  const show = () => {
    button.textContent = timer ? '\u25a0' : '\u25b6';
    button.setAttribute('aria-label', timer ? 'Stop' : 'Play training');
  };
  show();
  return button;
}

/** Checkpoints as ticks, and where stages end with the range in which that was found again. */
function ticks() {
  const svg = s('svg', { viewBox: '0 0 1000 20', preserveAspectRatio: 'none', class: 'ticks', 'aria-hidden': 'true' });
  const x = (/** @type {number} */ step) => (8 + 984 * placeOf(step)).toFixed(1);
  for (const step of checkpoints) svg.append(s('line', { x1: x(step), x2: x(step), y1: 0, y2: 6, class: 'base' }));
  stages.slice(0, -1).forEach(t => {
    const inside = (/** @type {any} */ v) => Math.min(checkpoints[checkpoints.length - 1], Math.max(checkpoints[0], v));
    const known = isNumber(t.toLow) && isNumber(t.toHigh);
    const words =
      `stage ${t.name} ends at step ${formatStep(Math.round(t.to))}` +
      (known ? `; found again between ${compactStep(Math.round(t.toLow ?? 0))} and ${compactStep(Math.round(t.toHigh ?? 0))}` : '');
    if (known) {
      const [low, high] = extent([+x(inside(t.toLow)), +x(inside(t.toHigh))]);
      svg.append(s('rect', { x: low, y: 8, width: Math.max(2, high - low), height: 10, class: 'stageerror' }));
    }
    svg.append(withTip(s('rect', { x: +x(inside(t.to)) - 1.5, y: 6, width: 3, height: 14, class: 'stageend' }), words));
  });
  return svg;
}

function headChooser() {
  if (!choosable.length) return '';
  const none = 'none';
  const choice = chooser('Head', [none, ...choosable], v => {
    if (v === none) set({ heads: [] });
    else select(v);
  });
  drawn(['heads'], () => {
    choice.select.value = chosen()[0] ?? none;
  });
  const step = (/** @type {string} */ text, /** @type {string} */ name, /** @type {number} */ by) =>
    h('button', { 'aria-label': name, title: `${name} (${by < 0 ? 'left' : 'right'} arrow)`, onclick: () => selectNext(by) }, text);
  document.addEventListener('keydown', event => {
    const by = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1 })[event.key];
    const inField =
      event.target instanceof Element && event.target.closest('input, select, textarea, svg, [role=group][tabindex], .tokens');
    if (!by || inField || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    selectNext(by);
  });
  return h('span', { class: 'heads' }, choice.element, step('\u2190', 'Previous head', -1), step('\u2192', 'Next head', 1));
}

function copyButton() {
  const button = h(
    'button',
    {
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(location.href);
          button.textContent = 'Copied';
        } catch {
          prompt('The address of what is shown', location.href);
        }
        setTimeout(() => {
          button.textContent = 'Copy link';
        }, 1500);
      },
    },
    'Copy link',
  );
  return button;
}
