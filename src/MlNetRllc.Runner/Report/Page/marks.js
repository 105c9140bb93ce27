'use strict';
// Charts other than lines: scatter, dots in rows, stacked bars, heat maps.

function legend(entries) {
  return h('div', { class: 'chips key' }, entries.map(e => h('span', { class: 'chip plain' },
    h('span', { class: e.dot ? 'dot' : 'swatch', style: `color:${e.color}` }), e.text)));
}

/**
 * Points with error bars and names. spec: { points: [{ x, y, error, name, color, hollow, tip }], x: { label }, y: { label },
 * line: { from, to, slope, intercept }, height, title }
 */
function scatterChart(host, spec) { responsive(host, width => paintScatter(host, spec, width), spec.height ?? 400); }

function paintScatter(host, spec, width) {
  const points = spec.points.filter(p => isNumber(p.x) && isNumber(p.y)), height = spec.height ?? (width < 500 ? 320 : 400);
  const margin = { left: 62, right: 20, top: 12, bottom: 46 };
  const tall = height - margin.top - margin.bottom, inner = width - margin.left - margin.right;
  const pad = (low, high, share) => { const by = (high - low || Math.abs(high) || 1) * share; return [low - by, high + by]; };
  const [xLow, xHigh] = pad(...extent(points.map(p => p.x)), 0.07);
  const [yLow, yHigh] = pad(...extent(points.flatMap(p => [p.y - (p.error || 0), p.y + (p.error || 0)])), 0.07);
  const px = v => margin.left + inner * (v - xLow) / (xHigh - xLow), py = v => margin.top + tall * (yHigh - v) / (yHigh - yLow);
  const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, height, role: 'img', 'aria-label': spec.title });
  const scale = { map: v => v, low: xLow, high: xHigh, ticks: n => niceTicks(xLow, xHigh, n) };
  const x = { scale, label: spec.x.label, format: tickText(scale.ticks(Math.max(2, inner / 85))) };
  axes(svg, { x, y: spec.y }, { width, height, margin, px, py, yLow, yHigh, compact: false });
  if (spec.line) {
    const y = x => spec.line.intercept + spec.line.slope * x;
    const { from, to } = spec.line;
    svg.append(s('line', { x1: px(from), y1: py(y(from)), x2: px(to), y2: py(y(to)), class: 'fit' }));
  }
  const taken = points.map(p => ({ x: px(p.x) - 5, y: py(p.y) - 5, w: 10, h: 10 }));
  const shared = (from, length, otherFrom, otherLength) =>
    Math.max(0, Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom));
  const overlap = (a, b) => shared(a.x, a.w, b.x, b.w) * shared(a.y, a.h, b.y, b.h);
  for (const p of points) {
    const x = px(p.x), y = py(p.y), group = s('g', { class: 'series' });
    const bar = { x1: x, x2: x, y1: py(p.y - p.error), y2: py(p.y + p.error), stroke: p.color, 'stroke-width': 1.4 };
    if (p.error > 0) group.append(s('line', bar));
    group.append(s('circle', { cx: x, cy: y, r: 5, fill: p.hollow ? 'var(--card)' : p.color, stroke: p.color, 'stroke-width': 1.6 }));
    svg.append(group);
    const wide = p.name.length * 7.2;
    const offsets = [[8, -13], [8, 1], [-8 - wide, -13], [-8 - wide, 1], [-wide / 2, -21], [-wide / 2, 7]];
    const places = offsets.map(([dx, dy]) => ({ x: x + dx, y: y + dy, w: wide, h: 13 }))
      .filter(b => b.x > margin.left && b.x + b.w < width && b.y > 0 && b.y + b.h < margin.top + tall);
    const cost = b => taken.reduce((sum, t) => sum + overlap(b, t), 0);
    const best = places.reduce((a, b) => cost(b) < cost(a) ? b : a, places[0]);
    if (best && cost(best) < 45) {
      taken.push(best);
      svg.append(s('text', { x: best.x, y: best.y + 11, class: 'label', style: `fill:${p.color}` }, p.name));
    }
    const hit = s('circle', { cx: x, cy: y, r: 12, fill: 'transparent' });
    hit.addEventListener('pointermove', event => showTip(p.tip, event)); hit.addEventListener('pointerleave', hideTip);
    svg.append(hit);
  }
  host.replaceChildren(svg);
}

/** Rows of dots with error bars. spec: { rows: [{ name, color, dots: [{ x, error, color, hollow, tip }] }],
 * x: { label, fromZero }, title } */
function dotChart(host, spec) { responsive(host, width => paintDots(host, spec, width), 50 + spec.rows.length * 21); }

function paintDots(host, spec, width) {
  const line = spec.rows.length > 14 ? 21 : 25, most = Math.floor((width * 0.4 - 12) / 7.2);
  const [, longest] = extent(spec.rows.map(r => r.name.length), 0, 0);
  const margin = { left: Math.min(longest, most) * 7.2 + 14, right: 14, top: 6, bottom: 44 };
  const height = margin.top + margin.bottom + spec.rows.length * line, inner = width - margin.left - margin.right;
  const all = spec.rows.flatMap(r => r.dots).filter(d => isNumber(d.x));
  const ends = all.flatMap(d => [d.x - (d.error || 0), d.x + (d.error || 0)]);
  let [low, high] = spec.x.fromZero ? extent(ends, 0, 0) : extent(ends);
  const by = (high - low || 1) * 0.04; if (low !== 0) low -= by; high += by;
  const px = v => margin.left + inner * (v - low) / (high - low);
  const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, height, role: 'img', 'aria-label': spec.title });
  const ticks = niceTicks(low, high, Math.max(2, inner / 80)), text = tickText(ticks), bottom = margin.top + spec.rows.length * line;
  for (const tick of ticks) svg.append(
    s('line', { x1: px(tick), x2: px(tick), y1: margin.top, y2: bottom, class: tick === 0 ? 'base' : 'grid' }),
    s('text', { x: px(tick), y: bottom + 17, 'text-anchor': 'middle' }, text(tick)));
  svg.append(s('text', { x: margin.left + inner / 2, y: height - 4, 'text-anchor': 'middle', class: 'axis' }, spec.x.label));
  spec.rows.forEach((row, i) => {
    const y = margin.top + (i + 0.5) * line, known = row.dots.filter(d => isNumber(d.x));
    const name = row.name.length > most ? row.name.slice(0, most - 1) + '\u2026' : row.name;
    const look = { class: row.color ? 'label' : 'name', style: row.color ? `fill:${row.color}` : undefined };
    svg.append(s('text', { x: margin.left - 8, y: y + 4, 'text-anchor': 'end', ...look }, name));
    const [first, last] = extent(known.map(d => d.x));
    if (known.length > 1) svg.append(s('line', { x1: px(first), x2: px(last), y1: y, y2: y, stroke: 'var(--none)', 'stroke-width': 1.5 }));
    else svg.append(s('line', { x1: margin.left, x2: width - margin.right, y1: y, y2: y, class: 'grid' }));
    for (const d of known) {
      const stroke = d.color, fill = d.hollow ? 'var(--card)' : d.color;
      const bar = { x1: px(d.x - d.error), x2: px(d.x + d.error), y1: y, y2: y };
      if (d.error > 0) svg.append(s('line', { ...bar, stroke, 'stroke-width': 3.4, opacity: 0.45 }));
      svg.append(s('circle', { cx: px(d.x), cy: y, r: 4.6, fill, stroke, 'stroke-width': 1.6 }));
      const hit = s('circle', { cx: px(d.x), cy: y, r: 11, fill: 'transparent' });
      hit.addEventListener('pointermove', event => showTip(d.tip, event)); hit.addEventListener('pointerleave', hideTip);
      svg.append(hit);
    }
  });
  host.replaceChildren(svg);
}

/** Stacked bars, one a row. spec: { rows: [{ name, color, parts: [{ value, color, name }] }], x: { label }, title } */
function barChart(host, spec) { responsive(host, width => paintBars(host, spec, width), 46 + spec.rows.length * 25); }

function paintBars(host, spec, width) {
  const line = 25, margin = { left: 56, right: 10, top: 4, bottom: 42 }, bottom = margin.top + spec.rows.length * line;
  const height = margin.top + margin.bottom + spec.rows.length * line, inner = width - margin.left - margin.right;
  const [, high] = extent(spec.rows.map(r => r.parts.reduce((sum, p) => sum + (p.value || 0), 0)), 0, 1);
  const px = v => margin.left + inner * v / high;
  const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, height, role: 'img', 'aria-label': spec.title });
  const ticks = niceTicks(0, high, Math.max(2, inner / 80)), text = tickText(ticks);
  for (const tick of ticks) svg.append(
    s('line', { x1: px(tick), x2: px(tick), y1: margin.top, y2: bottom, class: 'grid' }),
    s('text', { x: px(tick), y: bottom + 17, 'text-anchor': 'middle' }, text(tick)));
  svg.append(s('text', { x: margin.left + inner / 2, y: height - 4, 'text-anchor': 'middle', class: 'axis' }, spec.x.label));
  spec.rows.forEach((row, i) => {
    const y = margin.top + i * line; let from = 0;
    const middle = y + line / 2 + 4, fill = `fill:${row.color}`;
    svg.append(s('text', { x: margin.left - 8, y: middle, 'text-anchor': 'end', class: 'label', style: fill }, row.name));
    for (const part of row.parts.filter(p => p.value > 0)) {
      const x = px(from), w = px(from + part.value) - x;
      const bar = s('rect', { x, y: y + 3, width: Math.max(0.5, w - 1), height: line - 6, fill: part.color });
      bar.addEventListener('pointermove', event => showTip(`${row.name}\n${part.name}: ${part.value}`, event));
      bar.addEventListener('pointerleave', hideTip);
      svg.append(bar);
      const told = String(part.value), place = { x: x + w / 2, y: middle, 'text-anchor': 'middle', class: 'onbar' };
      if (w > told.length * 7.4 + 8) svg.append(s('text', place, told));
      from += part.value;
    }
  });
  host.replaceChildren(svg);
}

/** A matrix of coloured cells as a table. spec: { rows, columns, value(row, column), tip(row, column), corner, show } */
function heatMap(spec) {
  const cells = spec.rows.flatMap(r => spec.columns.map(c => spec.value(r, c))).filter(isNumber);
  const [, largest] = extent(cells.map(Math.abs), 0, 1e-12);
  const cell = (r, c) => {
    const v = spec.value(r, c);
    if (!isNumber(v)) return h('td', {}, '');
    const share = Math.abs(v) / largest, ink = share > 0.55 ? 'color:var(--onheat)' : '';
    const hue = v < 0 ? 'var(--fall)' : 'var(--rise)';
    return h('td', {
      style: `background:color-mix(in srgb, ${hue} ${Math.round(share * 88)}%, var(--card));` + ink,
      onpointermove: event => showTip(spec.tip(r, c), event), onpointerleave: hideTip,
    }, spec.show ? spec.show(v) : format(v, 2));
  };
  const head = spec.columns.map(c => h('th', { scope: 'col' }, String(c)));
  const row = r => h('tr', {}, h('th', { scope: 'row' }, String(r)), spec.columns.map(c => cell(r, c)));
  return h('div', { class: 'heat' }, h('table', {}, h('caption', {}, spec.title),
    h('thead', {}, h('tr', {}, h('td', { class: 'corner' }, spec.corner ?? ''), head)),
    h('tbody', {}, spec.rows.map(row))));
}
