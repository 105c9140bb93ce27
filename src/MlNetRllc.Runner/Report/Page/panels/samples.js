// The tokens that the chosen head matters most, least and ordinarily for, each among the tokens around it.
import { h, isNumber } from '../base/dom.js';
import { format, plural } from '../base/format.js';
import { chosen } from '../base/store.js';
import { choosable, headOf, named } from '../base/study.js';
import { isClear, reachOf, samplesOf, sampleTitle, sampleView, tokenName } from '../parts/tokens.js';
import { drawn, panel } from '../parts/figure.js';
import { numberColumn, textColumn } from '../parts/table.js';

const kinds = [
  ['top', 'It matters most for'],
  ['bottom', 'The loss falls most, or rises least, without it'],
  ['decile', 'By deciles, from the highest'],
];
const sampled = choosable.filter(c => headOf(c) && samplesOf(c).list.length);
/** The chosen head, or the first one that has samples. */
const sampledHead = () => chosen().find(c => sampled.includes(c)) ?? (chosen().length ? null : sampled[0]);

export function drawSamples() {
  if (!sampled.length) return;
  panel('samples', 'Tokens in context', () => {
    const host = h('div'),
      ramp = h('div', { class: 'ramp' });
    drawn(['heads'], () => {
      const head = sampledHead();
      if (!head) {
        host.replaceChildren(
          h('p', { class: 'missing' }, `No samples of ${chosen()[0]}: those of ${plural(sampled.length, 'head')} are here.`),
        );
        ramp.replaceChildren();
        return;
      }
      const { list } = samplesOf(head),
        reach = reachOf(list);
      ramp.replaceChildren(
        h('span', {}, `\u2212${format(reach, 2)}`),
        h('span', { class: 'ramp-bar' }),
        h('span', {}, `+${format(reach, 2)}`),
      );
      host.replaceChildren(
        ...kinds.flatMap(([kind, title]) => {
          const own = list.filter(x => x.kind === kind).sort((a, b) => b.decile - a.decile);
          return own.length
            ? [
                h('h3', { class: 'kind' }, `${title}`),
                h(
                  'div',
                  { class: 'samples' },
                  own.map(x => h('div', {}, h('p', { class: 'soft' }, sampleTitle(x)), sampleView(x, reach))),
                ),
              ]
            : [];
        }),
      );
    });
    const all = () => sampled.flatMap(c => samplesOf(c).list.flatMap((x, n) => x.tokens.map((token, i) => ({ x, n, i, token }))));
    return {
      body: [ramp, host],
      keys: ['heads'],
      caption: () => {
        const head = sampledHead();
        if (!head) return '';
        const { list, what } = samplesOf(head),
          own = list.filter(x => isNumber(x.values[x.place]));
        const clear = own.filter(x => isNumber(x.errors[x.place]) && isClear(x.values[x.place], x.errors[x.place])).length;
        return (
          `${named(head)}. Colour: ${what}, orange above zero, blue below. ` +
          (own.some(x => isNumber(x.errors[x.place]))
            ? `${clear} of ${plural(own.length, 'sample')} differ from zero by more than two errors; the others are pale. `
            : 'Keep the losses of single tokens (observe) to have errors. ') +
          'Hover a token: the bar below marks what it looks at, the bar above what looks at it; a click holds it.'
        );
      },
      table: {
        columns: [
          textColumn('Head', r => r.x.component),
          textColumn('Sample', r => `${r.x.kind}${r.x.decile ? ' ' + r.x.decile : ''}`),
          { name: 'Context', get: r => r.x.context + 1 },
          textColumn('Token', r => tokenName(r.token)),
          numberColumn('Value', r => r.x.values[r.i]),
          numberColumn('Standard error', r => r.x.errors[r.i], 2),
        ],
        rows: all(),
      },
    };
  });
}
