// The study's tables, and what is found in them by key. The sentences that state results come with the data, computed from the same tables.
import { distinct } from './dom.js';
import { formatWithError } from './format.js';
/** @import { StudyData, Table, Estimate, ScoreRow, Figure } from './types' */

export const page = /** @type {HTMLElement} */ (document.getElementById('page'));
/** @type {StudyData} */
export const study = JSON.parse(page.dataset.study ?? '{}');
page.removeAttribute('data-study');

/** @param {Table | null | undefined} table @returns {any[]} */
const unpacked = table =>
  (table?.rows ?? []).map((values, index) =>
    Object.assign({ index }, Object.fromEntries((table?.columns ?? []).map((name, i) => [name, values[i]]))),
  );

/** @type {Estimate[]} */
export const rows = unpacked(study.rllc);
/** @type {ScoreRow[]} */
export const scores = unpacked(study.scores);
/** @type {Estimate[]} */
export const referenceRows = unpacked(study.reference);
/** @type {Estimate[]} */
export const datasetRows = unpacked(study.datasets);
/** @type {Estimate[]} */
export const controlRows = unpacked(study.control);

/** @param {number} a @param {number} b */
const ascending = (a, b) => a - b;
export const steps = distinct(rows.map(r => r.Step)).sort(ascending);
export const scoreSteps = distinct(scores.map(r => r.step)).sort(ascending);
export const lastStep = steps[steps.length - 1];
export const lastScored = scoreSteps[scoreSteps.length - 1];
/** Checkpoints of the whole page: those of the estimates, or of the losses where there are none. */
export const checkpoints = steps.length ? steps : study.checkpoints.map(c => c.step);

/** A head's layer and number; on the page of a sweep its name has the run in front.
 * @param {string} name */
export const headOf = name => {
  const m = /^(?:.*\/)?l(\d+)h(\d+)$/.exec(name);
  return m ? { layer: +m[1], head: +m[2] } : null;
};
/** Its run on the page of a sweep.
 * @param {string} name */
export const runOf = name => (study.runs?.length ? name.slice(0, name.lastIndexOf('/')) : '');
/** Its name without the run.
 * @param {string} name */
export const plainName = name => (study.runs?.length ? name.slice(name.lastIndexOf('/') + 1) : name);

export const components = distinct(rows.map(r => r.Component));
export const datasets = distinct(rows.map(r => r.Dataset));
export const headComponents = components.filter(headOf);
export const scoredHeads = distinct(scores.map(r => r.component)).filter(headOf);
/** Whatever can be chosen: heads first, then what else was sampled. */
export const choosable = [...distinct([...headComponents, ...scoredHeads]), ...components.filter(c => !headOf(c))];
/** @param {string} component */
export const layerOf = component => headOf(component)?.layer ?? -1;
const byLayer = Map.groupBy(components, layerOf);
/** A component's place among those of its layer. */
export const placeInLayer = new Map([...byLayer.values()].flatMap(group => group.map((c, i) => [c, i])));
export const layers = [...byLayer.keys()].sort(ascending);

/** @param {string} component @param {string} dataset @param {number} step */
const rowKey = (component, dataset, step) => `${component}\n${dataset}\n${step}`;
/** @param {Estimate[]} list */
const keyed = list => new Map(list.toReversed().map(r => [rowKey(r.Component, r.Dataset, r.Step), r]));
const rowByKey = keyed(rows),
  controlByKey = keyed(controlRows);
/** The estimate of a component on a dataset at a checkpoint.
 * @param {string} component @param {string} dataset @param {number} step */
export const at = (component, dataset, step) => rowByKey.get(rowKey(component, dataset, step));
/** @param {string} component @param {string} dataset @param {number} step */
export const controlAt = (component, dataset, step) => controlByKey.get(rowKey(component, dataset, step));

const scoreByKey = new Map(scores.toReversed().map(r => [rowKey(r.component, '', r.step), r]));
export const scoresOf = Map.groupBy(scores, r => r.component);
/** Scores at a checkpoint.
 * @param {string} component @param {number} [step] */
export const scoreAt = (component, step = lastScored) => scoreByKey.get(rowKey(component, '', step));
/** The last of some checkpoints that is not after one; the first where all are.
 * @param {number[]} list @param {number} step */
export const notAfter = (list, step) => list.findLast(v => v <= step) ?? list[0];

/** @type {Record<string, string>} */
export const typeOf = Object.fromEntries(study.types.map(t => [t.component, t.headType]));
/** @type {Record<string, number>} */
export const clusterOf = Object.fromEntries((study.clusters?.rows ?? []).map(r => [r.component, r.cluster]));
export const clusterRowOf = new Map((study.clusters?.rows ?? []).map(r => [r.component, r]));
export const clusterIds = distinct(Object.values(clusterOf)).sort(ascending);
/** @param {string} component */
export const named = component => (typeOf[component] ? `${component}, ${typeOf[component]}` : component);
/** @param {Estimate} r */
export const withError = r => formatWithError(r.Rllc, r.RllcStdErr);
/** @param {Estimate} r */
export const withStatus = r => withError(r) + (r.Status === 'ok' ? '' : ', ' + r.Status);

/** @type {Figure[]} */
export const figures = study.figures.map((f, i) => ({ ...f, number: i + 1 }));
export const stages = [...study.stages].map(t => ({ ...t, name: String(t.stage) })).sort((a, b) => a.from - b.from);
