// Example texts: where heads look, and which tokens need them.
import { distinct, extent, h, isNumber } from '../base/dom.js';
import { format, listed } from '../base/format.js';
import { chooser, drawn, figure } from '../parts/figure.js';
import { named, study, typeOf } from '../base/study.js';
import { chosen, select } from '../base/store.js';
import { headColumn, numberColumn, textColumn } from '../parts/table.js';
import { attentionOf, exampleTitle, tokenName, tokenSpan } from '../parts/tokens.js';
import { heat } from '../charts/heat.js';
import { withTip } from '../charts/tip.js';
/** @import { Example } from '../base/types' */
/** @typedef {Example['heads'][number]} ExampleHead */

const exampleHeads = distinct(study.examples.flatMap(e => e.heads.map(x => x.component)));

/** Choice of text and head above a place for the tokens.
 * @param {(x: ExampleHead) => any} fits @param {(example: Example, head: ExampleHead | undefined) => void} show called after each choice */
function exampleChoice(fits, show) {
  const first = study.examples[0].heads.find(x => typeOf[x.component] === 'induction' && fits(x)) ?? study.examples[0].heads.find(fits);
  let text = 0;
  const texts = chooser(
    'Text',
    study.examples.map((_, i) => i),
    v => {
      text = +v;
      again();
    },
    i => exampleTitle(study.examples[i], +i),
  );
  const heads = chooser('Head', exampleHeads, v => select(v), named),
    note = h('span', { class: 'missing' });
  const again = () => {
    const example = study.examples[text],
      asked = chosen()[0],
      name = exampleHeads.includes(asked) ? asked : first?.component;
    const head = example.heads.find(x => x.component === name && fits(x)) ?? example.heads.find(fits);
    if (head) heads.select.value = head.component;
    note.textContent = asked && head && asked !== head.component ? `No example of ${asked}: this is ${head.component}.` : '';
    show(example, head);
  };
  drawn(['heads'], again);
  return h('div', { class: 'controls' }, study.examples.length > 1 ? texts.element : '', heads.element, note);
}

export function drawExamples() {
  figure('attention', () => {
    const told = h('p', { class: 'soft told', 'aria-live': 'polite' });
    const place = h('div', { class: 'tokens', tabindex: '0', role: 'group', 'aria-label': 'Tokens; use the arrow keys to move' });
    /** @type {HTMLElement[]} */
    let spans = [];
    /** @type {(i: number) => number[]} */
    let weights = () => [];
    /** @type {string[]} */
    let tokens = [];
    let current = 0,
      pinned = 0,
      name = '';
    const look = (/** @type {number} */ i) => {
      current = i;
      const row = weights(i),
        [, largest] = extent(row),
        full = Math.max(largest, 0.05);
      spans.forEach((span, j) => {
        span.style.background = j <= i && row[j] > 0.01 ? heat(1, 0.1 + (0.9 * row[j]) / full) : '';
        span.classList.toggle('here', j === i);
      });
      const top = row
        .map((v, j) => ({ v, j }))
        .sort((a, b) => b.v - a.v)
        .slice(0, 3)
        .filter(t => t.v > 0.01);
      const seen = top.map(t => `\u201c${tokenName(tokens[t.j])}\u201d (token ${t.j + 1}, ${(100 * t.v).toFixed(0)} %)`);
      told.textContent =
        `From \u201c${tokenName(tokens[i])}\u201d (token ${i + 1}) ${name} looks at ` +
        `${top.length ? listed(seen) : 'nothing in particular'}.`;
    };
    const controls = exampleChoice(
      x => x.attention,
      (example, head) => {
        const at = attentionOf(head?.attention);
        if (!head || !at) {
          place.replaceChildren();
          told.textContent = 'No attention was kept.';
          return;
        }
        tokens = example.tokens;
        name = head.component;
        weights = i => Array.from({ length: i + 1 }, (_, j) => at(i, j));
        spans = tokens.map((t, i) =>
          tokenSpan(t, {
            onpointerenter: () => look(i),
            onclick: () => {
              pinned = i;
              look(i);
            },
          }),
        );
        place.replaceChildren(...spans);
        // Begin where the head looks hardest at a token that is neither the first nor among the last two.
        let best = -1;
        pinned = Math.min(tokens.length - 1, 1);
        for (let i = 3; i < tokens.length; i++) {
          const row = weights(i);
          for (let j = 1; j < i - 1; j++)
            if (row[j] > best) {
              best = row[j];
              pinned = i;
            }
        }
        look(pinned);
      },
    );
    place.addEventListener('pointerleave', () => look(pinned));
    place.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      const by = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1 })[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      pinned = Math.max(0, Math.min(spans.length - 1, current + by));
      look(pinned);
    });
    return { body: [controls, told, place] };
  });

  figure('losses', () => {
    const place = h('div', { class: 'tokens', tabindex: '0', role: 'group', 'aria-label': 'Tokens by the change of their loss' }),
      scale = h('div', { class: 'ramp' });
    const controls = exampleChoice(
      x => x.lossChange?.some(isNumber),
      (example, head) => {
        if (!head) {
          place.replaceChildren();
          return;
        }
        const change = head.lossChange ?? [],
          sizes = change
            .filter(isNumber)
            .map(Math.abs)
            .sort((a, b) => a - b);
        const full = Math.max(sizes[Math.floor(sizes.length * 0.97)] ?? 0, 1e-6);
        place.replaceChildren(
          ...example.tokens.map((t, i) => {
            const v = change[i],
              share = isNumber(v) ? Math.min(1, Math.abs(v) / full) : 0;
            const told = isNumber(v) ? (v > 0 ? '+' : '') + format(v) + ' nats' : 'not measured';
            return withTip(
              tokenSpan(t, {
                style: share > 0.06 ? `background:${heat(v ?? 0, share)}` : null,
              }),
              `\u201c${tokenName(t)}\u201d\nloss without ${head.component}: ${told}`,
            );
          }),
        );
        scale.replaceChildren(
          h('span', {}, `\u2212${format(full, 2)} nats or less`),
          h('span', { class: 'ramp-bar' }),
          h('span', {}, `+${format(full, 2)} nats or more`),
        );
      },
    );
    const all = study.examples
      .flatMap((e, n) =>
        e.heads.flatMap(x =>
          e.tokens.map((token, i) => ({ text: exampleTitle(e, n), head: x.component, i, token, change: x.lossChange?.[i] })),
        ),
      )
      .filter(r => isNumber(r.change));
    const columns = [
      textColumn('Text', r => r.text),
      headColumn('Head', r => r.head),
      { name: 'Place', get: (/** @type {any} */ r) => r.i + 1 },
      textColumn('Token', r => tokenName(r.token)),
      numberColumn('Loss change', r => r.change),
    ];
    return { body: [controls, scale, place], table: { columns, rows: all } };
  });
}
