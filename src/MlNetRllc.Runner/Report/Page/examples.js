'use strict';
// Example texts: where heads look, and which tokens need them.
const exampleTitle = (e, i) => `${i + 1}: ${e.dataset}`;
const exampleHeads = [...new Set(study.examples.flatMap(e => e.heads.map(x => x.component)))];
const headTitle = c => typeOf[c] ? `${c}, ${typeOf[c]}` : c;

/** The token as it can be seen: line ends and blanks have marks, and line ends still end lines. */
function tokenSpan(text, attributes) {
  const shown = text.replaceAll('\r', '').replaceAll('\t', '\u21e5 '), parts = shown.split('\n');
  return h('span', { class: 'token', ...attributes },
    parts.flatMap((part, i) => i < parts.length - 1 ? [part, h('i', {}, '\u21b5'), '\n'] : [part]));
}
const tokenName = text => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"') || '(empty)';

/** Choice of text and head above a place for the tokens; show(example, head) is called after each choice. */
function exampleChoice(fits, show) {
  const isInductive = c => typeOf[c] === 'induction' && study.examples[0].heads.some(x => x.component === c && fits(x));
  let text = 0, name = exampleHeads.find(isInductive) ?? study.examples[0].heads.find(fits)?.component;
  const texts = chooser('Text', study.examples.map((_, i) => i), v => { text = +v; again(); }, i => exampleTitle(study.examples[i], +i));
  const heads = chooser('Head', exampleHeads, v => { name = v; again(); }, headTitle);
  const again = () => {
    const example = study.examples[text];
    const head = example.heads.find(x => x.component === name && fits(x)) ?? example.heads.find(fits);
    if (head) heads.select.value = name = head.component;
    show(example, head);
  };
  return { controls: h('div', { class: 'controls' }, study.examples.length > 1 ? texts.element : '', heads.element), again };
}

figure('attention', () => {
  const told = h('p', { class: 'soft told', 'aria-live': 'polite' });
  const place = h('div', {
    class: 'tokens', tabindex: '0', role: 'group', 'aria-label': 'Tokens; use the arrow keys to move',
  });
  let spans = [], weights = () => [], tokens = [], current = 0, pinned = 0, name = '';
  const look = i => {
    current = i;
    const row = weights(i), [, largest] = extent(row), full = Math.max(largest, 0.05);
    const shade = v => `color-mix(in srgb, var(--rise) ${Math.round(10 + 78 * v / full)}%, var(--card))`;
    spans.forEach((span, j) => {
      span.style.background = j <= i && row[j] > 0.01 ? shade(row[j]) : '';
      span.style.color = j <= i && row[j] > 0.55 * full ? 'var(--onheat)' : '';
      span.classList.toggle('here', j === i);
    });
    const top = row.map((v, j) => ({ v, j })).sort((a, b) => b.v - a.v).slice(0, 3).filter(t => t.v > 0.01);
    const seen = top.map(t => `\u201c${tokenName(tokens[t.j])}\u201d (token ${t.j + 1}, ${(100 * t.v).toFixed(0)} %)`);
    told.textContent = `From \u201c${tokenName(tokens[i])}\u201d (token ${i + 1}) ${name} looks at `
      + `${top.length ? listed(seen) : 'nothing in particular'}.`;
  };
  const { controls, again } = exampleChoice(x => x.attention, (example, head) => {
    if (!head) { place.replaceChildren(); told.textContent = ''; return; }
    const bytes = atob(head.attention); tokens = example.tokens; name = head.component;
    weights = i => Array.from({ length: i + 1 }, (_, j) => bytes.charCodeAt(i * (i + 1) / 2 + j) / 255);
    spans = tokens.map((t, i) => tokenSpan(t, { onpointerenter: () => look(i), onclick: () => { pinned = i; look(i); } }));
    place.replaceChildren(...spans);
    // Begin where the head looks hardest at a token that is neither the first nor among the last two.
    let best = -1; pinned = Math.min(tokens.length - 1, 1);
    for (let i = 3; i < tokens.length; i++) {
      const row = weights(i);
      for (let j = 1; j < i - 1; j++) if (row[j] > best) { best = row[j]; pinned = i; }
    }
    look(pinned);
  });
  place.addEventListener('pointerleave', () => look(pinned));
  place.addEventListener('keydown', event => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    pinned = Math.max(0, Math.min(spans.length - 1, current + by));
    look(pinned);
  });
  again();
  return { body: [controls, told, place] };
});

figure('losses', () => {
  const place = h('div', { class: 'tokens' }), scale = h('div', { class: 'ramp' });
  let now = { example: study.examples[0], head: null };
  const { controls, again } = exampleChoice(x => x.lossChange?.some(isNumber), (example, head) => {
    now = { example, head };
    if (!head) { place.replaceChildren(); return; }
    const sizes = head.lossChange.filter(isNumber).map(Math.abs).sort((a, b) => a - b);
    const full = Math.max(sizes[Math.floor(sizes.length * 0.97)] ?? 0, 1e-6);
    place.replaceChildren(...example.tokens.map((t, i) => {
      const v = head.lossChange[i], share = isNumber(v) ? Math.min(1, Math.abs(v) / full) : 0;
      const hue = v < 0 ? 'var(--fall)' : 'var(--rise)', ink = share > 0.6 ? 'color:var(--onheat)' : '';
      const heat = `background:color-mix(in srgb, ${hue} ${Math.round(share * 88)}%, var(--card));${ink}`;
      const change = isNumber(v) ? (v > 0 ? '+' : '') + format(v) + ' nats' : 'not measured';
      const tip = `\u201c${tokenName(t)}\u201d\nloss without ${head.component}: ${change}`;
      return tokenSpan(t, {
        style: share > 0.06 ? heat : null, onpointermove: event => showTip(tip, event), onpointerleave: hideTip,
      });
    }));
    scale.replaceChildren(
      h('span', {}, `\u2212${format(full, 2)} nats or less`), h('span', { class: 'bar' }),
      h('span', {}, `+${format(full, 2)} nats or more`));
  });
  again();
  const all = study.examples.flatMap((e, n) => e.heads.flatMap(x => e.tokens.map((token, i) =>
    ({ text: exampleTitle(e, n), head: x.component, i, token, change: x.lossChange?.[i] })))).filter(r => isNumber(r.change));
  const columns = [
    textColumn('Text', r => r.text), textColumn('Head', r => r.head), { name: 'Place', get: r => r.i + 1 },
    textColumn('Token', r => tokenName(r.token)), numberColumn('Loss change', r => r.change),
  ];
  return { body: [controls, scale, place], table: { columns, rows: all } };
});
