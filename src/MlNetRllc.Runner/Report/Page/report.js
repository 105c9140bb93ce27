'use strict';
// Builds the page from the study's tables. Every sentence that states a result is computed from the numbers here.
const study = JSON.parse(document.getElementById('study').textContent);
const page = document.getElementById('page');
const columnNames = study.rllc.columns;
const rows = study.rllc.rows.map((values, index) => Object.assign({ index }, Object.fromEntries(columnNames.map((name, i) => [name, values[i]]))));
const steps = [...new Set(rows.map(r => r.Step))].sort((a, b) => a - b);
const components = [...new Set(rows.map(r => r.Component))];
const datasets = [...new Set(rows.map(r => r.Dataset))];
const lastStep = steps[steps.length - 1];
const headOf = name => { const m = /^l(\d+)h(\d+)$/.exec(name); return m ? { layer: +m[1], head: +m[2] } : null; };
const layers = [...new Set(components.map(c => headOf(c)?.layer ?? -1))].sort((a, b) => a - b);
const color = i => `var(--c${i % 8})`;
const dashes = [undefined, '7 3', '2 3', '9 3 2 3'];
const styleOf = component => {
  const head = headOf(component), group = components.filter(c => (headOf(c)?.layer ?? -1) === (head?.layer ?? -1));
  const i = head ? head.head : group.indexOf(component);
  return { color: color(i), dash: dashes[Math.floor(i / 8) % dashes.length] };
};
const statusColors = { ok: 'var(--good)', 'not-converged': 'var(--warn)', negative: 'var(--warn)', diverged: 'var(--bad)', failed: 'var(--bad)' };
const statusMarks = { ok: '\u2713', 'not-converged': '~', negative: '\u2212', diverged: '\u2717', failed: '\u2717' };
const at = (component, dataset, step) => rows.find(r => r.Component === component && r.Dataset === dataset && r.Step === step);
const plural = (n, one, many = one + 's') => `${n} ${n === 1 ? one : many}`;
const listed = names => names.length < 2 ? names.join('') : names.slice(0, -1).join(', ') + ' and ' + names[names.length - 1];
const withError = r => `${format(r.Rllc)} \u00b1 ${format(r.RllcStdErr, 2)}`;
const withStatus = r => withError(r) + (r.Status === 'ok' ? '' : ', ' + r.Status);
const state = { logarithmic: true, bands: true, hidden: new Set() };
const redraws = [];

function section(id, title, lead, ...children) {
  const element = h('section', { id }, h('h2', {}, title), lead ? h('p', { class: 'soft' }, lead) : null, ...children);
  page.append(element); return element;
}
function toggle(text, get, set) {
  const button = h('button', { 'aria-pressed': String(get()), onclick: () => { set(!get()); button.setAttribute('aria-pressed', String(get())); redraws.forEach(f => f()); } }, text);
  return button;
}
function chooser(label, options, onchange, shown = v => v) {
  const select = h('select', { onchange: () => onchange(select.value) }, options.map(o => h('option', { value: o }, shown(o))));
  return { element: h('label', {}, label, select), select };
}
function statusWord(status) {
  return h('span', { class: 'status' }, h('span', { class: 'dot', style: `color:${statusColors[status] ?? 'var(--none)'}` }), status);
}
function duration(seconds) {
  if (!isNumber(seconds)) return 'n/a';
  return seconds < 90 ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : seconds < 5400 ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s` : `${(seconds / 3600).toFixed(1)} h`;
}

// ---- Findings
const finalRows = rows.filter(r => r.Step === lastStep);
const good = rows.filter(r => r.Status === 'ok').length;
const final = study.checkpoints[study.checkpoints.length - 1];
const entropy = study.entropies;

function findings() {
  const out = [];
  if (final && isNumber(final.validationLoss)) {
    const words = [];
    if (isNumber(entropy.unigram)) words.push(`${format(entropy.unigram - final.validationLoss)} below the unigram entropy (${format(entropy.unigram)})`);
    if (isNumber(entropy.bigram)) words.push(`${format(Math.abs(entropy.bigram - final.validationLoss))} ${final.validationLoss < entropy.bigram ? 'below' : 'above'} the bigram entropy (${format(entropy.bigram)})`);
    out.push(`The validation loss ends at ${format(final.validationLoss)} nats per token${words.length ? ', ' + listed(words) : ''}.`);
  }
  for (const dataset of datasets) {
    const ranked = finalRows.filter(r => r.Dataset === dataset && isNumber(r.Rllc)).sort((a, b) => b.Rllc - a.Rllc);
    if (ranked.length < 2) continue;
    const [top, low] = [ranked[0], ranked[ranked.length - 1]], apart = (top.Rllc - low.Rllc) / Math.hypot(top.RllcStdErr, low.RllcStdErr);
    out.push(`On ${dataset} at step ${formatStep(lastStep)}, ${top.Component} has the highest rLLC (${withStatus(top)}) and ${low.Component} the lowest (${withStatus(low)})`
      + (isNumber(apart) ? `; they lie ${format(apart, 2)} standard errors apart.` : '.'));
  }
  if (datasets.length > 1) {
    const [a, b] = datasets, ratios = components.map(c => ({ c, a: at(c, a, lastStep), b: at(c, b, lastStep) })).filter(x => isNumber(x.a?.Rllc) && isNumber(x.b?.Rllc))
      .map(x => ({ ...x, z: (x.b.Rllc - x.a.Rllc) / Math.hypot(x.a.RllcStdErr, x.b.RllcStdErr) })).sort((x, y) => Math.abs(y.z) - Math.abs(x.z));
    if (ratios.length) out.push(`${ratios[0].c} differs most between the texts: ${withStatus(ratios[0].a)} on ${a}, ${withStatus(ratios[0].b)} on ${b}.`);
  }
  if (study.clusters) {
    const best = bestSilhouette();
    out.push(`The ${study.clusters.rows.length === components.length ? plural(components.length, 'curve') : plural(study.clusters.rows.length, 'curve')} fall into ${plural(study.clusters.k, 'cluster')}`
      + (best ? `, with a mean silhouette of ${format(best.value)}${best.value < 0.25 ? ' (weak: below 0.25 little structure is there)' : ''}.` : '.'));
  }
  const counts = Object.entries(Object.groupBy(rows, r => r.Status)).map(([status, list]) => [status, list.length]).sort((a, b) => b[1] - a[1]);
  out.push(good === rows.length ? `All ${rows.length} estimates have status ok.`
    : `Of ${rows.length} estimates ${listed(counts.map(([status, n]) => `${n} ${n === 1 ? 'is' : 'are'} ${status}`))}; all but ok are drawn hollow and coloured in the map and the tables.`);
  return out;
}
const bestSilhouette = () => study.clusters?.silhouettes?.find(v => v.k === study.clusters.k);

// ---- Top
const themes = ['auto', 'light', 'dark'];
let theme = themes.indexOf(document.documentElement.dataset.theme ?? 'auto');
const themeButton = h('button', { class: 'theme', title: 'Light, dark, or as the system', onclick: () => {
  theme = (theme + 1) % 3;
  if (theme) document.documentElement.dataset.theme = themes[theme]; else delete document.documentElement.dataset.theme;
  themeButton.textContent = 'Theme: ' + themes[theme];
} }, 'Theme: ' + themes[theme]);
page.append(h('header', { class: 'top' }, h('div', {}, h('h1', {}, study.title), h('p', { class: 'soft' }, study.subtitle)), themeButton));
page.append(h('nav', {}, [['loss', 'Loss'], ['rllc', 'rLLC over training'], ['texts', 'Head by head'], ['clusters', 'Clusters'], ['chains', 'Chains'], ['numbers', 'Numbers'], ['reading', 'How to read'], ['settings', 'Settings']]
  .filter(([id]) => id !== 'clusters' || study.clusters).map(([id, text]) => h('a', { href: '#' + id }, text))));
page.append(h('div', { class: 'tiles' }, study.tiles.map(t => h('div', { class: 'tile', title: t.note ?? '' }, h('b', {}, t.value), h('span', {}, t.label)))));
section('findings', 'What is seen', null, h('ul', { class: 'findings' }, findings().map(f => h('li', {}, f))));

// ---- Loss
{
  const host = h('div', { class: 'chart' }), controls = h('div', { class: 'controls' });
  const caption = (() => {
    const best = study.checkpoints.filter(c => isNumber(c.validationLoss)).sort((a, b) => a.validationLoss - b.validationLoss)[0];
    const below = isNumber(entropy.bigram) ? study.checkpoints.find(c => c.validationLoss < entropy.bigram) : null;
    return (best ? `The lowest validation loss, ${format(best.validationLoss)}, is at step ${formatStep(best.step)}. ` : '')
      + (below ? `The first checkpoint below the bigram entropy is step ${formatStep(below.step)}: from there on the model uses more than the previous token.` : isNumber(entropy.bigram) ? 'The model does not get below the bigram entropy.' : '');
  })();
  section('loss', 'Loss over training', null, controls, h('figure', {}, host, h('figcaption', {}, caption)));
  controls.append(toggle('Log steps', () => state.logarithmic, v => state.logarithmic = v));
  const draw = () => lineChart(host, {
    title: 'Training and validation loss against training step',
    series: [{ name: 'training', label: 'training', color: 'var(--c0)', points: study.checkpoints.map(c => ({ x: c.step, y: c.trainLoss, tip: `step ${formatStep(c.step)}\ntraining ${format(c.trainLoss, 4)}\nvalidation ${format(c.validationLoss, 4)}` })) },
      { name: 'validation', label: 'validation', color: 'var(--c1)', points: study.checkpoints.map(c => ({ x: c.step, y: c.validationLoss, tip: `step ${formatStep(c.step)}\nvalidation ${format(c.validationLoss, 4)}\ntraining ${format(c.trainLoss, 4)}` })) }],
    refs: [{ y: entropy.unigram, label: `unigram entropy ${format(entropy.unigram)}`, color: 'var(--c7)' }, { y: entropy.bigram, label: `bigram entropy ${format(entropy.bigram)}`, color: 'var(--c6)' }],
    x: { scale: stepScale(study.checkpoints.map(c => c.step), state.logarithmic), label: 'training step' }, y: { label: 'loss, nats per token' }, height: w => w < 500 ? 270 : 340,
  });
  draw(); redraws.push(draw);
}

// ---- rLLC over training: a row for each layer, a column for each dataset, one y axis
function series(list, dataset, label) {
  return list.map(component => ({
    name: component, label, component, dataset, ...styleOf(component),
    points: steps.map(step => at(component, dataset, step)).filter(Boolean).map(r => ({
      x: r.Step, y: r.Rllc, low: r.Rllc - r.RllcStdErr, high: r.Rllc + r.RllcStdErr, hollow: r.Status !== 'ok', row: r,
      tip: `${component} on ${dataset}\nstep ${formatStep(r.Step)}\nrLLC ${withError(r)}\nR-hat ${format(r.RHat, 4)}, ESS ${format(r.Ess)}\n${r.Status}`,
    })),
  })).map(line => ({ ...line, label: label === undefined ? line.name : label }));
}
function jump(point) { if (point.row) { select(point.row); document.getElementById('chains').scrollIntoView({ behavior: 'smooth' }); } }
{
  const panels = h('div', { class: 'panels', style: `--cols:${Math.min(3, datasets.length)}` });
  const caption = (() => {
    const text = [];
    for (const dataset of datasets) {
      const change = components.map(c => ({ c, a: at(c, dataset, steps[0]), b: at(c, dataset, lastStep) })).filter(x => isNumber(x.a?.Rllc) && isNumber(x.b?.Rllc));
      const rise = change.filter(x => x.b.Rllc > x.a.Rllc).length;
      const peak = rows.filter(r => r.Dataset === dataset && isNumber(r.Rllc)).sort((a, b) => b.Rllc - a.Rllc)[0];
      if (peak) text.push(`On ${dataset}, ${rise} of ${change.length} end above where they began; the highest value is ${peak.Component} at step ${formatStep(peak.Step)} (${withError(peak)}).`);
    }
    return text.join(' ') + ' Bands are one standard error; a hollow point marks an estimate whose status is not ok. Click a point to see its chains.';
  })();
  const controls = h('div', { class: 'controls' }, toggle('Log steps', () => state.logarithmic, v => state.logarithmic = v), toggle('Error bands', () => state.bands, v => state.bands = v));
  const chips = h('div', { class: 'chips' }, components.map(c => {
    const style = styleOf(c), chip = h('button', { class: 'chip', 'aria-pressed': 'true', onclick: () => {
      state.hidden.has(c) ? state.hidden.delete(c) : state.hidden.add(c); chip.setAttribute('aria-pressed', String(!state.hidden.has(c))); redraws.forEach(f => f());
    } }, h('span', { class: 'swatch', style: `color:${style.color};border-top-style:${style.dash ? 'dashed' : 'solid'}` }), c);
    return chip;
  }));
  section('rllc', 'rLLC of every component over training', datasets.length > 1 ? 'One panel a layer and dataset; the panels of a dataset share their vertical axis.' : 'One panel a layer, all on the same vertical axis.', controls, chips, h('figure', {}, panels, h('figcaption', {}, caption)));
  const draw = () => {
    const shown = components.filter(c => !state.hidden.has(c)), range = dataset => {
      const values = rows.filter(r => r.Dataset === dataset && isNumber(r.Rllc) && !state.hidden.has(r.Component)).flatMap(r => [r.Rllc - (r.RllcStdErr || 0), r.Rllc + (r.RllcStdErr || 0)]);
      const low = Math.min(0, ...values), high = Math.max(0, ...values), pad = (high - low) * 0.05 || 1;
      return [low < 0 ? low - pad : 0, high + pad];
    };
    panels.replaceChildren();
    for (const layer of layers) for (const dataset of datasets) {
      const host = h('div', { class: 'panel' }), list = shown.filter(c => (headOf(c)?.layer ?? -1) === layer);
      panels.append(h('div', {}, h('h3', {}, `${layer < 0 ? 'Other components' : 'Layer ' + layer} on ${dataset}`), host));
      lineChart(host, { title: `rLLC of the heads of layer ${layer} on ${dataset}`, series: series(list, dataset), bands: state.bands, onPick: jump,
        x: { scale: stepScale(steps, state.logarithmic), label: 'training step' }, y: { label: 'rLLC', range: range(dataset) }, height: w => w < 420 ? 260 : 310 });
    }
  };
  draw(); redraws.push(draw);
}

// ---- The same head on each dataset
{
  const panels = h('div', { class: 'panels small' });
  const key = h('div', { class: 'chips' }, datasets.map((d, i) => h('span', { class: 'chip plain' }, h('span', { class: 'swatch', style: `color:${color(i)}` }), d)));
  const caption = (() => {
    if (datasets.length < 2) return 'One dataset was sampled.';
    const [a, b] = datasets, higher = components.filter(c => at(c, b, lastStep)?.Rllc > at(c, a, lastStep)?.Rllc);
    const clear = components.filter(c => { const x = at(c, a, lastStep), y = at(c, b, lastStep); return x && y && Math.abs(x.Rllc - y.Rllc) > 2 * Math.hypot(x.RllcStdErr, y.RllcStdErr); });
    return `At the last checkpoint ${plural(higher.length, 'component')} of ${components.length} ${higher.length === 1 ? 'is' : 'are'} higher on ${b} than on ${a}; the two differ by more than two standard errors for ${clear.length ? listed(clear) : 'none'}. All panels share one vertical axis.`;
  })();
  section('texts', 'Head by head: the same head on each dataset', null, key, h('figure', { style: 'margin-top:14px' }, panels, h('figcaption', {}, caption)));
  const draw = () => {
    const values = rows.filter(r => isNumber(r.Rllc)).map(r => r.Rllc), low = Math.min(0, ...values), high = Math.max(0, ...values), pad = (high - low) * 0.06 || 1;
    panels.replaceChildren();
    for (const component of components) {
      const host = h('div', { class: 'panel' });
      panels.append(h('div', { class: 'panel' }, h('h3', {}, component), host));
      lineChart(host, { title: `rLLC of ${component} on each dataset`, noLabels: true, onPick: jump, bands: state.bands, series: datasets.map((d, i) => ({ ...series([component], d)[0], color: color(i), dash: undefined })),
        x: { scale: stepScale(steps, state.logarithmic), label: 'step' }, y: { label: 'rLLC', range: [low < 0 ? low - pad : 0, high + pad] }, height: 170 });
    }
  };
  draw(); redraws.push(draw);
}

// ---- Clusters
if (study.clusters) {
  const c = study.clusters, curves = h('div', { class: 'chart' }), silhouettes = h('div', { class: 'chart' }), ids = [...new Set(c.rows.map(r => r.cluster))].sort((a, b) => a - b);
  const members = ids.map(id => c.rows.filter(r => r.cluster === id));
  const caption = ids.map((id, i) => `Cluster ${id}: ${listed(members[i].map(m => m.component))}.`).join(' ') + (c.note ? ' ' + c.note : '');
  const least = c.rows.filter(r => isNumber(r.silhouette)).sort((a, b) => a.silhouette - b.silhouette)[0], best = bestSilhouette();
  const silhouetteCaption = (best ? `k = ${c.k} has a mean silhouette of ${format(best.value)}${c.silhouettes.every(v => v.value <= best.value) ? ', the highest of those tried' : ''}. ` : '') + (least ? `The curve that fits its cluster least is ${least.component} (${format(least.silhouette)}).` : '');
  section('clusters', 'Clusters of curves', `Each curve is one component's rLLC over the checkpoints${c.dataset ? ' on ' + c.dataset : ''}. Method: ${c.method}.`,
    h('div', { class: 'split' }, h('figure', {}, h('h3', {}, 'Curves by cluster, thick: the centre'), curves, h('figcaption', {}, caption)),
      h('figure', {}, h('h3', {}, 'Mean silhouette against number of clusters'), silhouettes, h('figcaption', {}, silhouetteCaption))));
  const draw = () => {
    const lines = c.rows.filter(r => r.curve).map(r => ({ name: r.component, color: color(ids.indexOf(r.cluster)), width: 1.3, opacity: 0.75, plain: true,
      points: c.steps.map((step, i) => ({ x: step, y: r.curve[i], tip: `${r.component}, cluster ${r.cluster}\nstep ${formatStep(step)}\n${format(r.curve[i])}\nsilhouette ${format(r.silhouette)}` })) }));
    const centres = (c.centres ?? []).map((centre, i) => ({ name: 'cluster ' + ids[i], label: 'cluster ' + ids[i], color: color(i), width: 4, plain: true, points: c.steps.map((step, j) => ({ x: step, y: centre[j], tip: `centre of cluster ${ids[i]}\nstep ${formatStep(step)}\n${format(centre[j])}` })) }));
    lineChart(curves, { title: 'Curves by cluster', series: [...lines, ...centres], x: { scale: stepScale(c.steps, state.logarithmic), label: 'training step' }, y: { label: c.unit ?? 'rLLC' }, height: 320 });
    lineChart(silhouettes, { title: 'Silhouette against number of clusters', x: { scale: { ...linearScale(c.silhouettes.map(v => v.k)), ticks: () => c.silhouettes.map(v => v.k) }, label: 'number of clusters, k', format: String },
      y: { label: 'mean silhouette', fromZero: true }, height: 320, series: [{ name: 'silhouette', color: 'var(--c0)', points: c.silhouettes.map(v => ({ x: v.k, y: v.value, hollow: v.k !== c.k, tip: `k = ${v.k}\nmean silhouette ${format(v.value)}${v.k === c.k ? '\nchosen' : ''}` })) }] });
  };
  draw(); redraws.push(draw);
}

// ---- Chains and diagnostics
let select;
{
  const chart = h('div', { class: 'chart' }), facts = h('dl'), narrow = steps.length > 24, map = h('div', { class: narrow ? 'map narrow' : 'map' }), caption = h('figcaption');
  const component = chooser('Component', components, v => go({ Component: v })), dataset = chooser('Dataset', datasets, v => go({ Dataset: v })), step = chooser('Checkpoint', steps, v => go({ Step: +v }), v => 'step ' + formatStep(v));
  let mode = 'running', current = finalRows.filter(r => isNumber(r.Rllc)).sort((a, b) => b.Rllc - a.Rllc)[0] ?? rows[0];
  const modeButton = toggle('Single draws', () => mode === 'draws', v => { mode = v ? 'draws' : 'running'; });
  section('chains', 'Chains and diagnostics', 'Choose an estimate: what its chains did, and whether they agree. The map shows every estimate of the dataset by status.',
    h('div', { class: 'controls' }, component.element, dataset.element, step.element, modeButton), map,
    h('div', { class: 'split', style: 'margin-top:12px' }, h('figure', {}, chart, caption), facts));
  const go = change => { const want = { ...current, ...change }; select(at(want.Component, want.Dataset, want.Step) ?? current); };
  select = row => { current = row; show(); };
  function decode(trace) {
    const bytes = atob(trace.data), out = [];
    for (let i = 0; i < bytes.length; i += 2) { let v = bytes.charCodeAt(i) | bytes.charCodeAt(i + 1) << 8; if (v > 32767) v -= 65536; out.push(v === -32768 ? NaN : v * trace.scale); }
    return out;
  }
  function show() {
    component.select.value = current.Component; dataset.select.value = current.Dataset; step.select.value = current.Step;
    map.replaceChildren(h('table', {}, h('tr', {}, h('th'), steps.map((v, i) => h('th', { class: 'step' }, !narrow || i % 4 === 0 ? h('span', {}, compactStep(v)) : ''))),
      components.map(c => h('tr', {}, h('th', {}, c), steps.map(v => {
        const r = at(c, current.Dataset, v); if (!r) return h('td');
        return h('td', {}, h('button', { style: `background:${statusColors[r.Status] ?? 'var(--none)'}`, title: `${c}, step ${formatStep(v)}: ${r.Status}`, 'aria-label': `${c}, step ${v}: ${r.Status}`, 'aria-pressed': String(r === current), onclick: () => select(r) }, statusMarks[r.Status] ?? '?'));
      })))));
    const chosen = map.querySelector('[aria-pressed=true]');
    if (chosen) map.scrollLeft = chosen.offsetLeft - map.clientWidth / 2;
    const trace = study.traces.find(t => t.row === current.index);
    facts.replaceChildren(...[['rLLC', withError(current)], ['Status', statusWord(current.Status)], current.StatusReason ? ['Why', current.StatusReason] : null,
      ['R-hat', `${format(current.RHat, 4)} (1 when chains agree)`], ['Effective sample size', trace ? `${format(current.Ess)} of ${trace.chains * trace.recorded} draws` : format(current.Ess)],
      ['Geweke, largest |z|', format(current.Geweke)], ['Draws below baseline', isNumber(current.NegativeShare) ? (100 * current.NegativeShare).toFixed(0) + ' %' : 'n/a'], ['Drift, second half \u2212 first', format(current.Drift)],
      trace?.acceptance?.length ? ['MALA acceptance', trace.acceptance.map(v => format(v, 2)).join(', ')] : null].filter(Boolean).flatMap(([k, v]) => [h('dt', {}, k), h('dd', {}, v)]));
    if (!trace) { chart.replaceChildren(h('p', { class: 'soft' }, 'No trace was kept for this estimate.')); caption.textContent = ''; return; }
    const values = decode(trace), lines = [], ends = [];
    for (let chain = 0; chain < trace.chains; chain++) {
      let sum = 0, n = 0; const points = [];
      for (let k = 0; k < trace.draws; k++) {
        const v = values[chain * trace.draws + k]; if (!Number.isFinite(v)) break;
        sum += v; n++;
        const y = mode === 'draws' ? v : sum / n, x = (k + 1) * trace.block;
        points.push({ x, y, tip: `chain ${chain + 1}, draw ${x}\n${mode === 'draws' ? 'this draw' : 'mean so far'} ${format(y)}` });
      }
      if (n) ends.push(sum / n);
      lines.push({ name: 'chain ' + (chain + 1), label: 'chain ' + (chain + 1), color: color(chain), dash: dashes[Math.floor(chain / 8) % 4], plain: true, width: 1.8, points });
    }
    lineChart(chart, { title: `Chains of ${current.Component} on ${current.Dataset} at step ${current.Step}`, series: lines, refs: isNumber(current.Rllc) ? [{ y: current.Rllc, label: 'estimate', color: 'var(--ink)' }] : [],
      x: { scale: linearScale([1, trace.draws * trace.block]), label: 'draw', format: String }, y: { label: mode === 'draws' ? 'n\u03b2 \u00d7 loss difference' : 'running mean of n\u03b2 \u00d7 loss difference' }, height: 310 });
    caption.textContent = `${current.Component} on ${current.Dataset}, step ${formatStep(current.Step)}: ${plural(trace.chains, 'chain')}`
      + (ends.length ? ` ending at ${listed(ends.map(v => format(v)))}.` : ', none finite.') + (trace.block > 1 ? ` Each point is the mean of ${trace.block} draws.` : '')
      + (current.Status === 'ok' ? ' They agree within the limits.' : ` Status: ${current.Status}. ${current.StatusReason ?? ''}`);
  }
  show(); redraws.push(show);
}

// ---- Tables
function table(name, columns, data) {
  let sorted = null, descending = false, filter = '', all = false;
  const body = h('tbody'), more = h('div', { class: 'controls' }), headers = columns.map((c, i) => h('th', { class: c.text ? 'text' : null }, h('button', { onclick: () => { descending = sorted === i ? !descending : !c.text; sorted = i; fill(); } }, c.name)));
  const search = h('input', { type: 'search', placeholder: 'Filter, such as l1h3 docs', 'aria-label': 'Filter the table ' + name, oninput: () => { filter = search.value.toLowerCase(); fill(); } });
  function fill() {
    let list = data.filter(r => filter.split(/\s+/).every(word => columns.some(c => String(c.get(r)).toLowerCase().includes(word))));
    if (sorted !== null) { const get = columns[sorted].get; list = [...list].sort((a, b) => { const x = get(a), y = get(b); const o = typeof x === 'string' ? x.localeCompare(String(y), 'en', { numeric: true }) : (isNumber(x) ? x : -Infinity) - (isNumber(y) ? y : -Infinity); return descending ? -o : o; }); }
    headers.forEach((th, i) => { th.setAttribute('aria-sort', sorted === i ? (descending ? 'descending' : 'ascending') : 'none'); th.firstChild.textContent = columns[i].name + (sorted === i ? (descending ? ' \u2193' : ' \u2191') : ''); });
    const limit = all ? list.length : 300;
    body.replaceChildren(...list.slice(0, limit).map(r => h('tr', {}, columns.map(c => h('td', { class: c.wide ? 'text reason' : c.text ? 'text' : null }, c.show ? c.show(c.get(r), r) : String(c.get(r) ?? ''))))));
    more.replaceChildren(h('span', { class: 'soft' }, `${Math.min(limit, list.length)} of ${data.length} rows`), list.length > limit ? h('button', { onclick: () => { all = true; fill(); } }, 'Show all') : '');
  }
  const save = h('button', { onclick: () => {
    const quote = v => /[",\n]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v;
    const text = [columns.map(c => c.name), ...data.map(r => columns.map(c => String(c.get(r) ?? '')))].map(r => r.map(quote).join(',')).join('\n');
    const link = h('a', { href: URL.createObjectURL(new Blob([text + '\n'], { type: 'text/csv' })), download: name + '.csv' }); link.click(); URL.revokeObjectURL(link.href);
  } }, 'Save as CSV');
  fill();
  return h('div', {}, h('div', { class: 'controls' }, search, save), h('div', { class: 'scroll', tabindex: '0' }, h('table', {}, h('thead', {}, h('tr', {}, headers)), body)), more);
}
{
  const textColumns = new Set(['Component', 'Dataset', 'Status', 'StatusReason']);
  const rllcColumns = columnNames.map(name => ({ name, text: textColumns.has(name), wide: name === 'StatusReason', get: r => r[name] ?? '',
    show: name === 'Status' ? v => statusWord(v) : name === 'Step' ? v => formatStep(v) : textColumns.has(name) ? undefined : v => format(v, name === 'RHat' ? 4 : 3) }));
  const parts = [h('h3', {}, 'Estimates'), table('rllc', rllcColumns, rows)];
  if (study.clusters) parts.push(h('h3', { style: 'margin-top:20px' }, 'Clusters'), table('clusters', [{ name: 'Component', text: true, get: r => r.component }, { name: 'Cluster', get: r => r.cluster },
    { name: 'Silhouette', get: r => r.silhouette, show: v => format(v) }, ...study.clusters.rows[0].distances.map((_, i) => ({ name: 'Distance to ' + (i + 1), get: r => r.distances[i], show: v => format(v) }))], study.clusters.rows));
  parts.push(h('h3', { style: 'margin-top:20px' }, 'Checkpoints'), table('checkpoints', [{ name: 'Step', get: r => r.step, show: v => formatStep(v) }, { name: 'TrainLoss', get: r => r.trainLoss, show: v => format(v, 4) }, { name: 'ValidationLoss', get: r => r.validationLoss, show: v => format(v, 4) }], study.checkpoints));
  section('numbers', 'The numbers', 'Click a heading to sort. Units: loss in nats per token; rLLC and its error have none.', ...parts);
}

// ---- Reading and settings
section('reading', 'How to read the numbers', null,
  h('p', {}, 'The refined local learning coefficient (rLLC) of a head measures how many of the head\u2019s weights the loss really depends on near the trained weights, counted so that flat and degenerate directions weigh less. A higher value means that the head holds more structure that matters for this text.'),
  h('p', {}, 'Only the head\u2019s own weights are sampled; all others stay where training left them. The estimate is n\u03b2 times the mean rise of the loss over the sampled draws, each compared with the unperturbed model on the same minibatch.'),
  h('p', {}, `The values are comparative. The settings n\u03b2 = ${format(study.sgld.nBeta)}, \u03b3 = ${format(study.sgld.localization)} and step size ${format(study.sgld.stepSize)} fix the scale that is probed: a direction of curvature 1 adds ${format(study.sgld.nBeta / (2 * (study.sgld.nBeta + study.sgld.localization)))} here, not the \u00bd of the theoretical limit. Compare heads, checkpoints and texts within one setting, never across settings.`),
  h('p', {}, 'Bands and \u00b1 are one standard error, which allows for autocorrelation along a chain and for chains that meet the same minibatches. R-hat near 1 says that the chains agree; the effective sample size says how many independent draws they are worth. Status \u201cnegative\u201d means that the loss falls when the head is perturbed: the checkpoint is not a minimum for this head on this text, which is common early in training and on text the model was not trained on.'),
  h('p', {}, 'Based on: Wang et al., Differentiation and Specialization of Attention Heads via the Refined Local Learning Coefficient (arXiv 2410.02984); Lau et al. (arXiv 2308.12108).'));
section('settings', 'Settings and provenance', null,
  h('dl', {}, study.facts.flatMap(([k, v]) => [h('dt', {}, k), h('dd', {}, v)])),
  study.steps.length ? h('div', {}, h('h3', { style: 'margin-top:14px' }, 'Steps'), h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, ['Step', 'Kind', 'Result', 'Time'].map((t, i) => h('th', { class: i < 3 ? 'text' : null, style: 'padding:8px 12px' }, t)))),
    h('tbody', {}, study.steps.map(t => h('tr', {}, h('td', { class: 'text' }, t.name), h('td', { class: 'text' }, t.kind), h('td', { class: 'text' }, t.result), h('td', {}, duration(t.seconds)))))))) : null,
  study.pipeline ? h('details', { open: '' }, h('summary', {}, 'Pipeline file'), h('pre', {}, study.pipeline)) : null);
