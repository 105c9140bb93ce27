// Several runs on one page: heads aligned by their types, or by their names where they have none; each number with its spread over runs.
import { distinct, h, isNumber } from '../base/dom.js';
import { format, formatStep, formatWithError, plural } from '../base/format.js';
import { color, dashes } from '../base/look.js';
import { at, choosable, headOf, plainName, runOf, steps, study, typeOf } from '../base/study.js';
import { get } from '../base/store.js';
import { columnOf, whereOf } from '../parts/columns.js';
import { drawn, panel, subplot, trainingAxis, trainingControls } from '../parts/figure.js';
import { numberColumn, textColumn } from '../parts/table.js';
import { dotChart } from '../charts/dots.js';
import { lineChart } from '../charts/lines.js';

const heads = choosable.filter(headOf);
const groupOf = (/** @type {string} */ c) => (study.types.length ? (typeOf[c] ?? 'no type') : plainName(c));
const groups = distinct(heads.map(groupOf)).sort();
const runs = study.runs ?? [];
const runStyle = (/** @type {string} */ run) => {
  const i = runs.indexOf(run);
  return { color: color(i), marker: i % 8, dash: dashes[Math.floor(i / 8) % dashes.length] };
};

/** Mean and standard deviation of what is known.
 * @param {number[]} list */
function spreadOf(list) {
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  return { mean, sd: list.length < 2 ? NaN : Math.sqrt(list.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (list.length - 1)) };
}
/** @param {string} group @param {string} run */
const members = (group, run) => heads.filter(c => runOf(c) === run && groupOf(c) === group);

/** The mean over a group's heads in each run, of estimates that are ok alone; and how those means spread over runs.
 * @param {string} group @param {(c: string) => import('../base/types').Measure | null} get */
function overRuns(group, get) {
  const list = runs.map(run => {
    const own = members(group, run)
      .map(get)
      .filter(m => m && (m.status ?? 'ok') === 'ok')
      .map(m => m?.value ?? NaN);
    return { run, heads: members(group, run).length, value: own.length ? spreadOf(own).mean : NaN };
  });
  const known = list.map(x => x.value).filter(isNumber);
  return {
    group,
    list,
    known: known.length,
    ...(known.length ? spreadOf(known) : { mean: NaN, sd: NaN }),
    heads: list.reduce((sum, x) => sum + x.heads, 0),
  };
}

export function drawRuns() {
  if (runs.length < 2 || !heads.length) return;
  const KEYS = ['y', 'step', 'text'],
    what = study.types.length ? 'types' : 'heads of the same name';
  panel('runs', `${runs.length} runs, aligned by ${study.types.length ? 'type' : 'name'}`, () => {
    const host = h('div', { class: 'chart' });
    const all = () => groups.map(g => overRuns(g, columnOf(get('y')).get));
    drawn(KEYS, () =>
      dotChart(host, {
        title: `${columnOf(get('y')).label} by ${what} in each run`,
        x: { label: columnOf(get('y')).label },
        rows: all().map(g => ({
          name: `${g.group} (${g.heads})`,
          dots: g.list
            .filter(x => isNumber(x.value))
            .map(x => ({
              x: x.value,
              ...runStyle(x.run),
              tip:
                `${g.group} of ${x.run}\nmean of ${plural(x.heads, 'head')}: ${format(x.value)}\n` +
                `over runs ${formatWithError(g.mean, g.sd)}`,
            })),
        })),
      }),
    );
    return {
      body: host,
      keys: KEYS,
      table: {
        columns: [
          textColumn('Group', r => r),
          numberColumn('Runs', r => overRuns(r, columnOf(get('y')).get).known),
          numberColumn('Mean over runs', r => overRuns(r, columnOf(get('y')).get).mean),
          numberColumn('Spread over runs', r => overRuns(r, columnOf(get('y')).get).sd, 2),
        ],
        rows: groups,
      },
      caption: () => {
        const column = columnOf(get('y'));
        return (
          `${column.label} (${whereOf(heads.map(c => column.get(c)))}), a dot a run: ` +
          "the mean over a group's heads whose estimates are ok. " +
          'Mean and standard deviation over runs: ' +
          all()
            .filter(g => g.known)
            .map(g => `${g.group} ${formatWithError(g.mean, g.sd)} (${plural(g.known, 'run')})`)
            .join('; ') +
          '. The column is the finder\u2019s y.'
        );
      },
    };
  });
  panel('growth', `The rLLC by ${study.types.length ? 'type' : 'name'} in each run`, () => {
    const grid = h('div', { class: 'panels' });
    drawn(['text', 'log', 'bands'], () => {
      const text = get('text');
      grid.replaceChildren();
      for (const group of groups.slice(0, 24)) {
        const { host, element } = subplot(`${group} on ${text}`);
        grid.append(element);
        lineChart(host, {
          title: `rLLC of ${group} on ${text} in each run`,
          x: trainingAxis(steps),
          y: { label: 'rLLC', fromZero: true },
          bands: get('bands'),
          height: 270,
          series: runs.map(run => ({
            name: run,
            label: run,
            ...runStyle(run),
            points: steps.map(step => meanPoint(group, run, text, step)).filter(p => p !== null),
          })),
        });
      }
    });
    return {
      body: [trainingControls(), grid],
      keys: ['text'],
      caption: () =>
        `Means over the heads of each ${study.types.length ? 'type' : 'name'} on ${get('text')} whose estimates are ok, ` +
        'a line a run; bands are the standard deviation over those heads.' +
        (groups.length > 24 ? ` The first 24 of ${groups.length} are shown.` : ''),
    };
  });
}

/** @param {string} group @param {string} run @param {string} text @param {number} step */
function meanPoint(group, run, text, step) {
  const own = members(group, run)
    .map(c => at(c, text, step))
    .filter(r => r?.Status === 'ok' && isNumber(r.Rllc))
    .map(r => r?.Rllc ?? NaN);
  if (!own.length) return null;
  const { mean, sd } = spreadOf(own);
  return {
    x: step,
    y: mean,
    low: mean - sd,
    high: mean + sd,
    tip: `${run}\n${group}, ${plural(own.length, 'head')}\nstep ${formatStep(step)}\n${formatWithError(mean, sd)}`,
  };
}
