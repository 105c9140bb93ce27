// The profile of one head over training: a line a pattern, a handful at a time.
import { h, isNumber } from '../base/dom.js';
import {
  asked,
  isClearProfile,
  patternAt,
  patternRows,
  patternsOf,
  patternSteps,
  patternTip,
  probedHeads,
  profileError,
} from '../parts/patternTable.js';
import { drawn, figure, toggle, trainingAxis } from '../parts/figure.js';
import { color, dashes } from '../base/look.js';
import { page } from '../base/study.js';
import { chosen, get } from '../base/store.js';
import { headColumn, numberColumn, stepColumn, textColumn } from '../parts/table.js';
import { lineChart } from '../charts/lines.js';
import { PATTERN_KEYS, probeChoice } from './patterns.js';

const FIRST = 6,
  MOST = 8;

export function drawProfiles() {
  figure('profiles', f => {
    /** @type {Map<string, string[]>} */
    const chosenOf = new Map();
    const host = h('div', { class: 'chart' }),
      chips = h('div', { class: 'chips' });
    const head = () => chosen().find(c => probedHeads.includes(c)) ?? f.data.component;
    /** Those that lie furthest from 1 in their errors at the last checkpoint that has any. */
    const clearest = () => {
      const patterns = patternsOf.get(asked().probe) ?? [];
      const ends = (/** @type {number} */ step) => patterns.map(p => patternAt(head(), p, { step })).filter(r => isNumber(r?.profile));
      const last = patternSteps.toReversed().find(step => ends(step).length) ?? patternSteps[0];
      const rank = (/** @type {any} */ r) => r.qValue ?? Infinity,
        apart = (/** @type {any} */ r) => Math.abs(r.profile - 1) / (profileError(r) || Infinity);
      return ends(last)
        .sort((a, b) => rank(a) - rank(b) || apart(b) - apart(a))
        .slice(0, FIRST)
        .map(r => r?.pattern ?? '');
    };
    const shown = () => chosenOf.get(asked().probe) ?? clearest();
    const choose = (/** @type {string[] | null} */ list) => {
      if (list) chosenOf.set(asked().probe, list);
      else chosenOf.delete(asked().probe);
      draw();
    };
    // Beyond a handful lines cannot be told apart: the one that was chosen first gives way.
    const switched = (/** @type {string[]} */ list, /** @type {string} */ p) =>
      list.includes(p) ? list.filter(x => x !== p) : [...list, p].slice(-MOST);
    const pointOf = (/** @type {any} */ r) => ({
      x: r.step,
      y: r.profile,
      low: r.profile - profileError(r),
      high: r.profile + profileError(r),
      hollow: !isClearProfile(r) || r.status !== 'ok',
      tip: patternTip(r),
    });
    const lookOf = (/** @type {number} */ i) => ({ color: color(i), marker: i % 8, dash: dashes[Math.floor(i / 8) % dashes.length] });
    const lineOf = (/** @type {string} */ p, /** @type {number} */ i) => ({
      name: p,
      label: p.length > 22 ? p.slice(0, 21) + '\u2026' : p,
      ...lookOf(i),
      points: patternSteps
        .map(step => patternAt(head(), p, { step }))
        .filter(r => isNumber(r?.profile))
        .map(pointOf),
    });
    function draw() {
      const { probe, dataset } = asked(),
        patterns = patternsOf.get(probe) ?? [],
        list = shown();
      const chip = (/** @type {string} */ p, /** @type {number} */ i) =>
        h(
          'button',
          {
            class: 'chip',
            'aria-pressed': String(list.includes(p)),
            onclick: () => choose(switched(list, p)),
          },
          h('span', { class: 'swatch', style: `color:${color(i)}` }),
          p,
        );
      const again = () => h('button', { onclick: () => choose(null) }, 'Those of the smallest q');
      chips.replaceChildren(...patterns.map(chip), chosenOf.has(probe) ? again() : '');
      lineChart(host, {
        title: `Profile of ${head()} on ${probe}, sampled on ${dataset}, over training`,
        bands: get('bands'),
        noLabels: page.clientWidth < 560,
        series: patterns.map(lineOf).filter(line => list.includes(line.name) && line.points.length),
        refs: [{ y: 1, label: 'as everywhere', color: 'var(--soft)' }],
        x: trainingAxis(patternSteps),
        y: { label: `profile of ${head()}` },
        height: w => (w < 420 ? 300 : 380),
      });
    }
    drawn([...PATTERN_KEYS.filter(k => k !== 'step'), 'heads', 'log', 'bands'], draw);
    return {
      body: [
        h('div', { class: 'controls' }, probeChoice(), toggle('Log steps', 'log'), toggle('Error bands', 'bands')),
        host,
        h('h3', { class: 'apart' }, 'Patterns'),
        chips,
      ],
      caption: () =>
        head() === f.data.component
          ? f.caption
          : `${head()}: profiles over training, those of the smallest q unless others are chosen. Filled points differ from 1 at q < 0.05.`,
      table: {
        columns: [
          stepColumn(r => r.step),
          headColumn('Head', r => r.component),
          textColumn('Probe set', r => r.probe),
          textColumn('Pattern', r => r.pattern),
          numberColumn('Profile', r => r.profile),
          numberColumn('Error', profileError, 2),
          numberColumn('q', r => r.qValue, 2),
        ],
        rows: patternRows,
      },
    };
  });
}
