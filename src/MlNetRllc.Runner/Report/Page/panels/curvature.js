// The rLLC beside traces of curvature; and the classes of tokens that heads matter for.
import { distinct, h, isNumber } from '../base/dom.js';
import { formatStep, formatWithError } from '../base/format.js';
import { captionOf, drawn, figure, subplot, trainingAxis, trainingControls } from '../parts/figure.js';
import { colorKey, styleOf } from '../base/look.js';
import {
  at,
  headComponents,
  lastStep,
  notAfter,
  scoreAt,
  scoredHeads,
  scores,
  scoreSteps,
  steps,
  study,
  typeOf,
  withStatus,
} from '../base/study.js';
import { get, isHidden } from '../base/store.js';
import { headColumn, numberColumn, textColumn } from '../parts/table.js';
import { barChart } from '../charts/bars.js';
import { lineChart } from '../charts/lines.js';
import { scatterChart } from '../charts/scatter.js';
import { series } from './curve.js';
import { nameTop, scoreSeries, scoreTableOf } from './scorelines.js';

export function drawCurvature() {
  figure('curvature', f => {
    const kinds = [
      ['Hessian trace', 'hessianTrace'],
      ['Fisher trace', 'fisherTrace'],
    ].filter(([, c]) => scores.some(r => isNumber(r[c])));
    const traced = distinct(scores.filter(r => kinds.some(([, c]) => isNumber(r[c]))).map(r => r.step));
    const grid = h('div', { class: 'panels', style: `--cols:${traced.length > 2 ? kinds.length + 1 : kinds.length}` }),
      key = h('div');
    const plots = h('div', { class: 'panels apart', style: '--cols:2' });
    drawn(['log', 'bands', 'color', 'hidden', 'step'], () => {
      const step = notAfter(steps, get('step')),
        scored = notAfter(scoreSteps, get('step'));
      grid.replaceChildren();
      plots.replaceChildren();
      key.replaceChildren(colorKey(headComponents));
      const heads = headComponents.filter(c => !isHidden(c));
      const draw = (
        /** @type {string} */ title,
        /** @type {string} */ unit,
        /** @type {any[]} */ lines,
        /** @type {number[]} */ over,
      ) => {
        const { host, element } = subplot(title);
        grid.append(element);
        lineChart(host, {
          title: title + ' of every head over training',
          series: nameTop(lines, 4),
          bands: get('bands'),
          x: trainingAxis(over),
          y: { label: unit, fromZero: true },
          height: w => (w < 420 ? 250 : 290),
        });
      };
      if (traced.length > 2) {
        draw(
          `rLLC on ${study.trainingText}`,
          'rLLC',
          series(heads, study.trainingText).map(l => ({ ...l, plain: true, width: 1.8 })),
          steps,
        );
        for (const [name, column] of kinds) draw(name, 'trace', scoreSeries(column), scoreSteps);
      }
      for (const [name, column] of kinds) {
        const { host, element } = subplot(`rLLC against ${name} at step ${formatStep(step)}`);
        plots.append(element);
        const known = heads
          .map(c => ({
            c,
            r: at(c, study.trainingText, step),
            t: scoreAt(c, scored)?.[column],
            error: scoreAt(c, scored)?.[column + 'StdErr'],
          }))
          .filter(p => p.r && isNumber(p.t));
        scatterChart(host, {
          title: `rLLC against ${name}`,
          height: 320,
          x: { label: name },
          y: { label: 'rLLC' },
          points: known.map(p => ({
            name: p.c,
            component: p.c,
            x: p.t,
            errorX: p.error,
            y: p.r?.Rllc ?? NaN,
            error: p.r?.RllcStdErr,
            hollow: p.r?.Status !== 'ok',
            ...styleOf(p.c),
            tip: `${p.c}\n${name} ${formatWithError(p.t, p.error)}\nrLLC ${p.r ? withStatus(p.r) : ''}`,
          })),
        });
      }
    });
    const numbers = kinds.flatMap(([name, c]) => [
      [name, c],
      [name + ', error', c + 'StdErr'],
    ]);
    return {
      body: [trainingControls(), key, grid, plots],
      keys: ['step'],
      caption: () => captionOf(f.caption, lastStep, undefined, { step: notAfter(steps, get('step')) }),
      table: scoreTableOf(numbers),
    };
  });

  figure('tokens', () => {
    const host = h('div', { class: 'chart' });
    const classes = [
      ['induction', 'inductionTokens', 'var(--c1)'],
      ['brackets', 'bracketTokens', 'var(--c4)'],
      ['n-gram', 'nGramTokens', 'var(--c0)'],
      ['skip n-gram', 'skipNGramTokens', 'var(--c5)'],
      ['unexplained', 'unexplainedTokens', 'var(--none)'],
    ];
    const list = scoredHeads.map(c => scoreAt(c)).filter(r => r !== undefined && classes.some(([, c]) => r[c] > 0));
    drawn(['color'], () =>
      barChart(host, {
        title: 'Classes of the tokens that each head matters for',
        x: { label: 'tokens' },
        rows: list.map(r => ({
          name: r?.component ?? '',
          component: r?.component,
          color: styleOf(r?.component ?? '').color,
          parts: classes.map(([name, c, fill]) => ({ name, value: r?.[c], color: fill })),
        })),
      }),
    );
    const chip = (/** @type {string[]} */ [text, , fill]) =>
      h('span', { class: 'chip plain' }, h('span', { class: 'square', style: `background:${fill}` }), text);
    const columns = [
      headColumn('Head', r => r.component),
      textColumn('Type', r => typeOf[r.component] ?? ''),
      ...classes.map(([name, c]) => numberColumn(name, r => r[c])),
    ];
    return { body: [h('div', { class: 'chips key' }, classes.map(chip)), host], table: { columns, rows: list } };
  });
}
