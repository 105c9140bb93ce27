// Files made by the page itself: a figure as SVG or PNG, a table as CSV.
import { h } from '../base/dom.js';
import { paintAll } from '../charts/painting.js';

/** @param {string} name @param {Blob | string} content */
function download(name, content) {
  const href = typeof content === 'string' ? content : URL.createObjectURL(content);
  h('a', { href, download: name }).click();
  if (typeof content !== 'string') setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/** @param {string} name @param {import('../base/types').Column[]} columns @param {any[]} rows */
export function saveCsv(name, columns, rows) {
  download(name + '.csv', new Blob([csv(columns, rows)], { type: 'text/csv' }));
}
/** @param {import('../base/types').Column[]} columns @param {any[]} rows */
function csv(columns, rows) {
  const quote = (/** @type {string} */ v) => (/[",\n\r]/.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
  const lines = [columns.map(c => c.name), ...rows.map(r => columns.map(c => String(c.get(r) ?? '')))];
  return lines.map(r => r.map(quote).join(',')).join('\n') + '\n';
}

/** The figure as it stands on the page, as one SVG: its charts in their places, whatever is no chart as it is laid out.
 * @param {HTMLElement} figure @returns {string} */
function svgOf(figure) {
  paintAll();
  const area = figure.getBoundingClientRect(),
    space = 'http://www.w3.org/2000/svg';
  const root = document.createElementNS(space, 'svg');
  const width = Math.ceil(area.width),
    height = Math.ceil(area.height) + 8;
  for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, xmlns: space }))
    root.setAttribute(key, String(value));
  root.setAttribute('data-theme', isDark() ? 'dark' : 'light');
  const style = document.createElementNS(space, 'style');
  style.textContent = (document.querySelector('style')?.textContent ?? '') + 'svg{background:var(--card)}';
  root.append(style);
  const charts = [...figure.querySelectorAll('svg')].filter(svg => svg.clientWidth > 40);
  root.append(words(figure, charts, width, height));
  for (const chart of charts) {
    const box = chart.getBoundingClientRect(),
      copy = /** @type {SVGElement} */ (chart.cloneNode(true));
    for (const [key, value] of Object.entries({ x: box.left - area.left, y: box.top - area.top, width: box.width, height: box.height }))
      copy.setAttribute(key, String(value));
    root.append(copy);
  }
  return new XMLSerializer().serializeToString(root);
}

/** All of a figure but its charts and controls, laid out as on the page: those keep their places, unseen.
 * @param {HTMLElement} figure @param {SVGElement[]} charts @param {number} width @param {number} height */
function words(figure, charts, width, height) {
  const all = [...figure.querySelectorAll('svg')],
    copy = /** @type {HTMLElement} */ (figure.cloneNode(true));
  [...copy.querySelectorAll('svg')].forEach((svg, i) => {
    if (!charts.includes(all[i])) return;
    const box = all[i].getBoundingClientRect();
    svg.replaceWith(h('div', { style: `width:${box.width}px;height:${box.height}px` }));
  });
  for (const unseen of copy.querySelectorAll('.controls, .unzoom, .saves')) unseen.setAttribute('style', 'visibility:hidden');
  copy.style.margin = '0';
  copy.style.width = width + 'px';
  const holder = document.createElementNS('http://www.w3.org/2000/svg', 'foreignObject');
  for (const [key, value] of Object.entries({ x: 0, y: 0, width, height })) holder.setAttribute(key, String(value));
  holder.append(h('div', { class: 'saved' }, copy));
  return holder;
}
const isDark = () =>
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
