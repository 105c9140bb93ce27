'use strict';
// What heads are, what they remember, and how they behave over training.
const scoreSteps = [...new Set(scores.map(r => r.step))].sort((a, b) => a - b);
const lastScored = scoreSteps[scoreSteps.length - 1];
const scoredHeads = [...new Set(scores.map(r => r.component))].filter(headOf);
const scoresOf = Map.groupBy(scores, r => r.component);
const referenceOf = Map.groupBy(referenceRows, r => r.Component);
const wholeOf = Map.groupBy(datasetRows, r => r.Dataset);
const scoreByKey = new Map(scores.toReversed().map(r => [rowKey(r.component, '', r.step), r]));
const scoreAt = (component, step = lastScored) => scoreByKey.get(rowKey(component, '', step));
const named = component => typeOf[component] ? `${component}, ${typeOf[component]}` : component;

/** One line a head of a column of the scores; its error is the column with StdErr behind it. */
function scoreSeries(column, heads = scoredHeads) {
  const pointOf = (component, r) => {
    const value = r[column], error = r[column + 'StdErr'];
    return {
      x: r.step, y: value,
      low: isNumber(error) ? value - error : undefined, high: isNumber(error) ? value + error : undefined,
      tip: `${named(component)}\nstep ${formatStep(r.step)}\n${formatWithError(value, error)}`,
    };
  };
  return heads.map(component => ({
    name: component, label: component, ...styleOf(component), plain: true, width: 1.8,
    points: (scoresOf.get(component) ?? []).filter(r => isNumber(r[column])).map(r => pointOf(component, r)),
  })).filter(line => line.points.length);
}
/** A panel a column, side by side, all over training. */
function scorePanels(columns, cols, heads) {
  const grid = h('div', { class: 'panels', style: `--cols:${cols}` }), key = h('div');
  const shown = columns.filter(c => scores.some(r => isNumber(r[c.column])));
  drawn(() => {
    grid.replaceChildren(); key.replaceChildren(colorKey());
    for (const c of shown) {
      const { host, element } = panel(c.title); grid.append(element);
      lineChart(host, {
        title: c.title + ' of every head over training', series: nameTop(scoreSeries(c.column, heads), c.names ?? 4),
        bands: state.bands, refs: c.refs ?? [],
        x: trainingAxis(scoreSteps), y: { label: c.unit, fromZero: true }, height: w => w < 420 ? 250 : 280,
      });
    }
  });
  return shown.length ? [key, grid] : null;
}
function scoreTableOf(columns) {
  const known = columns.filter(([, c]) => scores.some(r => isNumber(r[c])));
  const numbers = known.map(([name, c]) => numberColumn(name, r => r[c]));
  return { columns: [stepColumn(r => r.step), textColumn('Head', r => r.component), ...numbers], rows: scores };
}

figure('types', () => {
  const kinds = [['previous-token', 'previousToken'], ['current-token', 'currentToken'], ['prefix matching', 'prefixMatching']];
  const typeMark = v => h('span', { class: 'status' },
    h('span', { class: 'dot', style: `color:${typeColors[v] ?? 'var(--c7)'}` }), v);
  const rankOf = (r, c) => r[c + 'Rank'] ? `rank ${r[c + 'Rank']}, margin ${format(r[c + 'Margin'], 2)}` : 'not measured';
  const columns = [
    textColumn('Head', r => r.component),
    { name: 'Type', text: true, get: r => r.headType, show: typeMark },
    ...(study.clusters ? [{ name: 'Cluster', get: r => clusterOf[r.component] }] : []),
    ...kinds.map(([name, c]) => ({
      name, get: r => scoreAt(r.component)?.[c], show: (v, r) => h('span', {}, format(v), h('small', {}, rankOf(r, c))),
    })),
    { name: 'Why', text: true, wide: true, get: r => r.headTypeReason },
  ];
  return { body: h('div', { class: 'whole' }, table('types', columns, study.types)) };
});

figure('agreement', f => {
  const { clusters, types, heads } = f.data;
  const members = (type, cluster) => heads.filter(x => x.type === type && x.cluster === cluster).map(x => x.head);
  return {
    body: heatMap({
      title: 'Heads of each type in each cluster', corner: 'cluster', rows: types, columns: clusters,
      value: (t, c) => members(t, c).length || NaN, show: String,
      tip: (t, c) => `${t}, cluster ${c}\n${listed(members(t, c))}`,
    }),
    table: {
      columns: [textColumn('Head', r => r.head), { name: 'Cluster', get: r => r.cluster }, textColumn('Type', r => r.type)],
      rows: heads,
    },
  };
});

figure('multigrams', f => {
  const host = h('div', { class: 'chart' }), key = h('div');
  const points = scoredHeads.map(c => ({ c, score: scoreAt(c), rllc: at(c, study.trainingText, lastStep) }))
    .filter(p => isNumber(p.score?.memorisedMultigrams) && isNumber(p.rllc?.Rllc));
  const dotOf = p => ({
    name: p.c, x: p.score.memorisedMultigrams, y: p.rllc.Rllc, error: p.rllc.RllcStdErr,
    hollow: p.rllc.Status !== 'ok', color: styleOf(p.c).color,
    tip: `${named(p.c)}\n${p.score.memorisedMultigrams} multigrams\nrLLC ${withStatus(p.rllc)}`,
  });
  drawn(() => {
    key.replaceChildren(colorKey());
    scatterChart(host, {
      title: f.title, line: f.data, x: { label: 'memorised multigrams' },
      y: { label: `rLLC on ${study.trainingText} at step ${formatStep(lastStep)}` }, points: points.map(dotOf),
    });
  });
  const columns = [
    textColumn('Head', p => p.c), textColumn('Type', p => typeOf[p.c] ?? ''),
    numberColumn('Memorised multigrams', p => p.score.memorisedMultigrams),
    numberColumn('rLLC', p => p.rllc.Rllc), numberColumn('Standard error', p => p.rllc.RllcStdErr, 2),
  ];
  return { body: [key, host], table: { columns, rows: points } };
});

figure('reference', f => {
  const grid = h('div', { class: 'panels', style: '--cols:2' }), key = h('div');
  const referenceSteps = [...new Set(referenceRows.map(r => r.Step))].sort((a, b) => a - b);
  const ofHeads = referenceRows.filter(r => headOf(r.Component)).map(r => r.Rllc);
  const means = f.data.flatMap(l => l.points.map(p => p.value));
  const [low, high] = extent([...ofHeads, ...means].filter(isNumber), 0, 0), pad = (high - low) * 0.05 || 1;
  const headPoint = (c, r) => ({ x: r.Step, y: r.Rllc, tip: `${c}\nstep ${formatStep(r.Step)}\nrLLC ${withStatus(r)}` });
  const headLine = c => ({
    name: c, label: '', ...styleOf(c), width: 1.2, opacity: 0.65, plain: true,
    points: referenceOf.get(c).map(r => headPoint(c, r)),
  });
  const meanPoint = (layer, p) => ({
    x: p.step, y: p.value, low: p.value - p.stdErr, high: p.value + p.stdErr,
    tip: `layer ${layer}\nstep ${formatStep(p.step)}\n${formatWithError(p.value, p.stdErr)}`,
  });
  drawn(() => {
    grid.replaceChildren(); key.replaceChildren(colorKey());
    for (const { layer, points } of f.data) {
      const { host, element } = panel('Layer ' + layer); grid.append(element);
      const heads = [...referenceOf.keys()].filter(c => headOf(c)?.layer === layer).map(headLine);
      const mean = {
        name: 'layer ' + layer, label: heads.length ? 'mean' : '', color: 'var(--ink)', width: 3.4, plain: true,
        points: points.map(p => meanPoint(layer, p)),
      };
      lineChart(host, {
        title: `rLLC of layer ${layer} against the frozen one-layer model`, series: [...heads, mean], bands: state.bands,
        x: trainingAxis(referenceSteps), y: { label: 'rLLC', range: [low < 0 ? low - pad : 0, high + pad] },
        height: w => w < 420 ? 270 : 330,
      });
    }
  });
  const columns = [
    stepColumn(r => r.Step), textColumn('Head', r => r.Component), textColumn('Text', r => r.Dataset),
    numberColumn('rLLC', r => r.Rllc), standardErrorColumn, textColumn('Status', r => r.Status),
  ];
  return { body: [trainingControls(), key, grid], table: { columns, rows: referenceRows } };
});

figure('datasets', () => {
  const dots = h('div', { class: 'chart' }), curves = h('div', { class: 'chart' });
  const datasetSteps = [...new Set(datasetRows.map(r => r.Step))].sort((a, b) => a - b);
  const last = datasetSteps[datasetSteps.length - 1], over = datasetSteps.length > 2;
  const final = datasetRows.filter(r => r.Step === last && isNumber(r.Rllc)).sort((a, b) => b.Rllc - a.Rllc);
  const names = final.map(r => r.Dataset);
  const isTraining = d => d === study.trainingText, shade = d => isTraining(d) ? 'var(--c1)' : 'var(--c0)';
  const rowOf = r => ({
    name: r.Dataset, color: isTraining(r.Dataset) ? shade(r.Dataset) : undefined,
    dots: [{
      x: r.Rllc, error: r.RllcStdErr, color: shade(r.Dataset), hollow: r.Status !== 'ok',
      tip: `${r.Dataset}\n${withStatus(r)}`,
    }],
  });
  const pointOf = (d, r) => ({
    x: r.Step, y: r.Rllc, low: r.Rllc - r.RllcStdErr, high: r.Rllc + r.RllcStdErr,
    tip: `${d}\nstep ${formatStep(r.Step)}\n${withStatus(r)}`,
  });
  const lineOf = (d, i) => ({
    name: d, label: d, color: color(i), dash: dashes[Math.floor(i / 8) % dashes.length], plain: true,
    width: isTraining(d) ? 3 : 1.6, points: wholeOf.get(d).map(r => pointOf(d, r)),
  });
  drawn(() => {
    dotChart(dots, {
      title: 'Coefficient of the whole model on each dataset',
      x: { label: `LLC of all weights at step ${formatStep(last)}` }, rows: final.map(rowOf),
    });
    if (over) lineChart(curves, {
      title: 'Coefficient of the whole model on each dataset over training', bands: state.bands,
      x: trainingAxis(datasetSteps), y: { label: 'LLC of all weights' },
      height: Math.max(340, names.length * 15 + 70), series: names.map(lineOf),
    });
  });
  const both = () => h('div', { class: 'panels', style: '--cols:2' },
    h('div', {}, h('h3', {}, 'At the last checkpoint'), dots), h('div', {}, h('h3', {}, 'Over training'), curves));
  const columns = [
    stepColumn(r => r.Step), textColumn('Text', r => r.Dataset), numberColumn('LLC', r => r.Rllc),
    standardErrorColumn, textColumn('Status', r => r.Status),
  ];
  return { body: over ? both() : dots, table: { columns, rows: datasetRows } };
});

figure('behaviour', () => {
  const model = study.scores.model, last = model[model.length - 1];
  const even = v => isNumber(v) ? [{ y: v, label: 'even attention', color: 'var(--soft)' }] : [];
  const ofAttention = (column, title, chance) => ({ column, title, unit: 'attention', names: 3, refs: even(chance) });
  const heads = scorePanels([
    ofAttention('previousToken', 'Previous-token score', last.lastTokenChance),
    ofAttention('currentToken', 'Current-token score', last.lastTokenChance),
    ofAttention('prefixMatching', 'Prefix matching', last.prefixMatchingChance),
  ], 3);
  const grid = h('div', { class: 'panels', style: '--cols:3;margin-top:16px' });
  const point = (m, y, error) => ({
    x: m.step, y, low: isNumber(error) ? y - error : undefined, high: isNumber(error) ? y + error : undefined,
    tip: `step ${formatStep(m.step)}\n${formatWithError(y, error)}`,
  });
  const line = (name, i, get, error) => ({
    name, label: name, color: color(i),
    points: model.filter(m => isNumber(get(m))).map(m => point(m, get(m), error?.(m))),
  });
  const learning = line('ICL', 0, m => m.inContextLearning, m => m.inContextLearningStdErr);
  const entropy = { ...line('entropy', 7, m => m.bigramEntropy), dash: '5 4', plain: true };
  const lastTokens = [2, 3, 4].map((n, i) => line(n + ' tokens', i, m => m.nGrams?.[n - 2]));
  const charts = [
    ['In-context learning', 'late \u2212 early loss, nats', [learning]],
    ['Against the text\u2019s bigrams', 'nats per token', [line('cross-entropy', 0, m => m.bigramCrossEntropy), entropy]],
    ['Last token of words', 'loss \u2212 usual loss, nats', lastTokens],
  ].map(([title, unit, list]) => [title, unit, list.filter(l => l.points.length)]).filter(([, , list]) => list.length);
  drawn(() => {
    grid.replaceChildren();
    for (const [title, unit, list] of charts) {
      const { host, element } = panel(title); grid.append(element);
      lineChart(host, {
        title: title + ' over training', series: list, bands: state.bands, x: trainingAxis(scoreSteps),
        y: { label: unit, fromZero: title !== 'Against the text\u2019s bigrams' }, height: w => w < 420 ? 250 : 280,
      });
    }
  });
  const numbers = [['Previous token', 'previousToken'], ['Current token', 'currentToken'], ['Prefix matching', 'prefixMatching']];
  return { body: [trainingControls(), heads ?? '', grid], table: scoreTableOf(numbers) };
});
