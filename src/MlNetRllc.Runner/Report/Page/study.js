'use strict';
// The study's tables, and what all figures share. The sentences that state results come with the data, computed from the same tables.
const study = JSON.parse(document.getElementById('study').textContent);
const state = { logarithmic: true, bands: true, hidden: new Set(), coloring: 'head' }, redraws = [];
const page = document.getElementById('page');
const columnNames = study.rllc.columns;
const unpacked = table => (table?.rows ?? []).map((values, index) =>
  Object.assign({ index }, Object.fromEntries(table.columns.map((name, i) => [name, values[i]]))));
const rows = unpacked(study.rllc), scores = unpacked(study.scores);
const referenceRows = unpacked(study.reference), datasetRows = unpacked(study.datasets);
const steps = [...new Set(rows.map(r => r.Step))].sort((a, b) => a - b);
const components = [...new Set(rows.map(r => r.Component))];
const datasets = [...new Set(rows.map(r => r.Dataset))];
const lastStep = steps[steps.length - 1];
const headOf = name => { const m = /^l(\d+)h(\d+)$/.exec(name); return m ? { layer: +m[1], head: +m[2] } : null; };
const headComponents = components.filter(headOf);
/** A component's place among those of its layer, and its row by text and step: found, not searched for. */
const layerOf = component => headOf(component)?.layer ?? -1;
const byLayer = Map.groupBy(components, layerOf);
const placeInLayer = new Map([...byLayer.values()].flatMap(group => group.map((c, i) => [c, i])));
const rowKey = (component, dataset, step) => `${component}\n${dataset}\n${step}`;
const rowByKey = new Map(rows.toReversed().map(r => [rowKey(r.Component, r.Dataset, r.Step), r]));
const color = i => `var(--c${i % 8})`;
const dashes = [undefined, '7 3', '2 3', '9 3 2 3'];
const typeColors = {
  induction: 'var(--c1)', 'previous-token': 'var(--c0)', 'current-token': 'var(--c2)', multigram: 'var(--c6)',
  unclear: 'var(--c7)',
};
const typeOf = Object.fromEntries(study.types.map(t => [t.component, t.headType]));
const clusterOf = Object.fromEntries((study.clusters?.rows ?? []).map(r => [r.component, r.cluster]));
const clusterIds = [...new Set(Object.values(clusterOf))].sort((a, b) => a - b);
const clusterPlace = new Map(clusterIds.map((id, i) => [id, i]));
const layers = [...byLayer.keys()].sort((a, b) => a - b);
const colorings = ['head', ...(study.clusters ? ['cluster'] : []), ...(study.types.length ? ['type'] : [])];

/** A head's colour: its own within its layer, or that of its type or cluster. */
function styleOf(component, coloring = state.coloring) {
  if (coloring === 'type' && typeOf[component]) return { color: typeColors[typeOf[component]] ?? 'var(--c7)' };
  if (coloring === 'cluster' && clusterOf[component] !== undefined) return { color: color(clusterPlace.get(clusterOf[component])) };
  const i = headOf(component)?.head ?? placeInLayer.get(component) ?? 0;
  return { color: color(i), dash: dashes[Math.floor(i / 8) % dashes.length] };
}
/** What the colours stand for; nothing where the lines' own names say it. */
function colorKey(coloring = state.coloring) {
  if (coloring === 'type') {
    const types = Object.keys(typeColors).filter(t => Object.values(typeOf).includes(t));
    return legend(types.map(t => ({ color: typeColors[t], text: t })));
  }
  if (coloring === 'cluster') return legend(clusterIds.map((id, i) => ({ color: color(i), text: 'cluster ' + id })));
  return '';
}
const typeColoring = () => study.types.length ? 'type' : study.clusters ? 'cluster' : 'head';
state.coloring = typeColoring();
stages = study.stages.map(t => ({ name: String(t.stage), from: t.from, to: t.to })).sort((a, b) => a.from - b.from);
const statusColors = {
  ok: 'var(--good)', 'not-converged': 'var(--warn)', negative: 'var(--warn)', diverged: 'var(--bad)', failed: 'var(--bad)',
};
const statusMarks = { ok: '\u2713', 'not-converged': '~', negative: '\u2212', diverged: '\u2717', failed: '\u2717' };
const at = (component, dataset, step) => rowByKey.get(rowKey(component, dataset, step));
const plural = (n, one, many = one + 's') => `${n} ${n === 1 ? one : many}`;
const listed = names => names.length < 2 ? names.join('') : names.slice(0, -1).join(', ') + ' and ' + names[names.length - 1];
const withError = r => formatWithError(r.Rllc, r.RllcStdErr);
const withStatus = r => withError(r) + (r.Status === 'ok' ? '' : ', ' + r.Status);


function section(id, title, lead, ...children) {
  const element = h('section', { id }, h('h2', {}, title), lead ? h('p', { class: 'soft' }, lead) : null, ...children);
  page.append(element); return element;
}
const figures = study.figures.map((f, i) => ({ ...f, number: i + 1 }));

/** Draws a figure if the study has it: numbered heading, marks, caption, and its numbers on demand.
 * build(figure) gives { body, table: { columns, rows } }. */
function figure(id, build) {
  const f = figures.find(x => x.id === id); if (!f) return;
  const holder = h('div');
  let drawing;
  try { drawing = build(f); }
  catch (e) {
    const words = `This figure could not be drawn: ${e.message}. Its numbers are in the tables folder beside this page.`;
    section(id, f.title, null, h('p', { class: 'problem', role: 'alert' }, words));
    return;
  }
  const { body, table: numbers } = drawing;
  const fill = () => {
    if (details.open && !holder.firstChild) holder.append(table(id, numbers.columns, numbers.rows));
  };
  const details = numbers
    ? h('details', { class: 'data', ontoggle: fill }, h('summary', {}, 'Numbers of this figure'), holder)
    : null;
  section(id, f.title, null, h('figure', {}, body, h('figcaption', {}, h('b', {}, `Figure ${f.number}. `), f.caption)), details);
}
/** The buttons and choices that figures over training share. */
function trainingControls(...others) {
  const bar = h('div', { class: 'controls' }, others);
  if (colorings.length > 1) {
    const choice = chooser('Colour by', colorings, v => { state.coloring = v; redraws.forEach(f => f()); });
    const follow = () => { choice.select.value = state.coloring; }; follow(); redraws.push(follow); bar.append(choice.element);
  }
  bar.append(
    toggle('Log steps', () => state.logarithmic, v => state.logarithmic = v),
    toggle('Error bands', () => state.bands, v => state.bands = v));
  return bar;
}
/** Draws now and after every change of a shared choice. */
function drawn(draw) { draw(); redraws.push(draw); }
function panel(title, host = h('div', { class: 'panel' })) { return { host, element: h('div', {}, h('h3', {}, title), host) }; }
/** Names only the lines that end highest, so that the names can be read. */
function nameTop(series, count, by = line => line.points.filter(p => isNumber(p.y)).at(-1)?.y ?? -Infinity) {
  const top = new Set([...series].sort((a, b) => by(b) - by(a)).slice(0, count));
  return series.map(line => top.has(line) ? { ...line, label: line.name } : { ...line, label: '', width: 1.2, opacity: 0.6, plain: true });
}
const textColumn = (name, get) => ({ name, text: true, get });
const numberColumn = (name, get, digits = 3) => ({ name, get, show: v => format(v, digits) });
const stepColumn = get => ({ name: 'Step', get, show: v => formatStep(v) });
const standardErrorColumn = numberColumn('Standard error', r => r.RllcStdErr, 2);
const trainingAxis = (over, label = 'training step') => ({ scale: stepScale(over, state.logarithmic), label });
function toggle(text, get, set) {
  const switched = () => {
    set(!get());
    button.setAttribute('aria-pressed', String(get()));
    redraws.forEach(f => f());
  };
  const button = h('button', { 'aria-pressed': String(get()), onclick: switched }, text);
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
  if (seconds < 90) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return seconds < 5400
    ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
    : `${(seconds / 3600).toFixed(1)} h`;
}
const textColumns = new Set(['Component', 'Dataset', 'Status', 'StatusReason']);
const shownAs = name => {
  if (name === 'Status') return statusWord;
  if (name === 'Step') return formatStep;
  return textColumns.has(name) ? undefined : v => format(v, name === 'RHat' ? 4 : 3);
};
const estimateColumns = columnNames.map(name => ({
  name, text: textColumns.has(name), wide: name === 'StatusReason', get: r => r[name] ?? '', show: shownAs(name),
}));
