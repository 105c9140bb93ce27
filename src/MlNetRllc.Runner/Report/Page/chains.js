'use strict';
// ---- Chains and diagnostics
let select;
if (rows.length) {
  const chart = h('div', { class: 'chart' }), facts = h('dl'), caption = h('figcaption');
  const narrow = steps.length > 24, map = h('div', { class: narrow ? 'map narrow' : 'map' });
  const component = chooser('Component', components, v => go({ Component: v }));
  const dataset = chooser('Dataset', datasets, v => go({ Dataset: v }));
  const step = chooser('Checkpoint', steps, v => go({ Step: +v }), v => 'step ' + formatStep(v));
  let mode = 'running', current = rows.filter(r => r.Step === lastStep && isNumber(r.Rllc)).sort((a, b) => b.Rllc - a.Rllc)[0] ?? rows[0];
  const modeButton = toggle('Single draws', () => mode === 'draws', v => { mode = v ? 'draws' : 'running'; });
  section('chains', 'Chains and diagnostics',
    'Choose an estimate: what its chains did, and whether they agree. The map shows every estimate of the dataset by status.',
    h('div', { class: 'controls' }, component.element, dataset.element, step.element, modeButton), map,
    h('div', { class: 'split', style: 'margin-top:12px' }, h('figure', {}, chart, caption), facts));
  const traceOf = new Map(study.traces.map(t => [t.row, t]));
  const go = change => { const want = { ...current, ...change }; select(at(want.Component, want.Dataset, want.Step) ?? current); };
  select = row => { current = row; show(); };
  function decode(trace) {
    const bytes = atob(trace.data), out = [];
    for (let i = 0; i < bytes.length; i += 2) {
      let v = bytes.charCodeAt(i) | bytes.charCodeAt(i + 1) << 8;
      if (v > 32767) v -= 65536;
      out.push(v === -32768 ? NaN : v * trace.scale);
    }
    return out;
  }
  // The map is drawn anew only when it shows other estimates, and of many components only those about the chosen one.
  const cells = new Map(), most = Math.max(8, Math.floor(4000 / Math.max(1, steps.length)));
  let mapOf = '';
  function mapped() {
    const place = Math.max(0, components.indexOf(current.Component));
    const first = components.length <= most ? 0 : Math.min(Math.floor(place / most) * most, components.length - 1);
    const list = components.slice(first, first + most);
    return { list, key: `${current.Dataset}\n${list[0]}`, left: components.length - list.length };
  }
  function drawMap({ list, key, left }) {
    mapOf = key; cells.clear();
    const button = r => h('button', {
      style: `background:${statusColors[r.Status] ?? 'var(--none)'}`,
      title: `${r.Component}, step ${formatStep(r.Step)}: ${r.Status}`,
      'aria-label': `${r.Component}, step ${r.Step}: ${r.Status}`, 'aria-pressed': 'false', onclick: () => select(r),
    }, statusMarks[r.Status] ?? '?');
    const heading = (v, i) => h('th', { class: 'step' }, !narrow || i % 4 === 0 ? h('span', {}, compactStep(v)) : '');
    map.replaceChildren(h('table', {}, h('tr', {}, h('th'), steps.map(heading)),
      list.map(c => h('tr', {}, h('th', {}, c), steps.map(v => {
        const r = at(c, current.Dataset, v); if (!r) return h('td');
        const cell = button(r); cells.set(r, cell);
        return h('td', {}, cell);
      })))),
      left > 0
        ? h('p', { class: 'soft' }, `${plural(left, 'other component')} of ${components.length}: choose one above to see the map about it.`)
        : '');
  }
  function show() {
    component.select.value = current.Component; dataset.select.value = current.Dataset; step.select.value = current.Step;
    const shown = mapped();
    if (mapOf !== shown.key) drawMap(shown);
    map.querySelector('[aria-pressed=true]')?.setAttribute('aria-pressed', 'false');
    const chosen = cells.get(current);
    chosen?.setAttribute('aria-pressed', 'true');
    if (chosen) map.scrollLeft = chosen.offsetLeft - map.clientWidth / 2;
    const trace = traceOf.get(current.index);
    const size = format(current.Ess), below = current.NegativeShare;
    const told = [
      ['rLLC', withError(current)],
      ['Status', statusWord(current.Status)],
      current.StatusReason ? ['Why', current.StatusReason] : null,
      ['R-hat', `${format(current.RHat, 4)} (1 when chains agree)`],
      ['Effective sample size', trace ? `${size} of ${trace.chains * trace.recorded} draws` : size],
      ['Geweke, largest |z|', format(current.Geweke)],
      ['Draws below baseline', isNumber(below) ? (100 * below).toFixed(0) + ' %' : 'n/a'],
      ['Drift, second half \u2212 first', format(current.Drift)],
      trace?.acceptance?.length ? ['MALA acceptance', trace.acceptance.map(v => format(v, 2)).join(', ')] : null,
    ];
    facts.replaceChildren(...told.filter(Boolean).flatMap(([k, v]) => [h('dt', {}, k), h('dd', {}, v)]));
    if (!trace) {
      chart.replaceChildren(h('p', { class: 'soft' }, 'No trace was kept for this estimate.'));
      caption.textContent = '';
      return;
    }
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
      const name = 'chain ' + (chain + 1), dash = dashes[Math.floor(chain / 8) % 4];
      lines.push({ name, label: name, color: color(chain), dash, plain: true, width: 1.8, points });
    }
    lineChart(chart, {
      title: `Chains of ${current.Component} on ${current.Dataset} at step ${current.Step}`, series: lines,
      refs: isNumber(current.Rllc) ? [{ y: current.Rllc, label: 'estimate', color: 'var(--ink)' }] : [],
      x: { scale: linearScale([1, trace.draws * trace.block]), label: 'draw', format: String },
      y: { label: mode === 'draws' ? 'n\u03b2 \u00d7 loss difference' : 'running mean of n\u03b2 \u00d7 loss difference' },
      height: 310,
    });
    caption.textContent = `${current.Component} on ${current.Dataset}, step ${formatStep(current.Step)}: ${plural(trace.chains, 'chain')}`
        + (ends.length ? ` ending at ${listed(ends.map(v => format(v)))}.` : ', none finite.')
        + (trace.block > 1 ? ` Each point is the mean of ${trace.block} draws.` : '')
      + (current.Status === 'ok' ? ' They agree within the limits.' : ` Status: ${current.Status}. ${current.StatusReason ?? ''}`);
  }
  show(); redraws.push(show);
}

