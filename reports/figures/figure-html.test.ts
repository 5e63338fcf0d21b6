import { expect, test } from 'vitest';
import { html } from '../page/html.ts';
import type { Figure } from './figure.ts';
import { figureHtml } from './figure-html.ts';

const figure: Figure = {
  ...{ id: 'misses', title: 'Misses & hits', caption: 'Counted by clients.' },
  chart: {
    ...{ kind: 'bars', x: 'arm', categories: ['a'], missing: 'not known' },
    ...{ y: { label: 'misses', format: 'count' }, series: [] },
  },
  table: {
    columns: [
      { label: '', format: null },
      { label: 'misses', format: 'count' },
      { label: 'of', format: null },
    ],
    rows: [
      ['a', 1_234.5, '<b>'],
      [7, null, 'no traffic'],
    ],
  },
};
const table = `<div class="scroll" role="region" aria-label="Misses &amp; hits: table" tabindex="0"><table class="few-columns">
<thead><tr><td></td><th scope="col" class="number">misses</th><th scope="col">of</th></tr></thead>
<tbody>
<tr><th scope="row">a</th><td data-label="misses" class="number" data-value="1234.5">1,235</td><td data-label="of">&lt;b&gt;</td></tr>
<tr><th scope="row" data-value="7">7</th><td data-label="misses" class="number">–</td><td data-label="of">no traffic</td></tr>
</tbody>
</table></div>`;
const folded = `<details class="data" open><summary>The numbers<span class="visually-hidden"> of: Misses &amp; hits</span></summary>
${table}
</details>`;

test('a chart has a place that says where its numbers are, and they are folded under it', () => {
  expect(figureHtml(figure).text).toBe(`<figure class="figure" id="misses">
<figcaption><h4 class="figure-title">Misses &amp; hits</h4><p>Counted by clients.</p></figcaption>
<div class="plot needs-script" data-figure="misses"><canvas role="img" aria-label="Misses &amp; hits. The numbers are in the table below."></canvas></div>${folded}
</figure>
`);
});

test('a picture stands in place of a chart', () => {
  const text = figureHtml({ ...figure, chart: null, picture: html`<p>strip</p>` }).text;
  expect(text).toContain('<figure class="figure wide" id="misses">');
  expect(text).not.toContain('canvas');
  expect(text).toContain(`\n<p>strip</p>${folded}\n`);
});

test('a figure that is its table shows it, under the heading that its place asks for', () => {
  expect(
    figureHtml({ ...figure, chart: null, caption: '' }, 'h3').text,
  ).toBe(`<figure class="figure wide" id="misses">
<figcaption><h3 class="figure-title">Misses &amp; hits</h3></figcaption>
${table}
</figure>
`);
});

test('a first column of numbers is aligned as numbers are', () => {
  const columns = [{ label: 'step', format: 'count' as const }];
  const { text } = figureHtml({ ...figure, table: { columns, rows: [[1]] } });
  expect(text).toContain('<th scope="row" class="number" data-value="1">1</th>');
});
