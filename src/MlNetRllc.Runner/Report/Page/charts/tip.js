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
  element.addEventListener('pointerdown', event => {
    if (/** @type {PointerEvent} */ (event).pointerType === 'touch') showTip(words(), /** @type {PointerEvent} */ (event));
  });
  element.addEventListener('pointerleave', event => {
    if (/** @type {PointerEvent} */ (event).pointerType !== 'touch') hideTip();
  });
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
