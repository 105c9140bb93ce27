'use strict';
// What goes wrong is said on the page: an empty one would look like a study without results.
addEventListener('error', event => {
  const words = `This page could not be drawn in full: ${event.message}. All its numbers are in the tables folder beside it.`;
  const problem = Object.assign(document.createElement('p'), { className: 'problem', role: 'alert', textContent: words });
  document.getElementById('page').prepend(problem);
});

// Small SVG charts: axes, lines with error bands, bars, direct labels, hover. No library, no network.
const svgNamespace = 'http://www.w3.org/2000/svg';

/** Makes an HTML element; attributes starting with "on" are listeners. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.flat(2).filter(c => c !== null && c !== undefined));
  return element;
}

function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(svgNamespace, tag);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Steps at which stages end, and their names; drawn wherever training is the horizontal axis. */
let stages = [];

const isNumber = v => typeof v === 'number' && Number.isFinite(v);

/** Smallest and largest of any number of values; what is no number counts for nothing.
 * Spread into arguments, some ten thousand would be too many. */
function extent(values, low = Infinity, high = -Infinity) {
  for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
  return [low, high];
}

/** A number with three significant figures and a true minus sign. */
function format(value, digits = 3) {
  if (!isNumber(value)) return 'n/a';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(digits - 1)
    : size >= 100 ? value.toFixed(0) : value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
  return text.replace('-', '\u2212').replace('e+', 'e');
}

/** A value with its error: the error to two figures, the value to as many decimals. */
function formatWithError(value, error) {
  if (!isNumber(value) || !isNumber(error)) return format(value);
  if (error < 1e-3 || error >= 1e5 || Math.abs(value) >= 1e5) return `${format(value)} \u00b1 ${format(error, 2)}`;
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(error)));
  return `${value.toFixed(decimals).replace('-', '\u2212')} \u00b1 ${error.toFixed(decimals)}`;
}

const formatStep = step => Number(step).toLocaleString('en-US');
function compactStep(step) {
  if (step >= 1e6) return +(step / 1e6).toPrecision(3) + 'M';
  return step >= 1000 ? +(step / 1000).toPrecision(3) + 'k' : String(step);
}

function niceTicks(low, high, count) {
  const span = high - low || 1, raw = span / Math.max(1, count), power = 10 ** Math.floor(Math.log10(raw));
  const unit = [1, 2, 2.5, 5, 10].find(m => m * power >= raw * 0.999) * power;
  const ticks = [];
  for (let k = Math.ceil(low / unit - 1e-9); k * unit <= high + unit * 1e-9; k++) ticks.push(+(k * unit).toPrecision(12));
  return ticks;
}

/** How ticks are written: all with as many decimals as the finest needs. */
function tickText(ticks) {
  const [, decimals] = extent(ticks.map(v => (String(+v.toPrecision(6)).split('.')[1] ?? '').length), 0, 0);
  return v => Math.abs(v) >= 1e5 || decimals > 5 ? format(v) : v === 0 ? '0' : v.toFixed(decimals).replace('-', '\u2212');
}

/** Training steps on a logarithmic axis on which step 0 has a place: log10(1 + step / first). */
function stepScale(steps, logarithmic) {
  const sorted = [...new Set(steps)].sort((a, b) => a - b), last = sorted[sorted.length - 1] ?? 1;
  const first = sorted.find(v => v > 0) ?? 1;
  if (!logarithmic) return { training: true, map: v => v, low: sorted[0] ?? 0, high: last, ticks: n => niceTicks(sorted[0] ?? 0, last, n) };
  const map = v => Math.log10(1 + v / first);
  return {
    training: true, map, low: map(sorted[0] ?? 0), high: map(last),
    ticks: () => {
      const ticks = sorted[0] === 0 ? [0] : [];
      for (let p = 10 ** Math.floor(Math.log10(first)); p <= last; p *= 10)
        for (const m of [1, 2, 5]) if (m * p >= first && m * p <= last) ticks.push(m * p);
      // Round powers first: 2s and 5s give way where there is no room.
      return ticks.sort((a, b) => rank(a) - rank(b));
    },
  };
  function rank(v) { return v === 0 ? 0 : Number.isInteger(Math.log10(v)) ? 1 : String(v).startsWith('5') ? 3 : 2; }
}

function linearScale(values) {
  const [low, high] = extent(values);
  return { map: v => v, low, high, ticks: n => niceTicks(low, high, n) };
}

/** Pushes labels apart so that none overlaps; keeps them between low and high. */
function spread(labels, gap, low, high) {
  labels.sort((a, b) => a.y - b.y);
  for (let i = 0; i < labels.length; i++) labels[i].at = Math.max(labels[i].y, i ? labels[i - 1].at + gap : low);
  for (let i = labels.length - 1, limit = high; i >= 0; i--) { labels[i].at = Math.min(labels[i].at, limit); limit = labels[i].at - gap; }
}

const tip = document.getElementById('tip');
function showTip(text, event) {
  tip.textContent = text; tip.hidden = false;
  const box = tip.getBoundingClientRect(), x = event.clientX + 16, y = event.clientY + 14;
  tip.style.left = Math.max(6, x + box.width > innerWidth - 6 ? event.clientX - box.width - 12 : x) + 'px';
  tip.style.top = Math.max(6, y + box.height > innerHeight - 6 ? event.clientY - box.height - 12 : y) + 'px';
}
function hideTip() { tip.hidden = true; }

const observers = new WeakMap(), unpainted = new Map();
const sight = new IntersectionObserver(entries => {
  for (const entry of entries) if (entry.isIntersecting) unpainted.get(entry.target)?.();
}, { rootMargin: '600px 0px' });

/** Paints what is in sight at once and the rest when there is time, and again whenever the width changes, instead of what was
 * painted there before. */
function responsive(host, paintAt, height) {
  let last = 0;
  const draw = () => { if (host.clientWidth > 0 && host.clientWidth !== last) { last = host.clientWidth; paintAt(last); } };
  const begin = () => {
    if (host.clientWidth === 0) return;
    unpainted.delete(host); sight.unobserve(host); host.style.minHeight = '';
    const observer = new ResizeObserver(() => requestAnimationFrame(draw));
    observers.set(host, observer);
    observer.observe(host);
    draw();
  };
  observers.get(host)?.disconnect();
  if (host.firstChild) return begin();
  host.style.minHeight = (typeof height === 'function' ? height(host.clientWidth || 600) : height ?? 320) + 'px';
  unpainted.set(host, begin);
  sight.observe(host);
  paintRest();
}

let resting = false;
/** Paints one chart after the other while nobody waits for anything else; what is folded away waits until it is opened. */
function paintRest() {
  if (resting) return;
  resting = true;
  const idle = globalThis.requestIdleCallback ?? (work => setTimeout(() => work({ timeRemaining: () => 10 }), 30));
  const work = deadline => {
    for (const [host, begin] of unpainted) {
      if (!host.isConnected) { unpainted.delete(host); sight.unobserve(host); }
      else if (host.clientWidth > 0) begin();
      if (deadline.timeRemaining() < 8) { idle(work); return; }
    }
    resting = false;
  };
  idle(work);
}
addEventListener('beforeprint', () => { for (const begin of [...unpainted.values()]) begin(); });

/**
  * Draws lines. spec: { series: (or what gives them, when they are drawn) [{ name, color, dash, width, label,
  * points: [{ x, y, low, high, tip }] }], x: { scale, label, format }, y: { label, range, fromZero },
  * refs: [{ y, label, color }], height, title, onPick(point, series) }
 */
function lineChart(host, spec) {
  responsive(host, width => paint(host, typeof spec.series === 'function' ? { ...spec, series: spec.series() } : spec, width), spec.height);
}

function rangeOf(series, refs, fromZero) {
  const values = series.flatMap(t => t.points.flatMap(p => [p.y, p.low, p.high])).concat(refs.map(r => r.y)).filter(isNumber);
  if (!values.length) return [0, 1];
  let [low, high] = extent(values);
  if (fromZero) low = Math.min(0, low), high = Math.max(0, high);
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  return [fromZero && low === 0 ? 0 : low - pad, high + pad];
}

/** Points every few pixels along a polyline. */
function along(points) {
  return points.flatMap(([x, y], i) => {
    const [nx, ny] = points[i + 1] ?? [x, y], count = Math.max(1, Math.ceil(Math.hypot(nx - x, ny - y) / 5));
    return Array.from({ length: count }, (_, k) => [x + (nx - x) * k / count, y + (ny - y) * k / count]);
  });
}

/** Grid, ticks, titles, and the boundaries of stages. */
function axes(svg, spec, { width, height, margin, px, py, yLow, yHigh, compact }) {
  const scale = spec.x.scale, inner = width - margin.left - margin.right, tall = height - margin.top - margin.bottom;
  const yTicks = niceTicks(yLow, yHigh, Math.max(2, tall / 52));
  const yText = tickText(yTicks);
  for (const tick of yTicks) {
    const y = py(tick);
    svg.append(s('line', { x1: margin.left, x2: width - margin.right, y1: y, y2: y, class: tick === 0 ? 'base' : 'grid' }),
      s('text', { x: margin.left - 7, y: y + 4, 'text-anchor': 'end' }, yText(tick)));
  }
  const taken = [];
  for (const tick of scale.ticks(Math.max(2, inner / 85))) {
    const x = px(tick), text = (spec.x.format ?? compactStep)(tick), half = text.length * 3.8 + 5;
    if (taken.some(t => Math.abs(t.x - x) < t.half + half)) continue;
    taken.push({ x, half });
    svg.append(s('line', { x1: x, x2: x, y1: margin.top + tall, y2: margin.top + tall + 5, class: 'base' }),
      s('text', { x, y: margin.top + tall + 18, 'text-anchor': 'middle' }, text));
  }
  svg.append(s('line', { x1: margin.left, x2: width - margin.right, y1: margin.top + tall, y2: margin.top + tall, class: 'base' }));
  const across = { x: margin.left + inner / 2, y: height - 3, 'text-anchor': 'middle', class: 'axis' };
  if (spec.x.label) svg.append(s('text', across, spec.x.label));
  const turned = `translate(13 ${margin.top + tall / 2}) rotate(-90)`;
  const upward = { x: 0, y: 0, transform: turned, 'text-anchor': 'middle', class: 'axis' };
  if (spec.y.label && !compact) svg.append(s('text', upward, spec.y.label));
  if (!scale.training) return;
  const shown = stages.filter(t => scale.map(t.from) < scale.high && scale.map(t.to) > scale.low);
  shown.forEach((stage, i) => {
    const from = Math.max(margin.left, px(stage.from)), to = Math.min(width - margin.right, px(stage.to));
    if (i > 0) svg.append(s('line', { x1: from, x2: from, y1: margin.top - (compact ? 0 : 12), y2: margin.top + tall, class: 'stage' }));
    const text = i === 0 && to - from > 62 ? 'stage ' + stage.name : stage.name;
    const place = { x: (from + to) / 2, y: margin.top - 4, 'text-anchor': 'middle', class: 'stagename' };
    const fits = to - from > text.length * 6.6 + 4;
    if (!compact && shown.length > 1 && fits) svg.append(s('text', place, text));
  });
}

/** Above it, points without marks can still be told apart, marks cannot. */
const MOST_DOTTED_LINES = 64;

function paint(host, spec, width) {
  const refs = spec.refs ?? [], height = typeof spec.height === 'function' ? spec.height(width) : spec.height ?? 320;
  const compact = width < 300, labels = !spec.noLabels && spec.series.some(t => t.label);
  const [, longest] = extent(spec.series.map(t => labels && t.label ? t.label.length : 0), 0, 0);
  const hasStages = spec.x.scale.training && stages.length > 1 && !compact;
  const margin = {
    left: compact ? 40 : 70, right: labels ? 14 + longest * 7.6 : 12,
    top: hasStages ? 22 : 10, bottom: compact ? 36 : 46,
  };
  const [yLow, yHigh] = spec.y.range ?? rangeOf(spec.series, refs, spec.y.fromZero);
  const scale = spec.x.scale, inner = width - margin.left - margin.right, tall = height - margin.top - margin.bottom;
  const px = v => margin.left + inner * (scale.map(v) - scale.low) / (scale.high - scale.low || 1);
  const py = v => margin.top + tall * (yHigh - v) / (yHigh - yLow || 1);
  const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, height, role: 'img', 'aria-label': spec.title ?? '' });

  axes(svg, spec, { width, height, margin, px, py, yLow, yHigh, compact });

  const notes = [];
  // A reference line's label goes where it covers the fewest points of the curves.
  const samples = refs.length ? spec.series.flatMap(t => along(t.points.filter(p => isNumber(p.y)).map(p => [px(p.x), py(p.y)]))) : [];
  for (const ref of refs.filter(r => isNumber(r.y))) {
    const y = py(ref.y), wide = ref.label.length * 7.2, first = margin.left + 4, last = width - margin.right - 4 - wide;
    const places = [last, first, (first + last) / 2].flatMap(x => [{ x, y: y - 6 }, { x, y: y + 15 }])
      .filter(p => p.y > margin.top + 10 && p.y < margin.top + tall - 2)
      .map(p => {
        const isCovered = ([sx, sy]) => sx > p.x - 4 && sx < p.x + wide + 4 && sy > p.y - 14 && sy < p.y + 5;
        return { ...p, covered: samples.filter(isCovered).length };
      });
    const place = places.reduce((best, p) => p.covered < best.covered ? p : best, places[0] ?? { x: last, y: y - 6 });
    svg.append(s('line', { x1: margin.left, x2: width - margin.right, y1: y, y2: y, class: 'ref', stroke: ref.color }));
    notes.push(s('text', { x: place.x, y: place.y, class: 'label', style: `fill:${ref.color}` }, ref.label));
  }

  const ends = [], groups = [], dots = spec.series.length <= MOST_DOTTED_LINES;
  for (const line of spec.series) {
    const points = line.points.filter(p => isNumber(p.y)), group = s('g', { class: 'series' });
    const band = spec.bands === false ? [] : points.filter(p => isNumber(p.low) && isNumber(p.high));
    if (band.length > 1) {
      const clamp = v => Math.min(margin.top + tall, Math.max(margin.top, py(v)));
      const upper = band.map(p => `${px(p.x).toFixed(1)},${clamp(p.high).toFixed(1)}`);
      const lower = band.map(p => `${px(p.x).toFixed(1)},${clamp(p.low).toFixed(1)}`).reverse();
      group.append(s('polygon', { points: [...upper, ...lower].join(' '), fill: line.color, opacity: 0.16 }));
    }
    const places = points.map(p => `${px(p.x).toFixed(1)},${py(p.y).toFixed(1)}`).join(' ');
    group.append(s('polyline', {
      points: places, fill: 'none', stroke: line.color,
      'stroke-width': line.width ?? 2, 'stroke-dasharray': line.dash, 'stroke-linejoin': 'round', opacity: line.opacity,
    }));
    if (dots && points.length <= 40 && !line.plain) for (const p of points) group.append(s('circle', {
      cx: px(p.x), cy: py(p.y), r: compact ? 1.6 : 2.5,
      fill: p.hollow ? 'var(--card)' : line.color, stroke: line.color, 'stroke-width': 1.3,
    }));
    svg.append(group); groups.push({ group, line, points });
    const end = points[points.length - 1];
    if (labels && line.label && end) ends.push({ y: py(end.y), x: px(end.x), text: line.label, color: line.color });
  }
  // Where there is no room for every name, those of the highest lines stand.
  const fitting = Math.max(1, Math.floor(tall / 14));
  if (ends.length > fitting) { ends.sort((a, b) => a.y - b.y); ends.length = fitting; }
  spread(ends, 14, margin.top + 4, margin.top + tall - 2);
  for (const end of ends) svg.append(
    s('line', { x1: end.x + 4, x2: width - margin.right + 6, y1: end.y, y2: end.at, stroke: end.color, opacity: 0.45 }),
    s('text', { x: width - margin.right + 9, y: end.at + 4, class: 'label', style: `fill:${end.color}` }, end.text));

  svg.append(...notes);
  const cursor = s('line', { class: 'cursor', y1: margin.top, y2: margin.top + tall, visibility: 'hidden' });
  svg.append(cursor);
  const nearest = event => {
    const box = svg.getBoundingClientRect();
    const mx = (event.clientX - box.left) * width / box.width, my = (event.clientY - box.top) * height / box.height;
    let best = null;
    for (const { group, line, points } of groups) for (const p of points) {
      const d = (px(p.x) - mx) ** 2 + (py(p.y) - my) ** 2;
      if (!best || d < best.d) best = { d, p, line, group };
    }
    return best;
  };
  svg.addEventListener('pointermove', event => {
    const best = nearest(event); if (!best) return;
    for (const { group } of groups) group.classList.toggle('hot', group === best.group);
    svg.classList.toggle('focus', spec.series.length > 1);
    cursor.setAttribute('x1', px(best.p.x)); cursor.setAttribute('x2', px(best.p.x)); cursor.setAttribute('visibility', 'visible');
    showTip(best.p.tip ?? `${best.line.name}\n${format(best.p.y)}`, event);
  });
  svg.addEventListener('pointerleave', () => { svg.classList.remove('focus'); cursor.setAttribute('visibility', 'hidden'); hideTip(); });
  if (spec.onPick) {
    svg.style.cursor = 'pointer';
    svg.addEventListener('click', event => {
      const best = nearest(event);
      if (best) spec.onPick(best.p, best.line);
    });
  }
  host.replaceChildren(svg);
}
