// What heads are: types with their evidence, beside clusters, and beside what the heads remember.
import { h, isNumber } from '../base/dom.js';
import { format, formatStep, listed } from '../base/format.js';
import { drawn, figure } from '../parts/figure.js';
import { colorKey, styleOf, typeColors } from '../base/look.js';
import { at, clusterOf, lastStep, named, scoreAt, scoredHeads, study, typeOf, withStatus } from '../base/study.js';
import { isHidden } from '../base/store.js';
import { headColumn, numberColumn, table, textColumn } from '../parts/table.js';
import { heatMap } from '../charts/heat.js';
import { scatterChart } from '../charts/scatter.js';

export function drawTypes() {
  figure('types', () => {
    const kinds = [
      ['previous-token', 'previousToken'],
      ['current-token', 'currentToken'],
      ['prefix matching', 'prefixMatching'],
    ];
    const typeMark = (/** @type {string} */ v) =>
      h('span', { class: 'status' }, h('span', { class: 'dot', style: `color:${typeColors[v] ?? 'var(--c7)'}` }), v);
    const rankOf = (/** @type {any} */ r, /** @type {string} */ c) =>
      r[c + 'Rank'] ? `rank ${r[c + 'Rank']}, margin ${format(r[c + 'Margin'], 2)}` : 'not measured';
    const columns = [
      headColumn('Head', r => r.component),
      { name: 'Type', text: true, get: (/** @type {any} */ r) => r.headType, show: typeMark },
      ...(study.clusters ? [{ name: 'Cluster', get: (/** @type {any} */ r) => clusterOf[r.component] }] : []),
      ...kinds.map(([name, c]) => ({
        name,
        get: (/** @type {any} */ r) => scoreAt(r.component)?.[c],
        show: (/** @type {any} */ v, /** @type {any} */ r) =>
          h(
            'span',
            { title: rankOf(r, c) },
            format(v),
            ' ',
            h('small', {}, r[c + 'Rank'] ? `#${r[c + 'Rank']}, ${format(r[c + 'Margin'], 2)}\u00d7` : ''),
          ),
      })),
      { name: 'Why', text: true, wide: true, get: (/** @type {any} */ r) => r.headTypeReason },
    ];
    return { body: h('div', { class: 'whole' }, table('types', columns, study.types)), table: { columns, rows: study.types } };
  });

  figure('agreement', f => {
    const { clusters, types, heads } = f.data;
    const members = (/** @type {string} */ type, /** @type {number} */ cluster) =>
      heads.filter((/** @type {any} */ x) => x.type === type && x.cluster === cluster).map((/** @type {any} */ x) => x.head);
    return {
      body: heatMap({
        title: 'Heads of each type in each cluster',
        corner: 'cluster',
        rows: types,
        columns: clusters,
        value: (t, c) => members(t, c).length || NaN,
        show: String,
        tip: (t, c) => `${t}, cluster ${c}\n${listed(members(t, c))}`,
      }),
      table: {
        columns: [headColumn('Head', r => r.head), { name: 'Cluster', get: r => r.cluster }, textColumn('Type', r => r.type)],
        rows: heads,
      },
    };
  });

  figure('multigrams', f => {
    const host = h('div', { class: 'chart' }),
      key = h('div');
    const points = scoredHeads
      .map(c => ({ c, score: scoreAt(c), rllc: at(c, study.trainingText, lastStep) }))
      .filter(p => isNumber(p.score?.memorisedMultigrams) && isNumber(p.rllc?.Rllc));
    const dotOf = (/** @type {any} */ p) => ({
      name: p.c,
      component: p.c,
      x: p.score.memorisedMultigrams,
      y: p.rllc.Rllc,
      error: p.rllc.RllcStdErr,
      hollow: p.rllc.Status !== 'ok',
      ...styleOf(p.c),
      tip: `${named(p.c)}\n${p.score.memorisedMultigrams} multigrams\nrLLC ${withStatus(p.rllc)}`,
    });
    drawn(['color', 'hidden'], () => {
      key.replaceChildren(colorKey(points.map(p => p.c)));
      scatterChart(host, {
        title: f.title,
        line: f.data,
        x: { label: 'memorised multigrams' },
        y: { label: `rLLC on ${study.trainingText} at step ${formatStep(lastStep)}` },
        points: points.filter(p => !isHidden(p.c)).map(dotOf),
      });
    });
    const columns = [
      headColumn('Head', p => p.c),
      textColumn('Type', p => typeOf[p.c] ?? ''),
      numberColumn('Memorised multigrams', p => p.score.memorisedMultigrams),
      numberColumn('rLLC', p => p.rllc.Rllc),
      numberColumn('Standard error', p => p.rllc.RllcStdErr, 2),
    ];
    return { body: [key, host], table: { columns, rows: points } };
  });
}
