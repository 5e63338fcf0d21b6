import { type Html, html, section } from '../page/html.ts';
import type { Course } from './course.ts';
import { coursePage } from './course-page.ts';
import { inlineProse, proseSection } from './prose.ts';

/** How many caches a reader has: how to count them, and what servers start. */
export function cachesPage(course: Course): string {
  return coursePage({
    file: 'caches.html',
    title: 'How many caches do I have?',
    lead: 'One for each process that runs your code, on all machines together. Most servers that articles call “multi-process” start one by default.',
    body: html`${proseSection('count')}
${serversHtml(course)}`,
  });
}

function serversHtml({ curriculum }: Course): Html {
  const heads = ['by itself', 'several with', 'caches in memory', 'source'];
  return section(
    'servers',
    'Server by server',
    html`<p>Defaults, without configuration. A distribution or a platform may change them: ask the running server, as above.</p>
<div class="scroll" role="region" aria-label="Server by server: table" tabindex="0"><table>
<thead><tr><td></td>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${curriculum.servers.map(
  ({ name, byItself, several, caches, source }) =>
    html`<tr><th scope="row">${inlineProse(name)}</th>${[byItself, several, caches, source].map(
      (cell) => html`<td>${inlineProse(cell)}</td>`,
    )}</tr>\n`,
)}</tbody></table></div>`,
  );
}
