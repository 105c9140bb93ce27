// Lines over training or over draws, with bands, direct labels, notes, zoom, and keys for whoever has no pointer.
import { extent, isNumber, s } from '../base/dom.js';
import { format, shortened } from '../base/format.js';
import { select } from '../base/store.js';
import { actsOn, followStep, hover, hoverStep, mark } from '../base/hover.js';
import { markerPath } from '../base/look.js';
import { stages } from '../base/study.js';
import { axes } from './axes.js';
import { keys } from './keys.js';
import { refLabels } from './refs.js';
import { responsive } from './painting.js';
import { spread, zoomed } from './scale.js';
import { hideTip, showTip } from './tip.js';
import { partOf, zoomable } from './zoom.js';
/** @import { Axis, Line, Point } from '../base/types' */

/** @typedef {{ series: Line[] | (() => Line[]), x: Axis, y: { label?: string, range?: [number, number], fromZero?: boolean },
 *   refs?: { y: any, label: string, color: string }[], height?: number | ((w: number) => number), title: string, noLabels?: boolean,
 *   bands?: boolean, onPick?: (point: Point, line: Line) => void }} LineSpec */

/** @param {HTMLElement} host @param {LineSpec} spec */
export function lineChart(host, spec) {
  const series = () => (typeof spec.series === 'function' ? spec.series() : spec.series);
  responsive(host, width => paint(host, { ...spec, series: series() }, width), spec.height);
}

/** Letters of a name beside a line. */
const LONGEST_NAME = 26;
/** Above it, points without marks can still be told apart, marks cannot. */
const MOST_DOTTED_LINES = 64;

/** @param {Line[]} series @param {{ y: any }[]} refs @param {boolean} [fromZero] @returns {[number, number]} */
function rangeOf(series, refs, fromZero) {
  const values = series
    .flatMap(t => t.points.flatMap(p => [p.y, p.low, p.high]))
    .concat(refs.map(r => r.y))
    .filter(isNumber);
  if (!values.length) return [0, 1];
  let [low, high] = extent(values);
  if (fromZero) {
    low = Math.min(0, low);
    high = Math.max(0, high);
  }
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  return [fromZero && low === 0 ? 0 : low - pad, high + pad];
}

let clips = 0;
/** @param {HTMLElement} host @param {LineSpec & { series: Line[] }} spec @param {number} width */
function paint(host, spec, width) {
  const refs = spec.refs ?? [],
    height = typeof spec.height === 'function' ? spec.height(width) : (spec.height ?? 320);
  const compact = width < 300,
    labels = !spec.noLabels && spec.series.some(t => t.label),
    part = partOf(spec.title);
  const [, longest] = extent(
    spec.series.map(t => (labels && t.label ? Math.min(LONGEST_NAME, t.label.length) : 0)),
    0,
    0,
  );
  const hasStages = spec.x.scale.training && stages.length > 1 && !compact;
  const margin = {
    left: compact ? 40 : 70,
    right: labels ? Math.min(width * 0.36, 14 + longest * 7.6) : 12,
    top: hasStages ? 22 : 10,
    bottom: compact ? 36 : 46,
  };
  const [yLow, yHigh] = part?.y ?? spec.y.range ?? rangeOf(spec.series, refs, spec.y.fromZero);
  const scale = zoomed(spec.x.scale, part?.x),
    inner = width - margin.left - margin.right,
    tall = height - margin.top - margin.bottom;
  const px = (/** @type {number} */ v) => margin.left + (inner * (scale.map(v) - scale.low)) / (scale.high - scale.low || 1);
  const py = (/** @type {number} */ v) => margin.top + (tall * (yHigh - v)) / (yHigh - yLow || 1);
  const frame = { width, height, margin, px, py, yLow, yHigh, compact, scale };
  const svg = s('svg', {
    viewBox: `0 0 ${width} ${height}`,
    height,
    role: 'group',
    'aria-roledescription': 'chart',
    'aria-label': spec.title,
    class: 'lines',
    tabindex: 0,
  });
  axes(svg, { x: { ...spec.x, scale }, y: spec.y }, frame);
  const body = s('g');
  if (part) {
    const id = `clip${clips++}`;
    svg.append(s('clipPath', { id }, s('rect', { x: margin.left, y: margin.top, width: inner, height: tall })));
    body.setAttribute('clip-path', `url(#${id})`);
  }
  svg.append(body);
  const notes = refLabels(body, refs, spec, frame, margin.left + inner);
  const { groups, ends } = drawLines(body, spec, frame, labels);
  // Where there is no room for every name, those of the highest lines stand.
  const fitting = Math.max(1, Math.floor(tall / 14));
  const seen = ends.filter(e => e.y >= margin.top - 1 && e.y <= margin.top + tall + 1 && e.x <= width - margin.right + 1);
  if (seen.length > fitting) {
    seen.sort((a, b) => a.y - b.y);
    seen.length = fitting;
  }
  spread(seen, 14, margin.top + 4, margin.top + tall - 2);
  for (const end of seen)
    svg.append(
      s('line', { x1: end.x + 4, x2: width - margin.right + 6, y1: end.y, y2: end.at, stroke: end.color, opacity: 0.45 }),
      s(
        'text',
        { x: width - margin.right + 9, y: end.at + 4, class: 'label', style: `fill:${end.color}`, 'data-head': end.head },
        end.text,
      ),
    );
  svg.append(...notes);
  listen(svg, spec, frame, groups, host);
  host.replaceChildren(svg);
  zoomable(svg, host, spec.title, frame, () => {
    paint(host, spec, host.clientWidth || width);
    mark(host);
  });
}

/** @param {SVGElement} body @param {LineSpec & { series: Line[] }} spec @param {any} frame @param {boolean} labels */
function drawLines(body, spec, { margin, px, py, height, compact }, labels) {
  const tall = height - margin.top - margin.bottom,
    dots = spec.series.length <= MOST_DOTTED_LINES;
  /** @type {any[]} */
  const ends = [];
  /** @type {{ group: SVGElement, line: Line, points: Point[] }[]} */
  const groups = [];
  const clamp = (/** @type {number} */ v) => Math.min(margin.top + tall, Math.max(margin.top, py(v)));
  for (const line of spec.series) {
    const points = line.points.filter(p => isNumber(p.y));
    const group = s('g', { class: 'series', 'data-head': line.component });
    const band = spec.bands === false ? [] : points.filter(p => isNumber(p.low) && isNumber(p.high));
    if (band.length > 1) {
      const upper = band.map(p => `${px(p.x).toFixed(1)},${clamp(p.high).toFixed(1)}`);
      const lower = band.map(p => `${px(p.x).toFixed(1)},${clamp(p.low).toFixed(1)}`).reverse();
      group.append(s('polygon', { points: [...upper, ...lower].join(' '), fill: line.color, opacity: 0.16 }));
    }
    group.append(
      s('polyline', {
        points: points.map(p => `${px(p.x).toFixed(1)},${py(p.y).toFixed(1)}`).join(' '),
        fill: 'none',
        stroke: line.color,
        'stroke-width': line.width ?? 2,
        'stroke-dasharray': line.dash,
        'stroke-linejoin': 'round',
        opacity: line.opacity,
      }),
    );
    if ((dots && points.length <= 40 && !line.plain) || points.length === 1)
      for (const p of points)
        group.append(
          s('path', {
            d: markerPath(line.marker, compact ? 1.8 : 2.8),
            transform: `translate(${px(p.x).toFixed(1)} ${py(p.y).toFixed(1)})`,
            fill: p.hollow ? 'var(--card)' : line.color,
            stroke: line.color,
            'stroke-width': 1.3,
          }),
        );
    body.append(group);
    groups.push({ group, line, points });
    const end = points[points.length - 1];
    if (labels && line.label && end)
      ends.push({ y: py(end.y), x: px(end.x), text: shortened(line.label, LONGEST_NAME), color: line.color, head: line.component });
  }
  return { groups, ends };
}

/** Notes, choice and keys.
 * @param {SVGElement} svg @param {LineSpec & { series: Line[] }} spec @param {any} frame
 * @param {{ group: SVGElement, line: Line, points: Point[] }[]} groups @param {HTMLElement} host */
function listen(svg, spec, { width, height, margin, px, py, scale }, groups, host) {
  const cursor = s('line', { class: 'cursor', y1: margin.top, y2: height - margin.bottom, visibility: 'hidden' });
  svg.append(cursor);
  const showCursor = (/** @type {number | null} */ x) => {
    const out = x === null || scale.map(x) < scale.low - 1e-9 || scale.map(x) > scale.high + 1e-9;
    cursor.setAttribute('visibility', out ? 'hidden' : 'visible');
    if (!out) {
      cursor.setAttribute('x1', String(px(x)));
      cursor.setAttribute('x2', String(px(x)));
    }
  };
  if (scale.training) followStep(host, showCursor);
  const nearest = (/** @type {any} */ event) => {
    const box = svg.getBoundingClientRect();
    const mx = ((event.clientX - box.left) * width) / box.width,
      my = ((event.clientY - box.top) * height) / box.height;
    /** @type {any} */
    let best = null;
    for (const { group, line, points } of groups)
      for (const p of points) {
        const d = (px(p.x) - mx) ** 2 + (py(p.y) - my) ** 2;
        if (!best || d < best.d) best = { d, p, line, group };
      }
    return best;
  };
  const show = (/** @type {any} */ best, /** @type {any} */ place) => {
    for (const { group } of groups) group.classList.toggle('near', group === best.group);
    svg.classList.toggle('focus', spec.series.length > 1);
    if (best.line.component) hover(best.line.component);
    if (scale.training) hoverStep(best.p.x);
    else showCursor(best.p.x);
    showTip(best.p.tip ?? `${best.line.name}\n${format(best.p.y)}`, place);
  };
  const leave = () => {
    svg.classList.remove('focus');
    for (const { group } of groups) group.classList.remove('near');
    hover('');
    if (scale.training) hoverStep(null);
    else showCursor(null);
    hideTip();
  };
  const pick = (/** @type {any} */ best, /** @type {any} */ event) => {
    if (best.line.component) select(best.line.component, event.shiftKey || event.ctrlKey || event.metaKey);
    spec.onPick?.(best.p, best.line);
  };
  const over = (/** @type {any} */ event) => {
    const best = nearest(event);
    if (best) show(best, event);
  };
  svg.addEventListener('pointermove', over);
  svg.addEventListener('pointerdown', event => {
    if (event.pointerType === 'touch') over(event);
  });
  svg.addEventListener('pointerleave', event => {
    if (event.pointerType !== 'touch') leave();
  });
  svg.addEventListener('click', event => {
    const best = nearest(event);
    if (best && actsOn(/** @type {PointerEvent} */ (event), best.p)) pick(best, event);
  });
  keys(svg, groups, show, pick, leave, px, py, width, height);
}
