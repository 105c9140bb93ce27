'use strict';
// The rLLC over training: all heads, text by text, and clusters of the curves.
function series(list, dataset) {
  return [...list].map(component => ({
    name: component, label: component, component, dataset, ...styleOf(component), width: typeOf[component] === 'induction' ? 3.2 : 1.8,
    points: steps.map(step => at(component, dataset, step)).filter(Boolean).map(r => ({
      x: r.Step, y: r.Rllc, low: r.Rllc - r.RllcStdErr, high: r.Rllc + r.RllcStdErr, hollow: r.Status !== 'ok', row: r,
      tip: `${component} on ${dataset}${typeOf[component] ? '\n' + typeOf[component] : ''}\nstep ${formatStep(r.Step)}\n`
        + `rLLC ${withError(r)}\nR-hat ${format(r.RHat, 4)}, ESS ${format(r.Ess)}\n${r.Status}`,
    })),
  }));
}
function jump(point) { if (point.row) { select(point.row); document.getElementById('chains').scrollIntoView({ behavior: 'smooth' }); } }
/** One vertical axis for the heads, and another for whatever else was sampled, which is of another size. */
function rangeFor(list, chosen) {
  const texts = new Set(chosen), heads = new Set(list);
  const seen = rows.filter(r => texts.has(r.Dataset) && heads.has(r.Component) && isNumber(r.Rllc));
  const ends = seen.flatMap(r => [r.Rllc - (r.RllcStdErr || 0), r.Rllc + (r.RllcStdErr || 0)]);
  const [low, high] = extent(ends, 0, 0), pad = (high - low) * 0.05 || 1;
  return [low < 0 ? low - pad : 0, high + pad];
}
const ofLayer = (list, layer) => list.filter(c => layerOf(c) === layer);
const layerTitle = layer => layer < 0 ? 'Other components' : 'Layer ' + layer;
const headLayers = layers.filter(l => l >= 0);

figure('rllc', () => {
  let dataset = study.trainingText;
  const panels = h('div', { class: 'panels', style: `--cols:${Math.min(2, layers.length)}` }), key = h('div');
  const chips = h('div', { class: 'chips' }, components.map(c => {
    const chip = h('button', { class: 'chip', 'aria-pressed': 'true', onclick: () => {
      state.hidden.has(c) ? state.hidden.delete(c) : state.hidden.add(c);
      chip.setAttribute('aria-pressed', String(!state.hidden.has(c)));
      redraws.forEach(f => f());
    } }, c);
    return chip;
  }));
  const choice = datasets.length > 1 ? chooser('Text', datasets, v => { dataset = v; draw(); }) : null;
  if (choice) choice.select.value = dataset;
  const draw = () => {
    panels.replaceChildren(); key.replaceChildren(colorKey());
    const shown = components.filter(c => !state.hidden.has(c));
    const ofHeads = rangeFor(shown.filter(headOf), [dataset]);
    const ofOthers = rangeFor(shown.filter(c => !headOf(c)), [dataset]);
    for (const layer of layers) {
      const { host, element } = panel(`${layerTitle(layer)} on ${dataset}`), list = ofLayer(shown, layer);
      panels.append(element);
      lineChart(host, {
        title: `rLLC of the heads of layer ${layer} on ${dataset} over training`,
        series: () => series(list, dataset), bands: state.bands, onPick: jump,
        x: trainingAxis(steps), y: { label: 'rLLC', range: layer < 0 ? ofOthers : ofHeads },
        height: w => w < 420 ? 280 : 380,
      });
    }
  };
  drawn(draw);
  return { body: [trainingControls(choice?.element ?? ''), key, panels, h('details', {}, h('summary', {}, 'Hide or show heads'), chips)],
    table: { columns: estimateColumns, rows } };
});

figure('texts', () => {
  const heads = headComponents, grid = h('div', { class: 'panels', style: `--cols:${Math.min(3, datasets.length)}` });
  const key = h('div'), dots = h('div', { class: 'chart' }), small = h('div', { class: 'panels small' });
  const order = [study.trainingText, ...datasets.filter(d => d !== study.trainingText)], range = rangeFor(heads, order);
  const headByHead = () => {
    small.replaceChildren();
    for (const component of heads) {
      const { host, element } = panel(component); small.append(element);
      const lineOf = (d, i) => ({ ...series([component], d)[0], color: color(i), dash: undefined, width: 2 });
      lineChart(host, {
        title: `rLLC of ${component} on each text`, noLabels: true, onPick: jump, bands: state.bands,
        series: () => order.map(lineOf), x: trainingAxis(steps, 'step'), y: { label: 'rLLC', range }, height: 170,
      });
    }
  };
  const texts = () => legend(order.map((d, i) => ({ color: color(i), text: d, dot: true })));
  const folded = h('details', { ontoggle: () => { if (folded.open) headByHead(); } },
    h('summary', {}, 'Head by head over training'), texts(), small);
  const dotOf = (c, d, i) => {
    const r = at(c, d, lastStep);
    return r && {
      x: r.Rllc, error: r.RllcStdErr, color: color(i), hollow: r.Status !== 'ok',
      tip: `${c} on ${d}\nrLLC ${withError(r)}\n${r.Status}`,
    };
  };
  drawn(() => {
    grid.replaceChildren(); key.replaceChildren(colorKey());
    for (const layer of headLayers) for (const dataset of order) {
      const { host, element } = panel(`Layer ${layer} on ${dataset}`); grid.append(element);
      lineChart(host, {
        title: `rLLC of the heads of layer ${layer} on ${dataset}`,
        series: () => series(ofLayer(heads, layer), dataset), bands: state.bands, onPick: jump,
        x: trainingAxis(steps), y: { label: 'rLLC', range }, height: w => w < 420 ? 260 : 310,
      });
    }
    dotChart(dots, {
      title: 'Final rLLC of each head on each text', x: { label: `rLLC at step ${formatStep(lastStep)}`, fromZero: true },
      rows: heads.map(c => ({
        name: c, color: styleOf(c).color, dots: order.map((d, i) => dotOf(c, d, i)).filter(Boolean),
      })),
    });
    if (folded.open) headByHead();
  });
  return {
    body: [trainingControls(), key, grid, h('h3', { style: 'margin-top:18px' }, 'At the last checkpoint'), texts(), dots, folded],
    table: {
      columns: [
        textColumn('Head', r => r.Component), textColumn('Text', r => r.Dataset), numberColumn('rLLC', r => r.Rllc),
        standardErrorColumn, textColumn('Status', r => r.Status),
      ],
      rows: rows.filter(r => r.Step === lastStep && headOf(r.Component)),
    },
  };
});

figure('clusters', () => {
  const c = study.clusters, silhouettes = h('div', { class: 'chart' });
  const several = (c.channels ?? []).length > 1, places = several ? c.channels.map((_, i) => i) : [0];
  const curves = several
    ? h('div', { class: 'panels', style: `--cols:${Math.min(2, places.length)}` }) : h('div', { class: 'chart' });
  /** The curves of one channel, whose values begin at a place in each row. */
  const drawCurves = (host, first, title, range) => {
    const pointOf = (r, step, i) => ({
      x: step, y: r.curve[first + i],
      tip: `${r.component}, cluster ${r.cluster}\nstep ${formatStep(step)}\n${format(r.curve[first + i])}\n`
        + `silhouette ${format(r.silhouette)}`,
    });
    const lines = c.rows.filter(r => r.curve).map(r => ({
      name: r.component, color: color(clusterPlace.get(r.cluster)), width: 1.3, opacity: 0.75, plain: true,
      points: c.steps.map((step, i) => pointOf(r, step, i)),
    }));
    const centrePoint = (cluster, step, value) =>
      ({ x: step, y: value, tip: `centre of cluster ${cluster}\nstep ${formatStep(step)}\n${format(value)}` });
    const centres = (c.centres ?? []).map((centre, i) => ({
      name: 'cluster ' + clusterIds[i], label: 'cluster ' + clusterIds[i], color: color(i), width: 4, plain: true,
      points: c.steps.map((step, j) => centrePoint(clusterIds[i], step, centre[first + j])),
    }));
    lineChart(host, {
      title, series: [...lines, ...centres],
      x: trainingAxis(c.steps), y: { label: c.unit ?? 'rLLC', ...(range ? { range } : {}) }, height: 320,
    });
  };
  drawn(() => {
    if (several) {
      // One scale, so that the panels can be compared.
      const [low, high] = extent([...c.rows.flatMap(r => r.curve ?? []), ...(c.centres ?? []).flat()], 0, 0);
      const pad = (high - low) * 0.05 || 1;
      curves.replaceChildren();
      places.forEach(place => {
        const { host, element } = panel(c.channels[place]);
        curves.append(element);
        drawCurves(host, place * c.steps.length, `Curves by cluster: ${c.channels[place]}`, [low - pad, high + pad]);
      });
    } else drawCurves(curves, 0, 'Curves by cluster');
    const counts = c.silhouettes.map(v => v.k);
    const silhouettePoint = v => ({
      x: v.k, y: v.value, hollow: v.k !== c.k,
      tip: `k = ${v.k}\nmean silhouette ${format(v.value)}${v.k === c.k ? '\nchosen' : ''}`,
    });
    lineChart(silhouettes, {
      title: 'Silhouette against number of clusters', height: 320,
      x: { scale: { ...linearScale(counts), ticks: () => counts }, label: 'number of clusters, k', format: String },
      y: { label: 'mean silhouette', fromZero: true },
      series: [{ name: 'silhouette', color: 'var(--c0)', points: c.silhouettes.map(silhouettePoint) }],
    });
  });
  const distances = (c.rows[0]?.distances ?? []).map((_, i) => numberColumn('Distance to ' + (i + 1), r => r.distances[i]));
  const columns = [
    textColumn('Head', r => r.component), { name: 'Cluster', get: r => r.cluster },
    numberColumn('Silhouette', r => r.silhouette), ...distances,
  ];
  return {
    body: h('div', { class: 'split' },
      h('div', {}, h('h3', {}, `Curves on ${c.dataset} by cluster`), curves),
      h('div', {}, h('h3', {}, 'Silhouette against number of clusters'), silhouettes)),
    table: { columns, rows: c.rows },
  };
});
