// A chart by keyboard.

/** Arrows go along a line and from line to line; Enter chooses.
 * @param {SVGElement} svg @param {any[]} groups @param {any} show @param {any} pick @param {() => void} leave
 * @param {(v: number) => number} px @param {(v: number) => number} py @param {number} width @param {number} height */
export function keys(svg, groups, show, pick, leave, px, py, width, height) {
  const known = groups.filter(g => g.points.length);
  let line = 0,
    point = -1;
  svg.addEventListener('keydown', event => {
    const move = /** @type {Record<string, number[]>} */ ({
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
    })[event.key];
    if (!known.length || (!move && event.key !== 'Enter')) return;
    event.preventDefault();
    event.stopPropagation();
    if (move) line = (line + move[0] + known.length) % known.length;
    const { points } = known[line];
    if (move) point = Math.max(0, Math.min(points.length - 1, point < 0 ? points.length - 1 : point + move[1]));
    const best = { p: points[Math.max(0, Math.min(point, points.length - 1))], line: known[line].line, group: known[line].group };
    const box = svg.getBoundingClientRect();
    if (event.key === 'Enter') pick(best, event);
    else show(best, { clientX: box.left + (px(best.p.x) * box.width) / width, clientY: box.top + (py(best.p.y) * box.height) / height });
  });
  svg.addEventListener('blur', leave);
}
