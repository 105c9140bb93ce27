// The note beside the pointer, or beside what has the keyboard's focus.
const tip = /** @type {HTMLElement} */ (document.getElementById('tip'));

/** @param {string} text @param {{ clientX: number, clientY: number }} event */
export function showTip(text, event) {
  tip.textContent = text;
  tip.hidden = false;
  const box = tip.getBoundingClientRect(),
    x = event.clientX + 16,
    y = event.clientY + 14;
  tip.style.left = Math.max(6, x + box.width > innerWidth - 6 ? event.clientX - box.width - 12 : x) + 'px';
  tip.style.top = Math.max(6, y + box.height > innerHeight - 6 ? event.clientY - box.height - 12 : y) + 'px';
}
export function hideTip() {
  tip.hidden = true;
}

/** Shows a note over an element, by pointer and by keyboard.
 * @template {Element} T @param {T} element @param {string | (() => string)} text @returns {T} */
export function withTip(element, text) {
  const words = () => (typeof text === 'function' ? text() : text);
  element.addEventListener('pointermove', event => showTip(words(), /** @type {PointerEvent} */ (event)));
  element.addEventListener('pointerleave', hideTip);
  element.addEventListener('focus', () => {
    const box = element.getBoundingClientRect();
    showTip(words(), { clientX: box.right, clientY: box.top });
  });
  element.addEventListener('blur', hideTip);
  return element;
}
addEventListener('keydown', event => {
  if (event.key === 'Escape') hideTip();
});

let touched = /** @type {unknown} */ (null);
/** On a touch screen the first tap shows the note and the second one acts; a click of the mouse acts at once.
 * @param {{ pointerType?: string }} event @param {unknown} what */
export function actsOn(event, what) {
  if (event.pointerType !== 'touch') return true;
  const again = touched === what;
  touched = again ? null : what;
  return again;
}
