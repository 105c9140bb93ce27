// Files made by the page itself: a figure as SVG or PNG, a table as CSV.
import { h } from '../base/dom.js';
import { paintAll } from '../charts/painting.js';

/** @param {string} name @param {Blob | string} content */
export function download(name, content) {
  const href = typeof content === 'string' ? content : URL.createObjectURL(content);
  h('a', { href, download: name }).click();
  if (typeof content !== 'string') setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/** @param {string} name @param {import('../base/types').Column[]} columns @param {any[]} rows */
export function saveCsv(name, columns, rows) {
  download(name + '.csv', new Blob([csv(columns, rows)], { type: 'text/csv' }));
}
/** @param {import('../base/types').Column[]} columns @param {any[]} rows */
export function csv(columns, rows) {
  const quote = (/** @type {string} */ v) => (/[",\n\r]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
  const lines = [columns.map(c => c.name), ...rows.map(r => columns.map(c => String(c.get(r) ?? '')))];
  return lines.map(r => r.map(quote).join(',')).join('\n') + '\n';
}

/** The figure as it stands on the page, as one SVG: its charts in their places, whatever is no chart as it is laid out.
 * @param {HTMLElement} figure @returns {string} */
export function svgOf(figure) {
  paintAll();
  const area = figure.getBoundingClientRect(),
    space = 'http://www.w3.org/2000/svg';
  const root = document.createElementNS(space, 'svg');
  const width = Math.ceil(area.width),
    height = Math.ceil(area.height);
  for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, xmlns: space }))
    root.setAttribute(key, String(value));
  root.setAttribute('data-theme', isDark() ? 'dark' : 'light');
  const style = document.createElementNS(space, 'style');
  style.textContent = (document.querySelector('style')?.textContent ?? '') + 'svg{background:var(--card)}';
  root.append(style);
  const charts = [...figure.querySelectorAll('svg')].filter(svg => svg.clientWidth > 40);
  for (const chart of charts) {
    const box = chart.getBoundingClientRect(),
      copy = /** @type {SVGElement} */ (chart.cloneNode(true));
    for (const [key, value] of Object.entries({ x: box.left - area.left, y: box.top - area.top, width: box.width, height: box.height }))
      copy.setAttribute(key, String(value));
    root.append(copy);
  }
  for (const element of figure.querySelectorAll('h3, figcaption, .key, .heat, .tokens, .told, .ramp'))
    root.append(foreign(element, area));
  return new XMLSerializer().serializeToString(root);
}
/** @param {Element} element @param {DOMRect} area */
function foreign(element, area) {
  const box = element.getBoundingClientRect(),
    holder = document.createElementNS('http://www.w3.org/2000/svg', 'foreignObject');
  for (const [key, value] of Object.entries({
    x: box.left - area.left,
    y: box.top - area.top,
    width: box.width + 1,
    height: box.height + 1,
  }))
    holder.setAttribute(key, String(value));
  holder.append(h('div', { class: 'saved' }, element.cloneNode(true)));
  return holder;
}
export const isDark = () =>
  (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';

/** @param {string} name @param {HTMLElement} figure */
export function saveSvg(name, figure) {
  download(name + '.svg', new Blob([svgOf(figure)], { type: 'image/svg+xml' }));
}

/** The same drawn with twice as many dots, so that it stands in a paper.
 * @param {string} name @param {HTMLElement} figure */
export async function savePng(name, figure) {
  const image = new Image(),
    text = svgOf(figure);
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(text);
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  const drawing = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  drawing.scale(2, 2);
  drawing.drawImage(image, 0, 0);
  download(name + '.png', canvas.toDataURL('image/png'));
}
