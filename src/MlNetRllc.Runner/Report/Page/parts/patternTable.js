// The table of patterns: its rows by key, and what is said of one of them.
import { distinct, byName, isNumber } from '../base/dom.js';
import { format, formatStep, formatWithError } from '../base/format.js';
import { headOf, named, study } from '../base/study.js';
import { get } from '../base/store.js';
/** @import { PatternRow } from '../base/types' */

/** @type {PatternRow[]} */
export const patternRows = (study.patterns?.rows ?? []).map(
  values =>
    /** @type {any} */ (
      Object.fromEntries(
        (study.patterns?.columns ?? []).map((name, i) => [
          name,
          i < (study.patterns?.texts ?? 0) ? study.patterns?.names[values[i]] : values[i],
        ]),
      )
    ),
);
export const wholeSet = 'all';
const clearQ = 0.05;
/** @param {...any} parts */
const patternKey = (...parts) => parts.join('\n');
const patternByKey = new Map(patternRows.map(r => [patternKey(r.component, r.dataset, r.probe, r.pattern, r.step), r]));

export const patternSteps = distinct(patternRows.map(r => r.step)).sort((a, b) => a - b);
export const probeNames = distinct(patternRows.map(r => r.probe));
export const probedTexts = distinct(patternRows.map(r => r.dataset));
export const patternsOf = new Map(
  [...Map.groupBy(patternRows, r => r.probe)].map(([probe, list]) => [
    probe,
    distinct(list.map(r => r.pattern)).filter(p => p !== wholeSet),
  ]),
);
/** @param {string} component */
export const layerOrder = component => headOf(component)?.layer ?? Infinity;
export const probedHeads = distinct(patternRows.map(r => r.component)).sort((a, b) => layerOrder(a) - layerOrder(b) || byName(a, b));

/** What is asked now: the probe set, the dataset that is sampled, and the checkpoint, as far as they were observed. */
export const asked = () => ({
  probe: probeNames.includes(get('probe')) ? get('probe') : probeNames[0],
  dataset: probedTexts.includes(get('text'))
    ? get('text')
    : probedTexts.includes(study.trainingText)
      ? study.trainingText
      : probedTexts[0],
  step: patternSteps.findLast(v => v <= get('step')) ?? patternSteps[0],
});
/** @param {string} component @param {string} pattern @param {{ probe?: string, dataset?: string, step?: number }} [where] */
export function patternAt(component, pattern, where = {}) {
  const { probe, dataset, step } = { ...asked(), ...where };
  return patternByKey.get(patternKey(component, dataset, probe, pattern, step));
}
/** @param {any} r */
export const isClearProfile = r => r.status === 'ok' && isNumber(r.profile) && isNumber(r.qValue) && r.qValue < clearQ;
/** Both errors together; that of the texts may be missing.
 * @param {any} r */
export const profileError = r => Math.hypot(r.profileStdErr ?? 0, r.profileTextStdErr ?? 0);
/** @param {any} value @param {any} chains @param {any} texts */
function twoErrors(value, chains, texts) {
  const told = formatWithError(value, chains);
  return isNumber(value) && isNumber(texts) ? `${told} (chains) \u00b1 ${format(texts, 2)} (texts)` : told;
}
/** @param {PatternRow} r */
export function patternTip(r) {
  return [
    `${named(r.component)}`,
    `${r.pattern} of ${r.probe}, sampled on ${r.dataset}`,
    `step ${formatStep(r.step)}`,
    r.missing ? `no profile: ${r.missing}` : `profile ${twoErrors(r.profile, r.profileStdErr, r.profileTextStdErr)}`,
    isNumber(r.rllc) ? `rLLC ${twoErrors(r.rllc, r.rllcStdErr, r.textStdErr)}` : null,
    `${formatStep(r.tokens)} ${r.tokens === 1 ? 'token' : 'tokens'}, loss of w* ${format(r.baselineLoss)}`,
    isNumber(r.qValue) ? `q ${format(r.qValue, 2)}` : null,
    `status ${r.status}`,
    r.reason || null,
  ]
    .filter(Boolean)
    .join('\n');
}
