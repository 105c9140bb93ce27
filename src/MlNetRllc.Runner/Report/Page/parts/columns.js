// Whatever a head has a number for, as columns of the head finder: at any checkpoint, on any dataset, with its error.
import { isNumber } from '../base/dom.js';
import { formatStep, formatWithError } from '../base/format.js';
import { patternAt, patternRows, patternsOf, patternSteps, probeNames, wholeSet } from './patternTable.js';
import { at, headOf, notAfter, placeInLayer, scoreAt, scores, scoreSteps, stages, steps, study } from '../base/study.js';
import { statuses } from '../base/look.js';
import { get } from '../base/store.js';
/** @import { HeadColumn, Measure } from '../base/types' */

/** @param {any} value @param {any} error @param {Partial<Measure>} rest @returns {Measure | null} */
const measure = (value, error, rest) =>
  isNumber(value) ? { value, error: isNumber(error) ? error : NaN, step: get('step'), ...rest } : null;

/** @param {string} component @param {string} [dataset] @returns {Measure | null} */
function rllc(component, dataset = get('text')) {
  const step = notAfter(steps, get('step')),
    r = at(component, dataset, step);
  return r ? measure(r.Rllc, r.RllcStdErr, { status: r.Status, step, dataset }) : null;
}

/** @param {string} component */
const rllcRow = component => at(component, get('text'), notAfter(steps, get('step')));

/** The rise from one checkpoint to another; its error takes the two estimates as independent.
 * @param {string} component @param {number} from @param {number} to @returns {Measure | null} */
function change(component, from, to) {
  const dataset = get('text'),
    a = at(component, dataset, from),
    b = at(component, dataset, to);
  if (!a || !b || !isNumber(a.Rllc) || !isNumber(b.Rllc) || from === to) return null;
  const status = a.Status === 'ok' ? b.Status : a.Status;
  return measure(b.Rllc - a.Rllc, Math.hypot(a.RllcStdErr ?? NaN, b.RllcStdErr ?? NaN), { status, step: to, dataset });
}

/** @returns {HeadColumn[]} */
function ofEstimates() {
  if (!steps.length) return [];
  const others = [...new Set(study.rllc.rows.map(r => r[study.rllc.columns.indexOf('Dataset')]))];
  return [
    { id: 'rllc', label: 'rLLC', group: 'Estimates', get: c => rllc(c) },
    ...(others.length > 1
      ? others.map(d => ({ id: 'rllc:' + d, label: `rLLC on ${d}`, group: 'Estimates', get: (/** @type {string} */ c) => rllc(c, d) }))
      : []),
    ...(steps.length > 1
      ? [
          {
            id: 'change',
            label: `change since step ${formatStep(steps[0])}`,
            group: 'Estimates',
            get: (/** @type {string} */ c) => change(c, steps[0], notAfter(steps, get('step'))),
          },
        ]
      : []),
    ...stages.map(t => ({
      id: 'stage:' + t.name,
      label: `change over stage ${t.name}`,
      group: 'Estimates',
      get: (/** @type {string} */ c) => change(c, notAfter(steps, t.from), notAfter(steps, t.to)),
    })),
    {
      id: 'status',
      label: 'status: 0 ok, 1 not converged, 2 negative, 3 diverged, 4 failed',
      group: 'Estimates',
      get: (/** @type {string} */ c) => {
        const m = rllcRow(c);
        return m ? measure(statuses.indexOf(m.Status), NaN, { status: m.Status, step: m.Step, dataset: m.Dataset }) : null;
      },
    },
    ...['RHat', 'Ess', 'Drift'].map(name => ({
      id: name,
      label: { RHat: 'R-hat', Ess: 'effective sample size', Drift: 'drift' }[name] ?? name,
      group: 'Estimates',
      get: (/** @type {string} */ c) => {
        const step = notAfter(steps, get('step')),
          r = /** @type {any} */ (at(c, get('text'), step));
        return r ? measure(r[name], NaN, { status: r.Status, step, dataset: get('text') }) : null;
      },
    })),
  ];
}

/** A score's name in words: its capitals begin words.
 * @param {string} name */
const inWords = name =>
  name
    .replace(/([A-Z]+)/g, ' $1')
    .toLowerCase()
    .trim();

/** @returns {HeadColumn[]} */
function ofScores() {
  const names = (study.scores?.columns ?? []).filter(
    name => !['step', 'component'].includes(name) && !name.endsWith('StdErr') && scores.some(r => isNumber(r[name])),
  );
  return names.map(name => ({
    id: name,
    label: inWords(name),
    group: 'Scores',
    get: c => {
      const step = notAfter(scoreSteps, get('step')),
        r = scoreAt(c, step);
      return r ? measure(r[name], r[name + 'StdErr'], { step }) : null;
    },
  }));
}

/** @returns {HeadColumn[]} */
function ofPatterns() {
  if (!patternRows.length) return [];
  const where = (/** @type {string} */ probe) => ({ probe, step: notAfter(patternSteps, get('step')) });
  const profiles = probeNames.flatMap(probe =>
    (patternsOf.get(probe) ?? []).map(pattern => ({
      id: `profile:${probe}:${pattern}`,
      label: `rLLC on ${pattern} over its mean`,
      group: `Profiles on ${probe}`,
      get: (/** @type {string} */ c) => {
        const r = patternAt(c, pattern, where(probe));
        return r
          ? measure(r.profile, Math.hypot(r.profileStdErr ?? 0, r.profileTextStdErr ?? 0), { status: r.status, step: r.step })
          : null;
      },
    })),
  );
  const share = patternRows.some(r => isNumber(r.dataShare))
    ? [
        {
          id: 'dataShare',
          label: 'DataShare',
          group: 'Estimates',
          get: (/** @type {string} */ c) => {
            const r = probeNames.map(p => patternAt(c, wholeSet, where(p))).find(x => isNumber(x?.dataShare));
            return r ? measure(r.dataShare, r.dataShareStdErr, { status: r.status, step: r.step }) : null;
          },
        },
      ]
    : [];
  return [...share, ...profiles];
}

/** @type {HeadColumn[]} */
export const headColumns = [
  ...ofEstimates(),
  ...ofScores(),
  ...ofPatterns(),
  { id: 'layer', label: 'layer', group: 'Place', get: c => measure(headOf(c)?.layer, NaN, {}) },
  { id: 'place', label: 'place in its layer', group: 'Place', get: c => measure(headOf(c)?.head ?? placeInLayer.get(c), NaN, {}) },
];
/** The column of a name; where the study lacks it, the first one.
 * @param {string} id */
export const columnOf = id => headColumns.find(c => c.id === id) ?? headColumns[0];
/** @param {Measure | null} m */
export const told = m =>
  m ? formatWithError(m.value, m.error) + (m.status && m.status !== 'ok' ? ', ' + m.status : '') : 'not measured';
/** Where a column lies: its checkpoint and dataset.
 * @param {(Measure | null)[]} list */
export function whereOf(list) {
  const m = list.find(Boolean);
  return m ? `step ${formatStep(m.step)}${m.dataset ? ' on ' + m.dataset : ''}` : 'nowhere measured';
}
