// Elements, and what every module asks of numbers.
const svgNamespace = 'http://www.w3.org/2000/svg';

/** @typedef {Record<string, any>} Attributes */

/** Makes an HTML element; attributes starting with "on" are listeners.
 * @param {string} tag @param {Attributes} [attributes] @param {...any} children @returns {any} */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(...children.flat(2).filter(c => c !== null && c !== undefined));
  return element;
}

/** Makes an SVG element.
 * @param {string} tag @param {Attributes} [attributes] @param {...any} children @returns {SVGElement} */
export function s(tag, attributes = {}, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(svgNamespace, tag));
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== null) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** @param {any} v @returns {v is number} */
export const isNumber = v => typeof v === 'number' && Number.isFinite(v);

/** Smallest and largest of any number of values; what is no number counts for nothing.
 * Spread into arguments, some ten thousand would be too many.
 * @param {Iterable<any>} values @returns {[number, number]} */
export function extent(values, low = Infinity, high = -Infinity) {
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return [low, high];
}

/** @template T @param {Iterable<T>} values @returns {T[]} */
export const distinct = values => [...new Set(values)];

/** @param {string} a @param {string} b */
export const byName = (a, b) => a.localeCompare(b, 'en', { numeric: true });
