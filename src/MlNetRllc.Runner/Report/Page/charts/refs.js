// Reference lines, whose labels stand where they cover the fewest points of the curves.
import { isNumber, s } from '../base/dom.js';
/** @import { Line } from '../base/types' */

/** Points every few pixels along a polyline.
 * @param {number[][]} points */
function along(points) {
  return points.flatMap(([x, y], i) => {
    const [nx, ny] = points[i + 1] ?? [x, y],
      count = Math.max(1, Math.ceil(Math.hypot(nx - x, ny - y) / 5));
    return Array.from({ length: count }, (_, k) => [x + ((nx - x) * k) / count, y + ((ny - y) * k) / count]);
  });
}

/** Reference lines; a label goes where it covers the fewest points of the curves.
 * @param {SVGElement} body @param {{ y: any, label: string, color: string }[]} refs @param {{ series: Line[] }} spec
 * @param {any} frame @param {number} right */
export function refLabels(body, refs, spec, { width, margin, px, py, height }, right) {
  const tall = height - margin.top - margin.bottom;
  /** @type {SVGElement[]} */
  const notes = [];
  const samples = refs.length ? spec.series.flatMap(t => along(t.points.filter(p => isNumber(p.y)).map(p => [px(p.x), py(p.y)]))) : [];
  for (const ref of refs.filter(r => isNumber(r.y))) {
    const y = py(ref.y),
      wide = ref.label.length * 7.2,
      first = margin.left + 4,
      last = right - 4 - wide;
    if (y < margin.top - 1 || y > margin.top + tall + 1) continue;
    const places = [last, first, (first + last) / 2]
      .flatMap(x => [
        { x, y: y - 6 },
        { x, y: y + 15 },
      ])
      .filter(p => p.y > margin.top + 10 && p.y < margin.top + tall - 2)
      .map(p => {
        const isCovered = (/** @type {number[]} */ [sx, sy]) => sx > p.x - 4 && sx < p.x + wide + 4 && sy > p.y - 14 && sy < p.y + 5;
        return { ...p, covered: samples.filter(isCovered).length };
      });
    const place = places.reduce((best, p) => (p.covered < best.covered ? p : best), places[0] ?? { x: last, y: y - 6, covered: 0 });
    body.append(s('line', { x1: margin.left, x2: width - margin.right, y1: y, y2: y, class: 'ref', stroke: ref.color }));
    notes.push(s('text', { x: place.x, y: place.y, class: 'label', style: `fill:${ref.color}` }, ref.label));
  }
  return notes;
}
