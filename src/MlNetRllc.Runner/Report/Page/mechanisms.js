'use strict';
// How heads work together and what the loss is without them.
/** Pairs of a writing head below and a reading head above, with their values over training. */
function pairsOf(column) {
  return scoredHeads.filter(c => headOf(c).layer > 0).flatMap(into => {
    const list = scoresOf.get(into) ?? [], [, width] = extent(list.map(r => r[column]?.length ?? 0), 0, 0);
    const pointsOf = i => list.map(r => ({ step: r.step, value: r[column]?.[i] })).filter(p => isNumber(p.value));
    const nameOf = i => `l${headOf(into).layer - 1}h${i}`;
    return Array.from({ length: width }, (_, i) => ({ from: nameOf(i), into, points: pointsOf(i) }));
  }).filter(p => p.points.length).map(p => ({ ...p, name: `${p.from}\u2192${p.into}`, last: p.points[p.points.length - 1].value }));
}
function pairLines(pairs, count) {
  const top = [...pairs].sort((a, b) => b.last - a.last).slice(0, count), place = new Map(top.map((p, i) => [p, i]));
  return [...pairs.filter(p => !place.has(p)), ...top.toReversed()].map(p => {
    const i = place.get(p) ?? -1;
    const isTop = i >= 0;
    const look = isTop ? { color: color(i), width: 2.4, opacity: 1 } : { color: 'var(--none)', width: 1, opacity: 0.55 };
    const tip = q => `${p.name}\nstep ${formatStep(q.step)}\n${format(q.value)}`;
    return {
      name: p.name, label: isTop ? p.name : '', ...look, plain: true,
      points: p.points.map(q => ({ x: q.step, y: q.value, tip: tip(q) })),
    };
  });
}
const pairTable = pairs => ({
  columns: [
    textColumn('From', p => p.from), textColumn('Into', p => p.into), numberColumn('Value at the end', p => p.last),
  ],
  rows: pairs,
});

figure('composition', () => {
  const known = column => scores.length && scores[0][column] !== undefined ? pairsOf(column) : [];
  const kinds = ['K', 'Q', 'V'].map(name => ({ name, pairs: known(name.toLowerCase() + 'Composition') }))
    .filter(k => k.pairs.length);
  const grid = h('div', { class: 'panels', style: `--cols:${kinds.length}` });
  const [low, high] = extent(kinds.flatMap(k => k.pairs.flatMap(p => p.points.map(q => q.value))));
  drawn(() => {
    grid.replaceChildren();
    for (const k of kinds) {
      const { host, element } = panel(k.name + '-composition'); grid.append(element);
      lineChart(host, {
        title: `${k.name}-composition of every pair of heads over training`, series: pairLines(k.pairs, 4),
        x: trainingAxis(scoreSteps),
        y: { label: 'composition', range: [low - (high - low) * 0.05, high + (high - low) * 0.05] },
        height: w => w < 420 ? 260 : 320,
      });
    }
  });
  const rows = kinds.flatMap(k => k.pairs.map(p => ({ ...p, kind: k.name })));
  return {
    body: [h('div', { class: 'controls' }, toggle('Log steps', () => state.logarithmic, v => state.logarithmic = v)), grid],
    table: { columns: [textColumn('Kind', p => p.kind), ...pairTable([]).columns], rows },
  };
});

figure('ablation', () => {
  const kinds = ['mean', 'zero', 'resample', 'position'], title = k => k[0].toUpperCase() + k.slice(1);
  const columns = kinds.map(k => ({ column: k + 'Ablation', title: title(k) + ' ablation', unit: 'loss change, nats' }));
  const numbers = kinds.flatMap(k => [[title(k), k + 'Ablation'], [k + ', error', k + 'AblationStdErr']]);
  return { body: [trainingControls(), scorePanels(columns, 2) ?? ''], table: scoreTableOf(numbers) };
});

figure('paths', () => {
  const pairs = pairsOf('pathAblation'), host = h('div', { class: 'chart' });
  const readers = [...new Set(pairs.map(p => headOf(p.into).layer))];
  const pairByName = new Map(pairs.map(p => [p.name, p]));
  const find = (from, into) => pairByName.get(`${from}\u2192${into}`);
  const thousandths = v =>
    (1000 * v).toFixed(Math.abs(v) < 0.01 ? 1 : 0).replace(/^-(?=0\.0$)/, '').replace('-', '\u2212');
  const maps = readers.map(layer => {
    const list = pairs.filter(p => headOf(p.into).layer === layer);
    return heatMap({
      title: 'Loss change in thousandths of a nat; rows write, columns read',
      rows: [...new Set(list.map(p => p.from))], columns: [...new Set(list.map(p => p.into))],
      value: (f, i) => find(f, i)?.last, show: thousandths,
      tip: (f, i) => `${f}\u2192${i}\n${format(find(f, i).last)} nats per token`,
    });
  });
  drawn(() => lineChart(host, {
    title: 'Path ablation over training', series: pairLines(pairs, 5),
    x: trainingAxis(scoreSteps), y: { label: 'loss change, nats', fromZero: true }, height: w => w < 420 ? 260 : 330,
  }));
  return { body: h('div', { class: 'panels', style: '--cols:2' }, h('div', {}, maps), host), table: pairTable(pairs) };
});

figure('curvature', () => {
  const kinds = [['Hessian trace', 'hessianTrace'], ['Fisher trace', 'fisherTrace']].filter(([, c]) => scores.some(r => isNumber(r[c])));
  const traced = [...new Set(scores.filter(r => kinds.some(([, c]) => isNumber(r[c]))).map(r => r.step))];
  const cols = traced.length > 2 ? kinds.length + 1 : kinds.length;
  const grid = h('div', { class: 'panels', style: `--cols:${cols}` }), key = h('div');
  const plots = h('div', { class: 'panels', style: '--cols:2;margin-top:16px' });
  drawn(() => {
    grid.replaceChildren(); plots.replaceChildren(); key.replaceChildren(colorKey());
    const heads = headComponents;
    const draw = (title, unit, lines, over) => {
      const { host, element } = panel(title); grid.append(element);
      lineChart(host, {
        title: title + ' of every head over training', series: nameTop(lines, 4), bands: state.bands,
        x: trainingAxis(over), y: { label: unit, fromZero: true }, height: w => w < 420 ? 250 : 290,
      });
    };
    if (traced.length > 2) {
      draw(`rLLC on ${study.trainingText}`, 'rLLC', series(heads, study.trainingText).map(l => ({ ...l, plain: true, width: 1.8 })), steps);
      for (const [name, column] of kinds) draw(name, 'trace', scoreSeries(column), scoreSteps);
    }
    for (const [name, column] of kinds) {
      const { host, element } = panel(`rLLC against ${name} at the end`); plots.append(element);
      const known = heads.map(c => ({ c, r: at(c, study.trainingText, lastStep), t: scoreAt(c)?.[column] }))
        .filter(p => p.r && isNumber(p.t));
      const trace = p => `${name} ${formatWithError(p.t, scoreAt(p.c)[column + 'StdErr'])}`;
      scatterChart(host, {
        title: `rLLC against ${name}`, height: 320, x: { label: name }, y: { label: 'rLLC' },
        points: known.map(p => ({
          name: p.c, x: p.t, y: p.r.Rllc, error: p.r.RllcStdErr, hollow: p.r.Status !== 'ok', color: styleOf(p.c).color,
          tip: `${p.c}\n${trace(p)}\nrLLC ${withStatus(p.r)}`,
        })),
      });
    }
  });
  const numbers = kinds.flatMap(([name, c]) => [[name, c], [name + ', error', c + 'StdErr']]);
  return { body: [trainingControls(), key, grid, plots], table: scoreTableOf(numbers) };
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
  const list = scoredHeads.map(c => scoreAt(c)).filter(r => r && classes.some(([, c]) => r[c] > 0));
  const barOf = r => ({
    name: r.component, color: styleOf(r.component, typeColoring()).color,
    parts: classes.map(([name, c, fill]) => ({ name, value: r[c], color: fill })),
  });
  drawn(() => barChart(host, {
    title: 'Classes of the tokens that each head matters for', x: { label: 'tokens' }, rows: list.map(barOf),
  }));
  const chip = ([text, , fill]) =>
    h('span', { class: 'chip plain' }, h('span', { class: 'square', style: `background:${fill}` }), text);
  const columns = [
    textColumn('Head', r => r.component), textColumn('Type', r => typeOf[r.component] ?? ''),
    ...classes.map(([name, c]) => numberColumn(name, r => r[c])),
  ];
  return { body: [h('div', { class: 'chips key' }, classes.map(chip)), host], table: { columns, rows: list } };
});
