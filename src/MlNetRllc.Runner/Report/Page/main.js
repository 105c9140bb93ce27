// The page: its panels in their order.
import { problem } from './base/problems.js';
import { h } from './base/dom.js';
import { onlyPanel } from './parts/figure.js';
import { mark } from './base/hover.js';
import { figures, page } from './base/study.js';
import { readAddress } from './base/store.js';
import { drawBar } from './panels/time.js';
import { drawBehaviour } from './panels/behaviour.js';
import { drawChains } from './panels/chains.js';
import { drawClusters } from './panels/clusters.js';
import { drawCurvature } from './panels/curvature.js';
import { drawExamples } from './panels/examples.js';
import { drawFinder } from './panels/finder.js';
import { drawFindings, drawLoss, drawTop } from './panels/findings.js';
import { drawNumbers, drawReading, drawSettings } from './panels/numbers.js';
import { drawPatterns } from './panels/patterns.js';
import { drawProfiles } from './panels/profiles.js';
import { drawReference } from './panels/reference.js';
import { drawRuns } from './panels/runs.js';
import { drawSamples } from './panels/samples.js';
import { drawSheet } from './panels/sheet.js';
import { drawTexts } from './panels/texts.js';
import { drawTrajectories } from './panels/trajectories.js';
import { drawTypes } from './panels/types.js';

const nav = drawTop();
drawBar();
if (onlyPanel) document.body.classList.add('embedded');
for (const draw of [
  drawFindings,
  drawLoss,
  drawTrajectories,
  drawFinder,
  drawRuns,
  drawSheet,
  drawSamples,
  drawTexts,
  drawClusters,
  drawTypes,
  drawReference,
  drawBehaviour,
  drawCurvature,
  drawPatterns,
  drawProfiles,
  drawExamples,
  drawChains,
  drawNumbers,
  drawReading,
  drawSettings,
])
  draw();

const names = new Map([
  ['finder', 'Find a head'],
  ['sheet', 'The chosen head'],
  ['samples', 'Tokens'],
  ['chains', 'Chains'],
  ['runs', 'Runs'],
  ['growth', 'By type'],
  ['numbers', 'Numbers'],
  ['reading', 'How to read'],
  ['settings', 'Settings'],
  ...figures.map(f => /** @type {[string, string]} */ ([f.id, f.shortName])),
]);
const sections = [...page.querySelectorAll('section')];
nav.append(...sections.filter(x => names.has(x.id)).map(x => h('a', { href: '#' + x.id }, names.get(x.id))));
if (onlyPanel && !sections.some(x => x.id === onlyPanel))
  page.append(problem(`The panel '${onlyPanel}'`, 'this study has no panel of that name'));
mark(document);

// A link within the page goes there and leaves what is chosen in the address.
document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
  const target = link ? document.getElementById(link.getAttribute('href')?.slice(1) ?? '') : null;
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView();
  target.setAttribute('tabindex', '-1');
  target.focus({ preventScroll: true });
});
readAddress();
