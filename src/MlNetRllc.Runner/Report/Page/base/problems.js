// What goes wrong is said on the page: an empty one would look like a study without results. The first module that runs.
import { h } from './dom.js';

/** Words about what could not be drawn, and where its numbers are.
 * @param {string} what @param {string} message */
export const problem = (what, message) =>
  h(
    'p',
    { class: 'problem', role: 'alert' },
    `${what} could not be drawn: ${message}. Its numbers are in the tables folder beside this page.`,
  );

addEventListener('error', event => document.getElementById('page')?.prepend(problem('A part of this page', event.message)));
