'use strict';
// All estimates, how to read them, and where they come from.
{
  const parts = [h('h3', {}, 'Estimates'), table('estimates', estimateColumns, rows)];
  const checkpointColumns = [
    { name: 'Step', get: r => r.step, show: v => formatStep(v) },
    { name: 'TrainLoss', get: r => r.trainLoss, show: v => format(v, 4) },
    { name: 'ValidationLoss', get: r => r.validationLoss, show: v => format(v, 4) },
  ];
  parts.push(
    h('h3', { style: 'margin-top:20px' }, 'Checkpoints'), table('checkpoints', checkpointColumns, study.checkpoints));
  section('numbers', 'The numbers', 'Click a heading to sort. Units: loss in nats per token; rLLC and its error have none.', ...parts);
}

// ---- Reading and settings
section('reading', 'How to read the numbers', null,
  h('p', {}, 'The refined local learning coefficient (rLLC) of a head measures how many of the head\u2019s weights the '
    + 'loss really depends on near the trained weights, counted so that flat and degenerate directions weigh less. '
    + 'A higher value means that the head holds more structure that matters for this text.'),
  h('p', {}, 'Only the head\u2019s own weights are sampled; all others stay where training left them. The estimate is '
    + 'n\u03b2 times the mean rise of the loss over the sampled draws, each compared with the unperturbed model on the '
    + 'same minibatch.'),
  h('p', {}, `The values are comparative. The settings n\u03b2 = ${format(study.sgld.nBeta)}, `
    + `\u03b3 = ${format(study.sgld.localization)} and step size ${format(study.sgld.stepSize)} fix the scale that is `
    + `probed: a direction of curvature 1 adds ${format(study.sgld.nBeta / (2 * (study.sgld.nBeta + study.sgld.localization)))} `
    + 'here, not the \u00bd of the theoretical limit. Compare heads, checkpoints and texts within one setting, never '
    + 'across settings.'),
  study.dataShare ? h('p', {}, study.dataShare) : null,
  h('p', {}, 'Bands and \u00b1 are one standard error, which allows for autocorrelation along a chain and for chains that '
    + 'meet the same minibatches. R-hat near 1 says that the chains agree; the effective sample size says how many '
    + 'independent draws they are worth. Status \u201cnegative\u201d means that the loss falls when the head is perturbed: '
    + 'the checkpoint is not a minimum for this head on this text, which is common early in training and on text the '
    + 'model was not trained on.'),
  h('p', {}, 'Based on: Wang et al., Differentiation and Specialization of Attention Heads via the Refined Local '
    + 'Learning Coefficient (arXiv 2410.02984); Lau et al. (arXiv 2308.12108).'));
function stepTable() {
  const heading = (t, i) => h('th', { class: i < 3 ? 'text' : null, style: 'padding:8px 12px' }, t);
  const row = t => h('tr', {}, [t.name, t.kind, t.result].map(text => h('td', { class: 'text' }, text)),
    h('td', {}, duration(t.seconds)));
  return h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, ['Step', 'Kind', 'Result', 'Time'].map(heading))),
    h('tbody', {}, study.steps.map(row))));
}
section('settings', 'Settings and provenance', null,
  h('dl', {}, study.facts.flatMap(([k, v]) => [h('dt', {}, k), h('dd', {}, v)])),
  study.steps.length ? h('div', {}, h('h3', { style: 'margin-top:14px' }, 'Steps'), stepTable()) : null,
  study.pipeline ? h('details', { open: '' }, h('summary', {}, 'Pipeline file'), h('pre', {}, study.pipeline)) : null);

const lastLinks = [
  ...(rows.length ? [['chains', 'Chains']] : []), ['numbers', 'Numbers'], ['reading', 'How to read'], ['settings', 'Settings'],
];
const links = [...figures.map(f => [f.id, f.shortName]), ...lastLinks];
nav.append(...links.map(([id, text]) => h('a', { href: '#' + id }, text)));
