// All estimates, how to read them, and where they come from.
import { h } from '../base/dom.js';
import { duration, format, formatStep } from '../base/format.js';
import { section } from '../parts/figure.js';
import { estimateColumns, reasonList } from '../parts/estimates.js';
import { rows, study } from '../base/study.js';
import { table } from '../parts/table.js';

export function drawNumbers() {
  const checkpointColumns = [
    { name: 'Step', get: (/** @type {any} */ r) => r.step, show: formatStep },
    { name: 'TrainLoss', get: (/** @type {any} */ r) => r.trainLoss, show: (/** @type {any} */ v) => format(v, 4) },
    { name: 'ValidationLoss', get: (/** @type {any} */ r) => r.validationLoss, show: (/** @type {any} */ v) => format(v, 4) },
  ];
  section(
    'numbers',
    'The numbers',
    'Click a heading to sort. Units: loss in nats per token; rLLC and its error have none. ' +
      'A letter says why a status is not ok; its sentence stands below.',
    h('h3', {}, 'Estimates'),
    table('estimates', estimateColumns, rows),
    reasonList(),
    study.checkpoints.length
      ? [h('h3', { class: 'apart' }, 'Checkpoints'), table('checkpoints', checkpointColumns, study.checkpoints)]
      : '',
  );
}

export function drawReading() {
  section(
    'reading',
    'How to read the numbers',
    null,
    h(
      'p',
      {},
      'The refined local learning coefficient (rLLC) of a head measures how many of the head\u2019s weights the ' +
        'loss really depends on near the trained weights, counted so that flat and degenerate directions weigh less. ' +
        'A higher value means that the head holds more structure that matters for this text.',
    ),
    h(
      'p',
      {},
      'Only the head\u2019s own weights are sampled; all others stay where training left them. The estimate is ' +
        'n\u03b2 times the mean rise of the loss over the sampled draws, each compared with the unperturbed model on the ' +
        'same minibatch.',
    ),
    h(
      'p',
      {},
      `The values are comparative. The settings n\u03b2 = ${format(study.sgld.nBeta)}, ` +
        `\u03b3 = ${format(study.sgld.localization)} and step size ${format(study.sgld.stepSize)} fix the scale that is ` +
        `probed: a direction of curvature 1 adds ${format(study.sgld.nBeta / (2 * (study.sgld.nBeta + study.sgld.localization)))} ` +
        'here, not the \u00bd of the theoretical limit. Compare heads, checkpoints and texts within one setting, never ' +
        'across settings.',
    ),
    study.dataShare ? h('p', {}, study.dataShare) : null,
    h(
      'p',
      {},
      'Bands and \u00b1 are one standard error, which allows for autocorrelation along a chain and for chains that ' +
        'meet the same minibatches. R-hat near 1 says that the chains agree; the effective sample size says how many ' +
        'independent draws they are worth. Status \u201cnegative\u201d means that the loss falls when the head is perturbed: ' +
        'the checkpoint is not a minimum for this head on this text, which is common early in training and on text the ' +
        'model was not trained on.',
    ),
    h(
      'p',
      {},
      'Keys: left and right arrows go from head to head; in a chart they go along a line, ' +
        'up and down from line to line, and Enter chooses.',
    ),
    h(
      'p',
      {},
      'Based on: Wang et al., Differentiation and Specialization of Attention Heads via the Refined Local ' +
        'Learning Coefficient (arXiv 2410.02984); Lau et al. (arXiv 2308.12108).',
    ),
  );
}

function stepTable() {
  const heading = (/** @type {string} */ t, /** @type {number} */ i) => h('th', { class: i < 3 ? 'text pad' : 'pad', scope: 'col' }, t);
  const row = (/** @type {any} */ t) =>
    h(
      'tr',
      {},
      [t.name, t.kind, t.result].map(text => h('td', { class: 'text' }, text)),
      h('td', {}, duration(t.seconds)),
    );
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Steps' },
    h('table', {}, h('thead', {}, h('tr', {}, ['Step', 'Kind', 'Result', 'Time'].map(heading))), h('tbody', {}, study.steps.map(row))),
  );
}
export function drawSettings() {
  section(
    'settings',
    'Settings and provenance',
    null,
    h(
      'dl',
      {},
      study.facts.flatMap(([k, v]) => [h('dt', {}, k), h('dd', {}, v)]),
    ),
    study.steps.length ? h('div', {}, h('h3', { class: 'apart' }, 'Steps'), stepTable()) : null,
    study.pipeline ? h('details', { open: '' }, h('summary', {}, 'Pipeline file'), h('pre', { tabindex: 0 }, study.pipeline)) : null,
  );
}
