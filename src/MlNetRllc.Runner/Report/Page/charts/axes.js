// Grid, ticks, titles, the boundaries of stages with their errors, and the checkpoint that is chosen.
import { extent, isNumber, s } from '../base/dom.js';
import { compactStep, tickText } from '../base/format.js';
import { stages } from '../base/study.js';
import { get } from '../base/store.js';
import { niceTicks } from './scale.js';
/** @import { Axis } from '../base/types' */

/** @typedef {{ width: number, height: number, margin: { left: number, right: number, top: number, bottom: number },
 *   px: (v: number) => number, py: (v: number) => number, yLow: number, yHigh: number, compact: boolean }} Frame */

/** @param {SVGElement} svg @param {{ x: Axis, y: { label?: string } }} spec @param {Frame} frame */
export function axes(svg, spec, frame) {
  const { width, height, margin, px, py, yLow, yHigh, compact } = frame;
  const scale = spec.x.scale,
    inner = width - margin.left - margin.right,
    tall = height - margin.top - margin.bottom;
  const yTicks = niceTicks(yLow, yHigh, Math.max(2, tall / 52)),
    yText = tickText(yTicks);
  for (const tick of yTicks) {
    const y = py(tick);
    svg.append(
      s('line', { x1: margin.left, x2: width - margin.right, y1: y, y2: y, class: tick === 0 ? 'base' : 'grid' }),
      s('text', { x: margin.left - 7, y: y + 4, 'text-anchor': 'end' }, yText(tick)),
    );
  }
  /** @type {{ x: number, half: number }[]} */
  const taken = [];
  for (const tick of scale.ticks(Math.max(2, inner / 85))) {
    const x = px(tick),
      text = (spec.x.format ?? compactStep)(tick),
      half = text.length * 3.8 + 5;
    if (taken.some(t => Math.abs(t.x - x) < t.half + half)) continue;
    taken.push({ x, half });
    svg.append(
      s('line', { x1: x, x2: x, y1: margin.top + tall, y2: margin.top + tall + 5, class: 'base' }),
      s('text', { x, y: margin.top + tall + 18, 'text-anchor': 'middle' }, text),
    );
  }
  svg.append(s('line', { x1: margin.left, x2: width - margin.right, y1: margin.top + tall, y2: margin.top + tall, class: 'base' }));
  const across = { x: margin.left + inner / 2, y: height - 3, 'text-anchor': 'middle', class: 'axis' };
  if (spec.x.label) svg.append(s('text', across, spec.x.label));
  const turned = `translate(13 ${margin.top + tall / 2}) rotate(-90)`;
  const upward = { x: 0, y: 0, transform: turned, 'text-anchor': 'middle', class: 'axis' };
  if (spec.y.label && !compact) svg.append(s('text', upward, spec.y.label));
  if (scale.training) {
    drawStages(svg, scale, frame);
    drawNow(svg, scale, frame);
  }
}

/** @param {SVGElement} svg @param {Axis['scale']} scale @param {Frame} frame */
function drawStages(svg, scale, { width, height, margin, px, compact }) {
  const tall = height - margin.top - margin.bottom,
    top = margin.top - (compact ? 0 : 12);
  const clamp = (/** @type {number} */ x) => Math.min(width - margin.right, Math.max(margin.left, x));
  const shown = stages.filter(t => scale.map(t.from) < scale.high && scale.map(t.to) > scale.low);
  shown.forEach((stage, i) => {
    const from = Math.max(margin.left, px(stage.from)),
      to = Math.min(width - margin.right, px(stage.to));
    if (i > 0) svg.append(s('line', { x1: from, x2: from, y1: top, y2: margin.top + tall, class: 'stage' }));
    // Where a stage ends is an estimate: the bar is the range in which it was found again.
    if (i < shown.length - 1 && isNumber(stage.toLow) && isNumber(stage.toHigh)) {
      const [low, high] = extent([clamp(px(stage.toLow)), clamp(px(stage.toHigh))]);
      svg.append(s('rect', { x: low, y: margin.top, width: Math.max(1, high - low), height: tall, class: 'stageerror' }));
    }
    const text = i === 0 && to - from > 62 ? 'stage ' + stage.name : stage.name;
    const place = { x: (from + to) / 2, y: margin.top - 4, 'text-anchor': 'middle', class: 'stagename' };
    if (!compact && shown.length > 1 && to - from > text.length * 6.6 + 4) svg.append(s('text', place, text));
  });
}

/** The chosen checkpoint; it is moved without painting the chart again.
 * @param {SVGElement} svg @param {Axis['scale']} scale @param {Frame} frame */
function drawNow(svg, scale, { height, margin, px }) {
  const line = s('line', { class: 'now', y1: margin.top, y2: height - margin.bottom });
  const place = () => {
    const step = get('step'),
      x = px(step),
      hidden = scale.map(step) < scale.low - 1e-9 || scale.map(step) > scale.high + 1e-9;
    line.setAttribute('x1', String(x));
    line.setAttribute('x2', String(x));
    line.setAttribute('visibility', hidden ? 'hidden' : 'visible');
  };
  place();
  nows.set(line, place);
  svg.append(line);
}
/** @type {Map<Element, () => void>} */
const nows = new Map();
/** Moves the mark of the chosen checkpoint in every chart over training. */
export function moveNow() {
  for (const [line, place] of nows)
    if (line.isConnected) place();
    else nows.delete(line);
}
