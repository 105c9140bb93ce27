// What heads do over training, how they work together, and what the loss is without them.
import { distinct, extent, h, isNumber } from '../base/dom.js';
import { format, formatStep, formatWithError } from '../base/format.js';
import { captionOf, drawn, figure, subplot, toggle, trainingAxis, trainingControls } from '../parts/figure.js';
import { color } from '../base/look.js';
import { headOf, lastScored, notAfter, scores, scoreSteps, study } from '../base/study.js';
import { get } from '../base/store.js';
import { heatMap } from '../charts/heat.js';
import { lineChart } from '../charts/lines.js';
import { kindColumn, pairLines, pairsOf, pairTable, scorePanels, scoreTableOf } from './scorelines.js';
/** @import { Line } from '../base/types' */

export function drawBehaviour() {
  figure('behaviour', () => {
    const model = study.scores?.model ?? [],
      last = model[model.length - 1];
    const even = (/** @type {any} */ v) => (isNumber(v) ? [{ y: v, label: 'even attention', color: 'var(--soft)' }] : []);
    const ofAttention = (/** @type {string} */ column, /** @type {string} */ title, /** @type {any} */ chance) => ({
      column,
      title,
      unit: 'attention',
      names: 3,
      refs: even(chance),
    });
    const heads = scorePanels(
      [
        ofAttention('previousToken', 'Previous-token score', last.lastTokenChance),
        ofAttention('currentToken', 'Current-token score', last.lastTokenChance),
        ofAttention('prefixMatching', 'Prefix matching', last.prefixMatchingChance),
      ],
      3,
    );
    const grid = h('div', { class: 'panels apart', style: '--cols:3' });
    const point = (/** @type {any} */ m, /** @type {any} */ y, /** @type {any} */ error) => ({
      x: m.step,
      y,
      low: isNumber(error) ? y - error : undefined,
      high: isNumber(error) ? y + error : undefined,
      tip: `step ${formatStep(m.step)}\n${formatWithError(y, error)}`,
    });
    const line = (
      /** @type {string} */ name,
      /** @type {number} */ i,
      /** @type {(m: any) => any} */ get,
      /** @type {(m: any) => any} */ error = () => undefined,
    ) => ({
      name,
      label: name,
      color: color(i),
      marker: i,
      points: model.filter(m => isNumber(get(m))).map(m => point(m, get(m), error(m))),
    });
    const entropy = { ...line('entropy', 7, m => m.bigramEntropy), dash: '5 4', plain: true };
    /** @type {{ title: string, unit: string, list: Line[], fromZero: boolean }[]} */
    const charts = [
      {
        title: 'In-context learning',
        unit: 'late \u2212 early loss, nats',
        list: [
          line(
            'ICL',
            0,
            m => m.inContextLearning,
            m => m.inContextLearningStdErr,
          ),
        ],
        fromZero: true,
      },
      {
        title: 'Against the text\u2019s bigrams',
        unit: 'nats per token',
        list: [line('cross-entropy', 0, m => m.bigramCrossEntropy), entropy],
        fromZero: false,
      },
      {
        title: 'Last token of words',
        unit: 'loss \u2212 usual loss, nats',
        list: [2, 3, 4].map((n, i) => line(n + ' tokens', i, m => m.nGrams?.[n - 2])),
        fromZero: true,
      },
    ]
      .map(c => ({ ...c, list: c.list.filter(l => l.points.length) }))
      .filter(c => c.list.length);
    drawn(['log', 'bands'], () => {
      grid.replaceChildren();
      for (const { title, unit, list, fromZero } of charts) {
        const { host, element } = subplot(title);
        grid.append(element);
        lineChart(host, {
          title: title + ' over training',
          series: list,
          bands: get('bands'),
          x: trainingAxis(scoreSteps),
          y: { label: unit, fromZero },
          height: w => (w < 420 ? 250 : 280),
        });
      }
    });
    const numbers = [
      ['Previous token', 'previousToken'],
      ['Current token', 'currentToken'],
      ['Prefix matching', 'prefixMatching'],
    ];
    return { body: [trainingControls(), heads ?? '', grid], table: scoreTableOf(numbers) };
  });

  figure('composition', () => {
    const known = (/** @type {string} */ column) => (scores.length && scores[0][column] !== undefined ? pairsOf(column) : []);
    const kinds = ['K', 'Q', 'V'].map(name => ({ name, pairs: known(name.toLowerCase() + 'Composition') })).filter(k => k.pairs.length);
    const grid = h('div', { class: 'panels', style: `--cols:${kinds.length}` });
    const [low, high] = extent(kinds.flatMap(k => k.pairs.flatMap(p => p.points.map(q => q.value))));
    drawn(['log'], () => {
      grid.replaceChildren();
      for (const k of kinds) {
        const { host, element } = subplot(k.name + '-composition');
        grid.append(element);
        lineChart(host, {
          title: `${k.name}-composition of every pair of heads over training`,
          series: pairLines(k.pairs, 4),
          x: trainingAxis(scoreSteps),
          y: { label: 'composition', range: [low - (high - low) * 0.05, high + (high - low) * 0.05] },
          height: w => (w < 420 ? 260 : 320),
        });
      }
    });
    const rows = kinds.flatMap(k => k.pairs.map(p => ({ ...p, kind: k.name })));
    return {
      body: [h('div', { class: 'controls' }, toggle('Log steps', 'log')), grid],
      table: { columns: [kindColumn, ...pairTable([]).columns], rows },
    };
  });

  figure('ablation', () => {
    const kinds = ['mean', 'zero', 'resample', 'position'],
      title = (/** @type {string} */ k) => k[0].toUpperCase() + k.slice(1);
    const columns = kinds.map(k => ({ column: k + 'Ablation', title: title(k) + ' ablation', unit: 'loss change, nats' }));
    const numbers = kinds.flatMap(k => [
      [title(k), k + 'Ablation'],
      [k + ', error', k + 'AblationStdErr'],
    ]);
    return { body: [trainingControls(), scorePanels(columns, 2) ?? ''], table: scoreTableOf(numbers) };
  });

  figure('paths', f => {
    const pairs = pairsOf('pathAblation'),
      host = h('div', { class: 'chart' });
    const readers = distinct(pairs.map(p => headOf(p.into)?.layer));
    const pairByName = new Map(pairs.map(p => [p.name, p]));
    const find = (/** @type {string} */ from, /** @type {string} */ into) => pairByName.get(`${from}\u2192${into}`);
    const thousandths = (/** @type {number} */ v) =>
      (1000 * v)
        .toFixed(Math.abs(v) < 0.01 ? 1 : 0)
        .replace(/^-(?=0\.0$)/, '')
        .replace('-', '\u2212');
    const maps = h('div'),
      valueAt = (/** @type {string} */ f, /** @type {string} */ i) =>
        find(f, i)?.points.findLast(p => p.step <= notAfter(scoreSteps, get('step')))?.value;
    const mapOf = (/** @type {number | undefined} */ layer) => {
      const list = pairs.filter(p => headOf(p.into)?.layer === layer);
      return heatMap({
        title: `Loss change at step ${formatStep(notAfter(scoreSteps, get('step')))} in thousandths of a nat; rows write, columns read`,
        rows: distinct(list.map(p => p.from)),
        columns: distinct(list.map(p => p.into)),
        value: valueAt,
        show: thousandths,
        tip: (f, i) => `${f}\u2192${i}\n${format(valueAt(f, i))} nats per token`,
      });
    };
    drawn(['step'], () => maps.replaceChildren(...readers.map(layer => mapOf(layer))));
    drawn(['log'], () =>
      lineChart(host, {
        title: 'Path ablation over training',
        series: pairLines(pairs, 5),
        x: trainingAxis(scoreSteps),
        y: { label: 'loss change, nats', fromZero: true },
        height: w => (w < 420 ? 260 : 330),
      }),
    );
    return {
      body: h('div', { class: 'panels', style: '--cols:2' }, maps, host),
      keys: ['step'],
      caption: () => captionOf(f.caption, lastScored, undefined, { step: notAfter(scoreSteps, get('step')) }),
      table: pairTable(pairs),
    };
  });
}
