// Which tokens each head answers to: the map of heads and patterns.
import { h, isNumber } from '../base/dom.js';
import { format, formatStep, plural } from '../base/format.js';
import {
  asked,
  isClearProfile,
  layerOrder,
  patternAt,
  patternRows,
  patternsOf,
  patternSteps,
  probedTexts,
  patternTip,
  probedHeads,
  probeNames,
  wholeSet,
} from '../parts/patternTable.js';
import { captionOf, drawn, figure, storeChooser } from '../parts/figure.js';
import { mark } from '../base/hover.js';
import { study } from '../base/study.js';
import { headButton, headColumn, numberColumn, stepColumn, textColumn } from '../parts/table.js';
import { heat } from '../charts/heat.js';
import { withTip } from '../charts/tip.js';
/** @import { PatternRow } from '../base/types' */

export const probeChoice = () => storeChooser('Probe set', 'probe', probeNames);
export const PATTERN_KEYS = ['probe', 'text', 'step'];

/** The dataset that the caption is of. */
const firstText = probedTexts.includes(study.trainingText) ? study.trainingText : probedTexts[0];

const profileText = (/** @type {number} */ v) =>
  Math.abs(v) >= 1e4 ? format(v, 2) : v.toFixed(Math.abs(v) >= 99.95 ? 0 : Math.abs(v) >= 9.995 ? 1 : 2).replace('-', '\u2212');

/** How far from 1 the full colour stands: nine tenths of the clear profiles lie nearer.
 * @param {PatternRow[]} list */
function profileReach(list) {
  const far = list
    .filter(isClearProfile)
    .map(r => Math.abs(r.profile - 1))
    .sort((a, b) => a - b);
  return Math.max(0.25, far[Math.floor((far.length - 1) * 0.9)] ?? 0);
}
/** @param {PatternRow} r @param {number} reach */
function profileCell(r, reach) {
  if (!isNumber(r.profile)) return withTip(h('td', { class: 'unknown' }, '\u2013'), () => patternTip(r));
  const clear = isClearProfile(r),
    share = Math.min(1, Math.abs(r.profile - 1) / reach);
  return withTip(
    h(
      'td',
      {
        class: [clear ? 'clear' : '', r.status === 'ok' ? '' : 'doubtful'].join(' ').trim() || null,
        style: `background:${heat(r.profile - 1, share, clear ? 1 : 0.3)}`,
      },
      profileText(r.profile),
    ),
    () => patternTip(r),
  );
}
/** @param {string} c */
function wholeCell(c) {
  const r = patternAt(c, wholeSet);
  return r
    ? withTip(h('td', { class: 'own' }, isNumber(r.rllc) ? format(r.rllc) : '\u2013'), () => patternTip(r))
    : h('td', { class: 'own' });
}

export function drawPatterns() {
  figure('patterns', f => {
    const told = h('p', { class: 'soft', 'aria-live': 'polite' }),
      ramp = h('div', { class: 'ramp' });
    const title = h('h3'),
      map = h('div', { class: 'heat profiles', tabindex: 0, role: 'group', 'aria-label': 'Map of profiles' });
    /** @type {string | null} */
    let sorted = null;
    const cellsOf = (/** @type {string[]} */ list, /** @type {string[]} */ patterns) =>
      list.flatMap(c => patterns.map(p => patternAt(c, p))).filter(r => r !== undefined);
    const valueOf = (/** @type {string} */ c) => {
      const r = patternAt(c, sorted ?? ''),
        v = sorted === wholeSet ? r?.rllc : r?.profile;
      return isNumber(v) ? v : -Infinity;
    };
    const ordered = (/** @type {string[]} */ list) => (sorted === null ? list : [...list].sort((a, b) => valueOf(b) - valueOf(a)));
    const heading = (/** @type {string} */ p, /** @type {string} */ name, /** @type {number} */ place) => {
      const any = probedHeads.map(c => patternAt(c, p)).find(Boolean),
        is = sorted === p;
      const order = () => {
        sorted = is ? null : p;
        draw();
        map.querySelectorAll('thead button')[place].focus({ preventScroll: true });
      };
      const words = `${name}: ${is ? 'order the heads by name again' : 'order the heads of each layer by it'}`;
      return h(
        'th',
        { scope: 'col', 'aria-sort': is ? 'descending' : 'none' },
        h('button', { onclick: order, title: words }, h('span', {}, name + (is ? ' \u2193' : ''))),
        h('small', {}, any ? formatStep(any.tokens) : ''),
      );
    };
    const draw = () => {
      const { probe, dataset, step } = asked(),
        patterns = patternsOf.get(probe) ?? [];
      const seen = probedHeads.filter(c => patternAt(c, wholeSet) || cellsOf([c], patterns).length);
      const cells = cellsOf(seen, patterns),
        known = cells.filter(r => isNumber(r.profile)),
        reach = profileReach(cells);
      if (sorted !== wholeSet && sorted !== null && !patterns.includes(sorted)) sorted = null;
      const row = (/** @type {string} */ c) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, headButton(c)),
          wholeCell(c),
          patterns.map(p => {
            const r = patternAt(c, p);
            return r ? profileCell(r, reach) : h('td');
          }),
        );
      const groups = [...Map.groupBy(seen, layerOrder).values()];
      title.textContent = `Profiles on ${probe}, sampled on ${dataset}, step ${formatStep(step)}`;
      map.replaceChildren(
        h(
          'table',
          { 'aria-label': title.textContent },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('td', { class: 'corner' }, h('small', {}, 'tokens')),
              heading(wholeSet, 'rLLC, whole set', 0),
              patterns.map((p, i) => heading(p, p, i + 1)),
            ),
          ),
          groups.map(list => h('tbody', {}, ordered(list).map(row))),
        ),
      );
      mark(map);
      ramp.replaceChildren(
        h('span', {}, profileText(1 - reach) + ' or less'),
        h('span', { class: 'ramp-bar' }),
        h('span', {}, profileText(1 + reach) + ' or more; the middle is 1'),
      );
      const clear = known.filter(isClearProfile).length,
        none = cells.length - known.length;
      told.textContent =
        `Here ${clear} of ${plural(known.length, 'profile')} ${known.length === 1 ? 'differs' : 'differ'} ` +
        `from 1 at q < 0.05${none ? `; ${none} ${none === 1 ? 'is' : 'are'} missing` : ''}.`;
    };
    drawn(PATTERN_KEYS, draw);
    const columns = [
      stepColumn(r => r.step),
      headColumn('Head', r => r.component),
      textColumn('Sampled on', r => r.dataset),
      textColumn('Probe set', r => r.probe),
      textColumn('Pattern', r => r.pattern),
      { name: 'Tokens', get: (/** @type {any} */ r) => r.tokens, show: formatStep },
      numberColumn('Loss of w*', r => r.baselineLoss),
      numberColumn('rLLC', r => r.rllc),
      numberColumn('Error, chains', r => r.rllcStdErr, 2),
      numberColumn('Error, texts', r => r.textStdErr, 2),
      numberColumn('Profile', r => r.profile),
      numberColumn('Its error, chains', r => r.profileStdErr, 2),
      numberColumn('Its error, texts', r => r.profileTextStdErr, 2),
      numberColumn('q', r => r.qValue, 2),
      textColumn('Status', r => r.status),
      { name: 'Why', text: true, wide: true, get: (/** @type {any} */ r) => r.reason || r.missing },
    ];
    return {
      body: [h('div', { class: 'controls' }, probeChoice()), title, told, ramp, map],
      keys: PATTERN_KEYS,
      caption: () => captionOf(f.caption, patternSteps[patternSteps.length - 1], firstText, asked()),
      table: { columns, rows: patternRows },
    };
  });
}
