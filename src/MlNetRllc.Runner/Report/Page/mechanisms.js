'use strict';
// How heads work together and what the loss is without them.
/** Pairs of a writing head below and a reading head above, with their values over training. */
function pairsOf(column) {
  return scoredHeads.filter(c => headOf(c).layer > 0).flatMap(into => {
    const list = scoresOf.get(into) ?? [], [, width] = extent(list.map(r => r[column]?.length ?? 0), 0, 0);
    return Array.from({ length: width }, (_, i) => ({ from: `l${headOf(into).layer - 1}h${i}`, into, points: list.map(r => ({ step: r.step, value: r[column]?.[i] })).filter(p => isNumber(p.value)) }));
  }).filter(p => p.points.length).map(p => ({ ...p, name: `${p.from}\u2192${p.into}`, last: p.points[p.points.length - 1].value }));
}
function pairLines(pairs, count) {
  const top = [...pairs].sort((a, b) => b.last - a.last).slice(0, count), place = new Map(top.map((p, i) => [p, i]));
  return [...pairs.filter(p => !place.has(p)), ...top.toReversed()].map(p => {
    const i = place.get(p) ?? -1;
    return { name: p.name, label: i < 0 ? '' : p.name, color: i < 0 ? 'var(--none)' : color(i), width: i < 0 ? 1 : 2.4, opacity: i < 0 ? 0.55 : 1, plain: true,
      points: p.points.map(q => ({ x: q.step, y: q.value, tip: `${p.name}\nstep ${formatStep(q.step)}\n${format(q.value)}` })) };
  });
}
const pairTable = pairs => ({ columns: [textColumn('From', p => p.from), textColumn('Into', p => p.into), numberColumn('Value at the end', p => p.last)], rows: pairs });

figure('composition', () => {
  const kinds = [['K', 'kComposition'], ['Q', 'qComposition'], ['V', 'vComposition']].map(([name, column]) => ({ name, pairs: scores.length && scores[0][column] !== undefined ? pairsOf(column) : [] })).filter(k => k.pairs.length);
  const grid = h('div', { class: 'panels', style: `--cols:${kinds.length}` }), [low, high] = extent(kinds.flatMap(k => k.pairs.flatMap(p => p.points.map(q => q.value))));
  drawn(() => {
    grid.replaceChildren();
    for (const k of kinds) {
      const { host, element } = panel(k.name + '-composition'); grid.append(element);
      lineChart(host, { title: `${k.name}-composition of every pair of heads over training`, series: pairLines(k.pairs, 4), x: { scale: stepScale(scoreSteps, state.logarithmic), label: 'training step' },
        y: { label: 'composition', range: [low - (high - low) * 0.05, high + (high - low) * 0.05] }, height: w => w < 420 ? 260 : 320 });
    }
  });
  return { body: [h('div', { class: 'controls' }, toggle('Log steps', () => state.logarithmic, v => state.logarithmic = v)), grid],
    table: { columns: [textColumn('Kind', p => p.kind), ...pairTable([]).columns], rows: kinds.flatMap(k => k.pairs.map(p => ({ ...p, kind: k.name }))) } };
});

figure('ablation', () => ({
  body: [trainingControls(), scorePanels([{ column: 'meanAblation', title: 'Mean ablation', unit: 'loss change, nats' }, { column: 'zeroAblation', title: 'Zero ablation', unit: 'loss change, nats' },
    { column: 'resampleAblation', title: 'Resample ablation', unit: 'loss change, nats' }, { column: 'positionAblation', title: 'Position ablation', unit: 'loss change, nats' }], 2) ?? ''],
  table: scoreTableOf(['mean', 'zero', 'resample', 'position'].flatMap(k => [[k[0].toUpperCase() + k.slice(1), k + 'Ablation'], [k + ', error', k + 'AblationStdErr']])),
}));

figure('paths', () => {
  const pairs = pairsOf('pathAblation'), host = h('div', { class: 'chart' }), readers = [...new Set(pairs.map(p => headOf(p.into).layer))], pairByName = new Map(pairs.map(p => [p.name, p])), find = (from, into) => pairByName.get(`${from}\u2192${into}`);
  const maps = readers.map(layer => {
    const list = pairs.filter(p => headOf(p.into).layer === layer);
    return heatMap({ title: 'Loss change in thousandths of a nat; rows write, columns read', rows: [...new Set(list.map(p => p.from))], columns: [...new Set(list.map(p => p.into))], value: (f, i) => find(f, i)?.last,
      show: v => (1000 * v).toFixed(Math.abs(v) < 0.01 ? 1 : 0).replace(/^-(?=0\.0$)/, '').replace('-', '\u2212'), tip: (f, i) => `${f}\u2192${i}\n${format(find(f, i).last)} nats per token` });
  });
  drawn(() => lineChart(host, { title: 'Path ablation over training', series: pairLines(pairs, 5), x: { scale: stepScale(scoreSteps, state.logarithmic), label: 'training step' }, y: { label: 'loss change, nats', fromZero: true }, height: w => w < 420 ? 260 : 330 }));
  return { body: h('div', { class: 'panels', style: '--cols:2' }, h('div', {}, maps), host), table: pairTable(pairs) };
});

figure('curvature', () => {
  const kinds = [['Hessian trace', 'hessianTrace'], ['Fisher trace', 'fisherTrace']].filter(([, c]) => scores.some(r => isNumber(r[c])));
  const traced = [...new Set(scores.filter(r => kinds.some(([, c]) => isNumber(r[c]))).map(r => r.step))], grid = h('div', { class: 'panels', style: `--cols:${traced.length > 2 ? kinds.length + 1 : kinds.length}` }), key = h('div');
  const plots = h('div', { class: 'panels', style: '--cols:2;margin-top:16px' });
  drawn(() => {
    grid.replaceChildren(); plots.replaceChildren(); key.replaceChildren(colorKey());
    const heads = headComponents;
    const draw = (title, unit, lines, over) => { const { host, element } = panel(title); grid.append(element);
      lineChart(host, { title: title + ' of every head over training', series: nameTop(lines, 4), bands: state.bands, x: { scale: stepScale(over, state.logarithmic), label: 'training step' }, y: { label: unit, fromZero: true }, height: w => w < 420 ? 250 : 290 }); };
    if (traced.length > 2) {
      draw(`rLLC on ${study.trainingText}`, 'rLLC', series(heads, study.trainingText).map(l => ({ ...l, plain: true, width: 1.8 })), steps);
      for (const [name, column] of kinds) draw(name, 'trace', scoreSeries(column), scoreSteps);
    }
    for (const [name, column] of kinds) {
      const { host, element } = panel(`rLLC against ${name} at the end`); plots.append(element);
      scatterChart(host, { title: `rLLC against ${name}`, height: 320, x: { label: name }, y: { label: 'rLLC' }, points: heads.map(c => ({ c, r: at(c, study.trainingText, lastStep), t: scoreAt(c)?.[column] })).filter(p => p.r && isNumber(p.t))
        .map(p => ({ name: p.c, x: p.t, y: p.r.Rllc, error: p.r.RllcStdErr, hollow: p.r.Status !== 'ok', color: styleOf(p.c).color, tip: `${p.c}\n${name} ${formatWithError(p.t, scoreAt(p.c)[column + 'StdErr'])}\nrLLC ${withStatus(p.r)}` })) });
    }
  });
  return { body: [trainingControls(), key, grid, plots], table: scoreTableOf(kinds.flatMap(([name, c]) => [[name, c], [name + ', error', c + 'StdErr']])) };
});

figure('tokens', () => {
  const host = h('div', { class: 'chart' }), classes = [['induction', 'inductionTokens', 'var(--c1)'], ['brackets', 'bracketTokens', 'var(--c4)'], ['n-gram', 'nGramTokens', 'var(--c0)'], ['skip n-gram', 'skipNGramTokens', 'var(--c5)'], ['unexplained', 'unexplainedTokens', 'var(--none)']];
  const list = scoredHeads.map(c => scoreAt(c)).filter(r => r && classes.some(([, c]) => r[c] > 0));
  drawn(() => barChart(host, { title: 'Classes of the tokens that each head matters for', x: { label: 'tokens' }, rows: list.map(r => ({ name: r.component, color: styleOf(r.component, typeColoring()).color, parts: classes.map(([name, c, fill]) => ({ name, value: r[c], color: fill })) })) }));
  return { body: [h('div', { class: 'chips key' }, classes.map(([text, , fill]) => h('span', { class: 'chip plain' }, h('span', { class: 'square', style: `background:${fill}` }), text))), host],
    table: { columns: [textColumn('Head', r => r.component), textColumn('Type', r => typeOf[r.component] ?? ''), ...classes.map(([name, c]) => numberColumn(name, r => r[c]))], rows: list } };
});
