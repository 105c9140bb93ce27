'use strict';
// The profile of one head over training: a line a pattern, a handful at a time.
figure('profiles', f => {
  const first = 6, most = 8, chosenOf = new Map();
  const host = h('div', { class: 'chart' }), chips = h('div', { class: 'chips' });
  ask({ head: f.data.component });
  /** Those that lie furthest from 1 in their errors at the last checkpoint that has any. */
  const clearest = () => {
    const patterns = patternsOf.get(asked.probe);
    const ends = step => patterns.map(p => patternAt(asked.head, p, step)).filter(r => isNumber(r?.profile));
    const last = patternSteps.toReversed().find(step => ends(step).length) ?? patternSteps[0];
    const rank = r => r.qValue ?? Infinity, apart = r => Math.abs(r.profile - 1) / (profileError(r) || Infinity);
    return ends(last).sort((a, b) => rank(a) - rank(b) || apart(b) - apart(a)).slice(0, first).map(r => r.pattern);
  };
  const shown = () => chosenOf.get(asked.probe) ?? clearest();
  const choose = list => {
    if (list) chosenOf.set(asked.probe, list); else chosenOf.delete(asked.probe);
    draw();
  };
  // Beyond a handful lines cannot be told apart: the one that was chosen first gives way.
  const switched = (list, p) => list.includes(p) ? list.filter(x => x !== p) : [...list, p].slice(-most);
  const pointOf = r => ({
    x: r.step, y: r.profile, low: r.profile - profileError(r), high: r.profile + profileError(r),
    hollow: !isClearProfile(r) || r.status !== 'ok', tip: patternTip(r),
  });
  const lookOf = i => ({ color: color(i), dash: dashes[Math.floor(i / 8) % dashes.length] });
  const lineOf = (p, i) => ({
    name: p, label: p.length > 22 ? p.slice(0, 21) + '\u2026' : p, ...lookOf(i),
    points: patternSteps.map(step => patternAt(asked.head, p, step)).filter(r => isNumber(r?.profile)).map(pointOf),
  });
  function draw() {
    const patterns = patternsOf.get(asked.probe), list = shown();
    const chip = (p, i) => h('button', {
      class: 'chip', 'aria-pressed': String(list.includes(p)), onclick: () => choose(switched(list, p)),
    }, h('span', { class: 'swatch', style: `color:${color(i)}` }), p);
    const again = () => h('button', { onclick: () => choose(null) }, 'Those of the smallest q');
    chips.replaceChildren(...patterns.map(chip), chosenOf.has(asked.probe) ? again() : '');
    lineChart(host, {
      title: `Profile of ${asked.head} on ${asked.probe}, sampled on ${asked.dataset}, over training`, bands: state.bands,
      noLabels: page.clientWidth < 560,
      series: patterns.map(lineOf).filter(line => list.includes(line.name) && line.points.length),
      refs: [{ y: 1, label: 'as everywhere', color: 'var(--soft)' }],
      x: trainingAxis(patternSteps), y: { label: `profile of ${asked.head}` }, height: w => w < 420 ? 300 : 380,
    });
  }
  drawn(draw); askers.push(draw);
  const head = askChooser('Head', 'head', probedHeads, named);
  return { body: [h('div', { class: 'controls' }, head, probeChoices(),
    toggle('Log steps', () => state.logarithmic, v => state.logarithmic = v),
    toggle('Error bands', () => state.bands, v => state.bands = v)), host, h('h3', { style: 'margin-top:14px' }, 'Patterns'), chips] };
});
