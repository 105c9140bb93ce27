// Clusters of curves, and how many there are.
import { extent, h } from '../base/dom.js';
import { format, formatStep } from '../base/format.js';
import { drawn, figure, subplot, toggle, trainingAxis } from '../parts/figure.js';
import { clusterColor, legend } from '../base/look.js';
import { clusterIds, study } from '../base/study.js';
import { isHidden, toggleHidden } from '../base/store.js';
import { headColumn, numberColumn } from '../parts/table.js';
import { lineChart } from '../charts/lines.js';
import { linearScale } from '../charts/scale.js';
/** @import { ClusterRow, Line } from '../base/types' */

export function drawClusters() {
  figure('clusters', () => {
    const c = /** @type {import('../base/types').Clusters} */ (study.clusters),
      silhouettes = h('div', { class: 'chart' }),
      key = h('div');
    const several = (c.channels ?? []).length > 1,
      places = several ? c.channels.map((_, i) => i) : [0];
    const curves = several ? h('div', { class: 'panels', style: `--cols:${Math.min(2, places.length)}` }) : h('div', { class: 'chart' });
    /** The curves of one channel, whose values begin at a place in each row.
     * @param {HTMLElement} host @param {number} first @param {string} title @param {[number, number]} [range] */
    const drawCurves = (host, first, title, range) => {
      const pointOf = (/** @type {ClusterRow} */ r, /** @type {number} */ step, /** @type {number} */ i) => ({
        x: step,
        y: r.curve?.[first + i],
        tip:
          `${r.component}, cluster ${r.cluster}\nstep ${formatStep(step)}\n${format(r.curve?.[first + i])}\n` +
          `silhouette ${format(r.silhouette)}`,
      });
      /** @type {Line[]} */
      const lines = c.rows
        .filter(r => r.curve && !isHidden(r.component))
        .map(r => ({
          name: r.component,
          component: r.component,
          color: clusterColor(r.cluster),
          width: 1.3,
          opacity: 0.75,
          plain: true,
          points: c.steps.map((step, i) => pointOf(r, step, i)),
        }));
      const centres = (c.centres ?? []).map((centre, i) => ({
        name: 'cluster ' + clusterIds[i],
        label: 'cluster ' + clusterIds[i],
        color: clusterColor(clusterIds[i]),
        width: 4,
        plain: true,
        points: c.steps.map((step, j) => ({
          x: step,
          y: centre[first + j],
          tip: `centre of cluster ${clusterIds[i]}\nstep ${formatStep(step)}\n${format(centre[first + j])}`,
        })),
      }));
      lineChart(host, {
        title,
        series: [...lines, ...centres],
        x: trainingAxis(c.steps),
        y: { label: c.unit ?? 'rLLC', ...(range ? { range } : {}) },
        height: 320,
      });
    };
    drawn(['hidden'], () =>
      key.replaceChildren(
        legend(
          clusterIds.map((id, i) => {
            const members = c.rows.filter(r => r.cluster === id).map(r => r.component);
            return {
              color: clusterColor(id),
              marker: i,
              text: 'cluster ' + id,
              on: !members.every(isHidden),
              toggle: () => toggleHidden(members),
            };
          }),
        ),
      ),
    );
    drawn(['log', 'hidden'], () => {
      if (several) {
        // One scale, so that the panels can be compared.
        const [low, high] = extent([...c.rows.flatMap(r => r.curve ?? []), ...(c.centres ?? []).flat()], 0, 0);
        const pad = (high - low) * 0.05 || 1;
        curves.replaceChildren();
        places.forEach(place => {
          const { host, element } = subplot(c.channels[place]);
          curves.append(element);
          drawCurves(host, place * c.steps.length, `Curves by cluster: ${c.channels[place]}`, [low - pad, high + pad]);
        });
      } else drawCurves(curves, 0, 'Curves by cluster');
    });
    const counts = c.silhouettes.map(v => v.k);
    lineChart(silhouettes, {
      title: 'Silhouette against number of clusters',
      height: 320,
      x: { scale: { ...linearScale(counts), ticks: () => counts }, label: 'number of clusters, k', format: String },
      y: { label: 'mean silhouette', fromZero: true },
      series: [
        {
          name: 'silhouette',
          color: 'var(--c0)',
          points: c.silhouettes.map(v => ({
            x: v.k,
            y: v.value,
            hollow: v.k !== c.k,
            tip: `k = ${v.k}\nmean silhouette ${format(v.value)}${v.k === c.k ? '\nchosen' : ''}`,
          })),
        },
      ],
    });
    const distances = (c.rows[0]?.distances ?? []).map((_, i) => numberColumn('Distance to ' + (i + 1), r => r.distances[i]));
    return {
      body: [
        h('div', { class: 'controls' }, toggle('Log steps', 'log')),
        key,
        h(
          'div',
          { class: 'split' },
          h('div', {}, h('h3', {}, `Curves on ${c.dataset} by cluster`), curves),
          h('div', {}, h('h3', {}, 'Silhouette against number of clusters'), silhouettes),
        ),
      ],
      table: {
        columns: [
          headColumn('Head', r => r.component),
          { name: 'Cluster', get: r => r.cluster },
          numberColumn('Silhouette', r => r.silhouette),
          ...distances,
        ],
        rows: c.rows,
      },
    };
  });
}
