// The top of the page: title, what is seen, the loss.
import { h } from '../base/dom.js';
import { format, formatStep, listed } from '../base/format.js';
import { color } from '../base/look.js';
import { drawn, figure, onlyPanel, section, toggle, trainingAxis } from '../parts/figure.js';
import { figures, page, rows, study } from '../base/study.js';
import { numberColumn, stepColumn } from '../parts/table.js';
import { lineChart } from '../charts/lines.js';

const themes = ['auto', 'light', 'dark'];

function themeButton() {
  let theme = Math.max(0, themes.indexOf(document.documentElement.dataset.theme ?? 'auto'));
  const button = h(
    'button',
    {
      class: 'theme',
      title: 'Light, dark, or as the system',
      onclick: () => {
        theme = (theme + 1) % 3;
        if (theme) document.documentElement.dataset.theme = themes[theme];
        else delete document.documentElement.dataset.theme;
        button.textContent = 'Theme: ' + themes[theme];
      },
    },
    'Theme: ' + themes[theme],
  );
  return button;
}

/** @returns {HTMLElement} where the links to the sections go, once all are drawn */
export function drawTop() {
  const nav = h('nav', { 'aria-label': 'Sections' });
  if (onlyPanel) return nav;
  page.append(
    h('header', { class: 'top' }, h('div', {}, h('h1', {}, study.title), h('p', { class: 'soft' }, study.subtitle)), themeButton()),
  );
  if (study.unfinished) page.append(h('p', { class: 'unfinished', role: 'status' }, study.unfinished));
  page.append(nav);
  const tile = (/** @type {any} */ t) => h('div', { class: 'tile', title: t.note ?? '' }, h('b', {}, t.value), h('span', {}, t.label));
  page.append(h('div', { class: 'tiles' }, study.tiles.map(tile)));
  return nav;
}

export function drawFindings() {
  const good = rows.filter(r => r.Status === 'ok').length;
  const counts = [...Map.groupBy(rows, r => r.Status)].map(([status, list]) => ({ status, n: list.length })).sort((a, b) => b.n - a.n);
  const told = counts.map(c => `${c.n} ${c.n === 1 ? 'is' : 'are'} ${c.status}`);
  const status =
    rows.length === 0
      ? 'There are no estimates yet.'
      : good === rows.length
        ? `All ${rows.length} estimates have status ok.`
        : `Of ${rows.length} estimates ${listed(told)}; all but ok are drawn hollow and coloured in the map and the tables.`;
  section(
    'findings',
    'What is seen',
    null,
    h(
      'ul',
      { class: 'findings' },
      figures.filter(f => f.finding).map(f => h('li', {}, f.finding + ' ', h('a', { href: '#' + f.id }, `Figure ${f.number}`))),
      h('li', {}, status),
    ),
  );
}

export function drawLoss() {
  figure('loss', () => {
    const host = h('div', { class: 'chart' }),
      entropy = study.entropies;
    const tip = (/** @type {any} */ c) =>
      `step ${formatStep(c.step)}\ntraining ${format(c.trainLoss, 4)}\nvalidation ${format(c.validationLoss, 4)}`;
    const line = (/** @type {string} */ name, /** @type {(c: any) => any} */ get, /** @type {number} */ i) => ({
      name,
      label: name,
      color: color(i),
      marker: i,
      points: study.checkpoints.map(c => ({ x: c.step, y: get(c), tip: tip(c) })),
    });
    drawn(['log'], () =>
      lineChart(host, {
        title: 'Training and validation loss against training step',
        series: [line('training', c => c.trainLoss, 0), line('validation', c => c.validationLoss, 1)],
        refs: [
          { y: entropy.unigram, label: `unigram entropy ${format(entropy.unigram)}`, color: 'var(--c7)' },
          { y: entropy.bigram, label: `bigram entropy ${format(entropy.bigram)}`, color: 'var(--c6)' },
        ],
        x: trainingAxis(study.checkpoints.map(c => c.step)),
        y: { label: 'loss, nats per token' },
        height: w => (w < 500 ? 270 : 340),
      }),
    );
    const columns = [
      stepColumn(c => c.step),
      numberColumn('Training', c => c.trainLoss, 4),
      numberColumn('Validation', c => c.validationLoss, 4),
    ];
    return { body: [h('div', { class: 'controls' }, toggle('Log steps', 'log')), host], table: { columns, rows: study.checkpoints } };
  });
}
