// From values to places on an axis.
import { distinct, extent } from '../base/dom.js';
/** @import { Scale } from '../base/types' */

/** @param {number} low @param {number} high @param {number} count */
export function niceTicks(low, high, count) {
  const span = high - low || 1,
    raw = span / Math.max(1, count),
    power = 10 ** Math.floor(Math.log10(raw));
  const unit = /** @type {number} */ ([1, 2, 2.5, 5, 10].find(m => m * power >= raw * 0.999)) * power;
  const ticks = [];
  for (let k = Math.ceil(low / unit - 1e-9); k * unit <= high + unit * 1e-9; k++) ticks.push(+(k * unit).toPrecision(12));
  return ticks;
}

/** Training steps on a logarithmic axis on which step 0 has a place: log10(1 + step / first).
 * @param {number[]} steps @param {boolean} logarithmic @returns {Scale} */
export function stepScale(steps, logarithmic) {
  const sorted = distinct(steps).sort((a, b) => a - b),
    last = sorted[sorted.length - 1] ?? 1;
  const first = sorted.find(v => v > 0) ?? 1,
    begin = sorted[0] ?? 0;
  if (!logarithmic) return { training: true, map: v => v, back: v => v, low: begin, high: last, ticks: n => niceTicks(begin, last, n) };
  const map = (/** @type {number} */ v) => Math.log10(1 + v / first);
  // Round powers first: 2s and 5s give way where there is no room.
  const rank = (/** @type {number} */ v) => (v === 0 ? 0 : Number.isInteger(Math.log10(v)) ? 1 : String(v).startsWith('5') ? 3 : 2);
  return {
    training: true,
    map,
    back: v => first * (10 ** v - 1),
    low: map(begin),
    high: map(last),
    ticks: () => {
      const ticks = begin === 0 ? [0] : [];
      for (let p = 10 ** Math.floor(Math.log10(first)); p <= last; p *= 10)
        for (const m of [1, 2, 5]) if (m * p >= first && m * p <= last) ticks.push(m * p);
      return ticks.sort((a, b) => rank(a) - rank(b));
    },
  };
}

/** @param {Iterable<number>} values @returns {Scale} */
export function linearScale(values) {
  const [low, high] = extent(values);
  return { map: v => v, back: v => v, low, high, ticks: n => niceTicks(low, high, n) };
}

/** A linear axis with room at both ends.
 * @param {Iterable<number>} values @returns {Scale} */
export function roomyScale(values, share = 0.07) {
  let [low, high] = extent(values);
  if (low > high) [low, high] = [0, 1];
  const by = (high - low || Math.abs(high) || 1) * share;
  return linearScale([low - by, high + by]);
}

/** The same axis over a part of it, as it was drawn out with the pointer.
 * @param {Scale} scale @param {[number, number] | undefined} part in the axis's own units @returns {Scale} */
export function zoomed(scale, part) {
  if (!part) return scale;
  const [low, high] = part;
  const inside = (/** @type {number} */ v) => scale.map(v) >= low - 1e-9 && scale.map(v) <= high + 1e-9;
  return {
    ...scale,
    low,
    high,
    ticks: n => {
      const own = scale.ticks(n).filter(inside);
      return own.length > 1 ? own : niceTicks(scale.back(low), scale.back(high), n).filter(inside);
    },
  };
}

/** Pushes labels apart so that none overlaps; keeps them between low and high.
 * @param {any[]} labels @param {number} gap @param {number} low @param {number} high */
export function spread(labels, gap, low, high) {
  labels.sort((a, b) => a.y - b.y);
  for (let i = 0; i < labels.length; i++) labels[i].at = Math.max(labels[i].y, i ? labels[i - 1].at + gap : low);
  for (let i = labels.length - 1, limit = high; i >= 0; i--) {
    labels[i].at = Math.min(labels[i].at, limit);
    limit = labels[i].at - gap;
  }
}
