'use strict';
// Which tokens each head answers to: the map of heads and patterns, and what both figures of patterns share.
const patternRows = (study.patterns?.rows ?? []).map(values => Object.fromEntries(study.patterns.columns.map(
  (name, i) => [name, i < study.patterns.texts ? study.patterns.names[values[i]] : values[i]])));
const wholeSet = 'all', clearQ = 0.05;
const patternKey = (...parts) => parts.join('\n');
const patternByKey = new Map(patternRows.map(r => [patternKey(r.component, r.dataset, r.probe, r.pattern, r.step), r]));
const patternAt = (component, pattern, step = asked.step, dataset = asked.dataset, probe = asked.probe) =>
  patternByKey.get(patternKey(component, dataset, probe, pattern, step));
const distinct = values => [...new Set(values)];
const patternSteps = distinct(patternRows.map(r => r.step)).sort((a, b) => a - b);
const probeNames = distinct(patternRows.map(r => r.probe)), probedTexts = distinct(patternRows.map(r => r.dataset));
const patternsOf = new Map([...Map.groupBy(patternRows, r => r.probe)].map(
  ([probe, list]) => [probe, distinct(list.map(r => r.pattern)).filter(p => p !== wholeSet)]));
const byName = (a, b) => a.localeCompare(b, 'en', { numeric: true });
const layerOrder = component => headOf(component)?.layer ?? Infinity;
const probedHeads = distinct(patternRows.map(r => r.component)).sort((a, b) => layerOrder(a) - layerOrder(b) || byName(a, b));

/** What the figures of patterns show; ask changes it for all of them. */
const asked = {
  step: patternSteps[patternSteps.length - 1], head: probedHeads[0], probe: probeNames[0],
  dataset: probedTexts.includes(study.trainingText) ? study.trainingText : probedTexts[0],
};
const askers = [];
const ask = change => { Object.assign(asked, change); askers.forEach(f => f()); };
/** A choice that all figures of patterns share; nothing where there is only one. */
function askChooser(label, key, options, shown) {
  if (options.length < 2) return '';
  const choice = chooser(label, options, v => ask({ [key]: options.find(o => String(o) === v) }), shown);
  const follow = () => { choice.select.value = asked[key]; };
  follow(); askers.push(follow);
  return choice.element;
}
const probeChoices = () => [askChooser('Probe set', 'probe', probeNames), askChooser('Sampled on', 'dataset', probedTexts)];

const isClearProfile = r => r.status === 'ok' && isNumber(r.profile) && isNumber(r.qValue) && r.qValue < clearQ;
/** Both errors together; that of the texts may be missing. */
const profileError = r => Math.hypot(r.profileStdErr ?? 0, r.profileTextStdErr ?? 0);
function twoErrors(value, chains, texts) {
  const told = formatWithError(value, chains);
  return isNumber(value) && isNumber(texts) ? `${told} (chains) \u00b1 ${format(texts, 2)} (texts)` : told;
}
function patternTip(r) {
  return [
    `${named(r.component)}`, `${r.pattern} of ${r.probe}, sampled on ${r.dataset}`, `step ${formatStep(r.step)}`,
    r.missing ? `no profile: ${r.missing}` : `profile ${twoErrors(r.profile, r.profileStdErr, r.profileTextStdErr)}`,
    isNumber(r.rllc) ? `rLLC ${twoErrors(r.rllc, r.rllcStdErr, r.textStdErr)}` : null,
    `${formatStep(r.tokens)} ${r.tokens === 1 ? 'token' : 'tokens'}, loss of w* ${format(r.baselineLoss)}`,
    isNumber(r.qValue) ? `q ${format(r.qValue, 2)}` : null,
    `status ${r.status}`, r.reason || null,
  ].filter(Boolean).join('\n');
}
const profileText = v => Math.abs(v) >= 1e4 ? format(v, 2)
  : v.toFixed(Math.abs(v) >= 99.95 ? 0 : Math.abs(v) >= 9.995 ? 1 : 2).replace('-', '\u2212');

/** How far from 1 the full colour stands: nine tenths of the clear profiles lie nearer. */
function profileReach(list) {
  const far = list.filter(isClearProfile).map(r => Math.abs(r.profile - 1)).sort((a, b) => a - b);
  return Math.max(0.25, far[Math.floor((far.length - 1) * 0.9)] ?? 0);
}
function profileCell(r, reach) {
  const attributes = { onpointermove: event => showTip(patternTip(r), event), onpointerleave: hideTip };
  if (!isNumber(r.profile)) return h('td', { class: 'unknown', ...attributes }, '\u2013');
  const clear = isClearProfile(r), share = Math.min(1, Math.abs(r.profile - 1) / reach);
  const hue = r.profile < 1 ? 'var(--fall)' : 'var(--rise)', strength = Math.round(share * (clear ? 88 : 30));
  const ink = !clear ? 'var(--soft)' : share > 0.55 ? 'var(--onheat)' : 'var(--ink)';
  return h('td', {
    class: [clear ? 'clear' : '', r.status === 'ok' ? '' : 'doubtful'].join(' ').trim() || null,
    style: `background:color-mix(in srgb, ${hue} ${strength}%, var(--card));color:${ink}`, ...attributes,
  }, profileText(r.profile));
}

figure('patterns', () => {
  const told = h('p', { class: 'soft', 'aria-live': 'polite' }), ramp = h('div', { class: 'ramp' });
  const title = h('h3'), map = h('div', { class: 'heat profiles' });
  const over = study.figures.some(f => f.id === 'profiles');
  let sorted = null;
  const cellsOf = (list, patterns) => list.flatMap(c => patterns.map(p => patternAt(c, p))).filter(Boolean);
  const valueOf = c => {
    const r = patternAt(c, sorted), v = sorted === wholeSet ? r?.rllc : r?.profile;
    return isNumber(v) ? v : -Infinity;
  };
  const ordered = list => sorted === null ? list : [...list].sort((a, b) => valueOf(b) - valueOf(a));
  const heading = (p, name, place) => {
    const any = probedHeads.map(c => patternAt(c, p)).find(Boolean), is = sorted === p;
    const order = () => { sorted = is ? null : p; draw(); map.querySelectorAll('thead button')[place].focus({ preventScroll: true }); };
    const words = `${name}: ${is ? 'order the heads by name again' : 'order the heads of each layer by it'}`;
    return h('th', { scope: 'col', 'aria-sort': is ? 'descending' : 'none' },
      h('button', { onclick: order, title: words, 'aria-pressed': String(is) }, h('span', {}, name + (is ? ' \u2193' : ''))),
      h('small', {}, any ? formatStep(any.tokens) : ''));
  };
  const headCell = c => over
    ? h('th', { scope: 'row' }, h('button', {
      'aria-pressed': String(asked.head === c), title: `${named(c)}: its profile over training`,
      onclick: () => { ask({ head: c }); document.getElementById('profiles').scrollIntoView({ behavior: 'smooth' }); },
    }, c))
    : h('th', { scope: 'row' }, c);
  const whole = c => {
    const r = patternAt(c, wholeSet);
    return r ? h('td', { class: 'own', onpointermove: event => showTip(patternTip(r), event), onpointerleave: hideTip },
      isNumber(r.rllc) ? format(r.rllc) : '\u2013') : h('td', { class: 'own' });
  };
  const draw = () => {
    const patterns = patternsOf.get(asked.probe), seen = probedHeads.filter(c => patternAt(c, wholeSet) || cellsOf([c], patterns).length);
    const cells = cellsOf(seen, patterns), known = cells.filter(r => isNumber(r.profile)), reach = profileReach(cells);
    if (sorted !== wholeSet && !patterns.includes(sorted)) sorted = null;
    const row = c => h('tr', {}, headCell(c), whole(c), patterns.map(p => {
      const r = patternAt(c, p);
      return r ? profileCell(r, reach) : h('td');
    }));
    const groups = [...Map.groupBy(seen, layerOrder).values()];
    title.textContent = `Profiles on ${asked.probe}, sampled on ${asked.dataset}, step ${formatStep(asked.step)}`;
    map.replaceChildren(h('table', { 'aria-label': title.textContent },
      h('thead', {}, h('tr', {}, h('td', { class: 'corner' }, h('small', {}, 'tokens')), heading(wholeSet, 'rLLC, whole set', 0),
        patterns.map((p, i) => heading(p, p, i + 1)))),
      groups.map(list => h('tbody', {}, ordered(list).map(row)))));
    ramp.replaceChildren(h('span', {}, profileText(1 - reach) + ' or less'), h('span', { class: 'bar' }),
      h('span', {}, profileText(1 + reach) + ' or more; the middle is 1'));
    const clear = known.filter(isClearProfile).length, none = cells.length - known.length;
    told.textContent = `Here ${clear} of ${plural(known.length, 'profile')} ${known.length === 1 ? 'differs' : 'differ'} `
      + `from 1 at q < 0.05${none ? `; ${none} ${none === 1 ? 'is' : 'are'} missing` : ''}.`;
  };
  draw(); askers.push(draw);
  const columns = [
    stepColumn(r => r.step), textColumn('Head', r => r.component), textColumn('Sampled on', r => r.dataset),
    textColumn('Probe set', r => r.probe), textColumn('Pattern', r => r.pattern), { name: 'Tokens', get: r => r.tokens, show: formatStep },
    numberColumn('Loss of w*', r => r.baselineLoss), numberColumn('rLLC', r => r.rllc), numberColumn('Error, chains', r => r.rllcStdErr, 2),
    numberColumn('Error, texts', r => r.textStdErr, 2), numberColumn('Profile', r => r.profile),
    numberColumn('Its error, chains', r => r.profileStdErr, 2), numberColumn('Its error, texts', r => r.profileTextStdErr, 2),
    numberColumn('q', r => r.qValue, 2), textColumn('Status', r => r.status),
    { name: 'Why', text: true, wide: true, get: r => r.reason || r.missing },
  ];
  const step = askChooser('Checkpoint', 'step', patternSteps, v => 'step ' + formatStep(v));
  return { body: [h('div', { class: 'controls' }, probeChoices(), step), title, told, ramp, map], table: { columns, rows: patternRows } };
});
