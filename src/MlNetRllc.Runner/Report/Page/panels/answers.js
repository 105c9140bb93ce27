// What a head's sheet says beside its curve: the patterns that it answers to, the heads it works with, the loss without it, its tokens.
import { h, isNumber } from '../base/dom.js';
import { format, formatStep, formatWithError, listed } from '../base/format.js';
import { get, set } from '../base/store.js';
import { layerOf, notAfter, runOf, scoreAt, scores, scoreSteps } from '../base/study.js';
import {
  asked,
  isClearProfile,
  patternAt,
  patternRows,
  patternsOf,
  patternTip,
  profileError,
  probeNames,
} from '../parts/patternTable.js';
import { headButton } from '../parts/table.js';
import { reachOf, samplesOf, sampleTitle, sampleView } from '../parts/tokens.js';
import { dotChart } from '../charts/dots.js';

/** @param {string} c */
export function profile(c) {
  if (!patternRows.some(r => r.component === c)) return [];
  const { probe, dataset, step } = asked(),
    host = h('div', { class: 'chart' });
  const list = (patternsOf.get(probe) ?? []).map(p => patternAt(c, p)).filter(r => r !== undefined);
  dotChart(host, {
    title: `Profile of ${c} over the patterns of ${probe}`,
    x: { label: 'profile: 1 where it matters as everywhere' },
    ref: 1,
    rows: list.map(r => ({
      name: r.pattern,
      dots: isNumber(r.profile)
        ? [
            {
              x: r.profile,
              error: profileError(r),
              color: isClearProfile(r) ? (r.profile < 1 ? 'var(--fall)' : 'var(--rise)') : 'var(--c7)',
              hollow: !isClearProfile(r),
              tip: patternTip(r),
            },
          ]
        : [],
    })),
  });
  const none = list.filter(r => !isNumber(r.profile)).map(r => r.pattern);
  return [
    h('h4', {}, `What it answers to: ${probe}, sampled on ${dataset}, step ${formatStep(step)}`),
    probeNames.length > 1
      ? h(
          'div',
          { class: 'controls' },
          probeNames.map(p => h('button', { 'aria-pressed': String(p === probe), onclick: () => set({ probe: p }) }, p)),
        )
      : '',
    host,
    none.length ? h('p', { class: 'soft' }, `No profile on ${listed(none)}.`) : '',
  ];
}

/** The heads that it reads and that read it, by what their weights say.
 * @param {string} c */
export function partners(c) {
  const step = notAfter(scoreSteps, get('step')),
    layer = layerOf(c);
  const name = (/** @type {number} */ l, /** @type {number} */ i) => c.replace(/l\d+h\d+$/, `l${l}h${i}`);
  const found = ['k', 'q', 'v'].flatMap(kind => {
    const column = kind + 'Composition',
      own = scoreAt(c, step)?.[column];
    const reads = Array.isArray(own) ? own.map((v, i) => ({ kind, other: name(layer - 1, i), v, way: 'reads' })) : [];
    const read = scores
      .filter(r => r.step === step && runOf(r.component) === runOf(c) && layerOf(r.component) === layer + 1 && Array.isArray(r[column]))
      .map(r => ({ kind, other: r.component, v: r[column][Number(/h(\d+)$/.exec(c)?.[1])], way: 'is read by' }));
    return [reads, read].map(list => list.filter(p => isNumber(p.v)).sort((a, b) => b.v - a.v)[0]).filter(Boolean);
  });
  if (!found.length) return [];
  return [
    h('h4', {}, 'It works with'),
    h(
      'ul',
      { class: 'partners' },
      found.map(p => h('li', {}, `${p.kind.toUpperCase()}: ${p.way} `, headButton(p.other), ` most, ${format(p.v)}`)),
    ),
  ];
}

/** @param {string} c */
export function ablation(c) {
  const r = scoreAt(c, notAfter(scoreSteps, get('step'))),
    host = h('div', { class: 'chart' });
  const kinds = ['zero', 'mean', 'resample', 'position'].filter(k => isNumber(r?.[k + 'Ablation']));
  if (!r || !kinds.length) return [];
  dotChart(host, {
    title: `Loss without ${c}`,
    x: { label: 'loss change without it, nats per token', fromZero: true },
    rows: kinds.map(k => ({
      name: k,
      dots: [
        {
          x: r[k + 'Ablation'],
          error: r[k + 'AblationStdErr'],
          color: 'var(--c1)',
          tip: `${k} ablation of ${c}\n${formatWithError(r[k + 'Ablation'], r[k + 'AblationStdErr'])} nats`,
        },
      ],
    })),
  });
  return [h('h4', {}, `Without it, step ${formatStep(r.step)}`), host];
}

/** @param {string} c */
export function tokens(c) {
  const { list, what } = samplesOf(c),
    reach = reachOf(list);
  const few = ['top', 'bottom'].flatMap(kind => list.filter(x => x.kind === kind).slice(0, 3));
  if (!few.length)
    return [
      h(
        'p',
        { class: 'soft' },
        runOf(c) ? 'Its tokens are on its run\u2019s own page.' : 'No tokens of it were kept: give the study an examples step.',
      ),
    ];
  return [
    h('h4', {}, 'Tokens that need it most, and least'),
    h('p', { class: 'soft' }, `Colour: ${what}. Hover for attention both ways.`),
    ...few.map(x => h('div', {}, h('p', { class: 'soft' }, sampleTitle(x)), sampleView(x, reach))),
  ];
}
