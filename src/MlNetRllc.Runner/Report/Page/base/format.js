// Numbers, steps, counts and times as they are written.
import { isNumber, extent } from './dom.js';

/** A number with three significant figures and a true minus sign.
 * @param {any} value */
export function format(value, digits = 3) {
  if (!isNumber(value)) return 'n/a';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text =
    size >= 1e5 || size < 1e-3
      ? value.toExponential(digits - 1)
      : size >= 100
        ? value.toFixed(0)
        : value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
  return text.replace('-', '\u2212').replace('e+', 'e');
}

/** A value with its error: the error to two figures, the value to as many decimals.
 * @param {any} value @param {any} error */
export function formatWithError(value, error) {
  if (!isNumber(value) || !isNumber(error)) return format(value);
  if (error < 1e-3 || error >= 1e5 || Math.abs(value) >= 1e5) return `${format(value)} \u00b1 ${format(error, 2)}`;
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(error)));
  return `${value.toFixed(decimals).replace('-', '\u2212')} \u00b1 ${error.toFixed(decimals)}`;
}

/** @param {any} step */
export const formatStep = step => Number(step).toLocaleString('en-US');

/** @param {number} step */
export function compactStep(step) {
  if (step >= 1e6) return +(step / 1e6).toPrecision(3) + 'M';
  return step >= 1000 ? +(step / 1000).toPrecision(3) + 'k' : String(step);
}

/** How ticks are written: all with as many decimals as the finest needs.
 * @param {number[]} ticks @returns {(v: number) => string} */
export function tickText(ticks) {
  const [, decimals] = extent(
    ticks.map(v => (String(+v.toPrecision(6)).split('.')[1] ?? '').length),
    0,
    0,
  );
  return v => (Math.abs(v) >= 1e5 || decimals > 5 ? format(v) : v === 0 ? '0' : v.toFixed(decimals).replace('-', '\u2212'));
}

/** @param {number} n @param {string} one */
export const plural = (n, one, many = one + 's') => `${n} ${n === 1 ? one : many}`;

/** @param {string[]} names */
export const listed = names => (names.length < 2 ? names.join('') : names.slice(0, -1).join(', ') + ' and ' + names[names.length - 1]);

/** A name that is too long for its place, shortened in its middle, so that its number still stands.
 * @param {string} name */
export const shortened = (name, most = 24) =>
  name.length <= most ? name : name.slice(0, Math.ceil((most - 1) / 2)) + '\u2026' + name.slice(name.length - Math.floor((most - 1) / 2));

/** @param {any} seconds */
export function duration(seconds) {
  if (!isNumber(seconds)) return 'n/a';
  if (seconds < 90) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return seconds < 5400 ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s` : `${(seconds / 3600).toFixed(1)} h`;
}
