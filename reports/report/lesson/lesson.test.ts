import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../../fixtures/sample-record.ts';
import { markdownFor } from './markdown.ts';
import { HEADINGS, parseLesson } from './parse.ts';
import { RUN_FIGURES, runFigure } from './run-figures.ts';
import { lessonSections } from './sections.ts';

const scenarios = join(import.meta.dirname, '../../../scenarios');
const lessons = readdirSync(scenarios, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('lesson.md'))
  .map((file) => ({ file, markdown: readFileSync(join(scenarios, file), 'utf8') }));

/** The placeholders of a text that no report could fill in. */
function unknownPlaceholders(markdown: string): string[] {
  return [...markdown.matchAll(/\{\{(.*?)\}\}/g)]
    .filter(([, inside]) => runFigure(inside!, sampleRecord()) === undefined)
    .map(([whole]) => whole);
}

describe('every lesson of the project', () => {
  it.each(lessons)('$file keeps to the form', ({ markdown }) => {
    expect(parseLesson(markdown).problems).toEqual([]);
    expect(unknownPlaceholders(markdown)).toEqual([]);
  });
  it.each(lessons)('$file has all its sections in the report', ({ markdown }) => {
    const sections = lessonSections(sampleRecord({ lesson: markdown }));
    for (const section of Object.values(sections)) expect(section?.text).toMatch(/\w/);
    for (const section of Object.values(sections)) expect(section?.text).not.toContain('{{');
  });
  it('is found', () => expect(lessons.length).toBeGreaterThan(0));
});

it('names every figure that lessons may use in the guide for authors', () => {
  const guide = readFileSync(join(scenarios, 'LESSONS.md'), 'utf8');
  for (const name of Object.keys(RUN_FIGURES)) expect(guide).toContain(`\`${name}\``);
  for (const heading of HEADINGS) expect(guide).toContain(`\`## ${heading}\``);
});

describe('a figure in a sentence', () => {
  const record = sampleRecord({ workers: [1, 4] });
  const text = (markdown: string) =>
    markdownFor(record)(markdown)
      .text.replace(/<[^>]*>/g, '')
      .replaceAll('\u00a0', ' ')
      .trim();
  const misses = (arm: number) => String(record.arms[arm]!.phases[0]!.totals.misses.cold);

  it('is that of the arm named', () => {
    expect(text('{{misses first}} and {{misses last}}')).toBe(`${misses(0)} and ${misses(1)}`);
    expect(text('{{misses "1 worker"}} and {{misses}}')).toBe(`${misses(0)} and ${misses(1)}`);
  });
  it('is a dash when the record does not know it', () => {
    const unknown = structuredClone(record);
    unknown.arms[1]!.phases[0]!.replay = null;
    expect(markdownFor(unknown)('{{avoidableMisses last}}').text).toContain('–');
  });
  it('says so when the run has no such arm', () => {
    expect(text('{{misses "9 workers"}}')).toBe('(not in this run)');
  });
  it('is left standing, and reported, when nobody knows its name', () => {
    for (const wrong of ['{{mises last}}', '{{misses fist}}', '{{constructor}}', '{{}}']) {
      expect(unknownPlaceholders(`text ${wrong} text`)).toEqual([wrong]);
      expect(text(wrong)).toBe(wrong);
    }
  });
});

describe('a lesson with mistakes', () => {
  const good = lessons[0]!.markdown;
  it.each([
    ['## Whhy\n\ntext', 'unknown heading "## Whhy"'],
    ['## Why\n\ntext', '"## Why" stands there twice'],
  ])('is told of %j', (addition, problem) => {
    expect(parseLesson(`${good}\n${addition}\n`).problems).toContain(problem);
  });
  it('is told of a section that is missing', () => {
    expect(parseLesson('## Question\n\nWhat?').problems).toContain('"## Why" is missing or empty');
  });
  it('is told of a prediction without a right answer, and of an exercise without a solution', () => {
    const problems = parseLesson(
      good.replaceAll('- [x]', '- [ ]').replaceAll('#### Solution', '#### Sollution'),
    ).problems;
    expect(problems).toContain('"## Predict first" needs exactly one answer ticked with [x]');
    expect(problems.join()).toContain('unknown heading "#### Sollution"');
    expect(problems.join()).toContain('has no "#### Solution"');
  });
  it('does not take a heading in a code block for one of its own', () => {
    expect(parseLesson(`${good}\n\`\`\`sh\n## a comment\n\`\`\`\n`).problems).toEqual([]);
  });
});

it('makes no markup of HTML, no image, and no link but to the web', () => {
  const { text } = markdownFor(sampleRecord())(
    '<b>x</b> ![i](https://example.org/i.png) [j](javascript:alert(1)) [d](data:text/html,x)\n\n| a |\n|--:|\n| 1 |',
  );
  expect(text).not.toMatch(/<(b|img)\b|href="(javascript|data)|style=/);
  expect(text).toContain('<td class="number">1</td>');
});
