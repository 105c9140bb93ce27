// When charts are painted: what is in sight at once, the rest when there is time, and again whenever the width changes.
import { mark } from '../base/hover.js';

/** @type {WeakMap<Element, ResizeObserver>} */
const observers = new WeakMap();
/** @type {Map<Element, () => void>} */
const unpainted = new Map();
const sight = new IntersectionObserver(
  entries => {
    for (const entry of entries) if (entry.isIntersecting) unpainted.get(entry.target)?.();
  },
  { rootMargin: '600px 0px' },
);

/** Paints into a host instead of what was painted there before.
 * @param {HTMLElement} host @param {(width: number) => void} paintAt @param {number | ((width: number) => number)} [height] */
export function responsive(host, paintAt, height) {
  let last = 0;
  const draw = () => {
    if (host.clientWidth > 0 && host.clientWidth !== last) {
      last = host.clientWidth;
      paintAt(last);
      mark(host);
    }
  };
  const begin = () => {
    if (host.clientWidth === 0) return;
    unpainted.delete(host);
    sight.unobserve(host);
    host.style.minHeight = '';
    const observer = new ResizeObserver(() => requestAnimationFrame(draw));
    observers.set(host, observer);
    observer.observe(host);
    draw();
  };
  observers.get(host)?.disconnect();
  if (host.firstChild) return begin();
  host.style.minHeight = (typeof height === 'function' ? height(host.clientWidth || 600) : (height ?? 320)) + 'px';
  unpainted.set(host, begin);
  sight.observe(host);
  paintRest();
}

let resting = false;
/** Paints one chart after the other while nobody waits for anything else; what is folded away waits until it is opened. */
function paintRest() {
  if (resting) return;
  resting = true;
  const idle = globalThis.requestIdleCallback ?? ((/** @type {any} */ work) => setTimeout(() => work({ timeRemaining: () => 10 }), 30));
  const work = (/** @type {{ timeRemaining(): number }} */ deadline) => {
    for (const [host, begin] of unpainted) {
      if (!host.isConnected) {
        unpainted.delete(host);
        sight.unobserve(host);
      } else if (host.clientWidth > 0) begin();
      if (deadline.timeRemaining() < 8) {
        idle(work);
        return;
      }
    }
    resting = false;
  };
  idle(work);
}
/** Paints whatever waits, for printing and saving. */
export function paintAll() {
  for (const begin of [...unpainted.values()]) begin();
}
addEventListener('beforeprint', paintAll);
