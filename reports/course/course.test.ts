import { describe, expect, it } from 'vitest';
import { sampleCourse } from '../fixtures/sample-course.ts';
import { firstThatFits } from './decision.ts';
import { lessonMinutes } from './front-page.ts';
import { renderCourse } from './render-course.ts';

const pages = renderCourse(sampleCourse());

describe('the advice', () => {
  const advice = [{ when: 'lasting=no' }, { when: 'lasting=yes alone=yes' }, { when: 'alone=no' }];
  const advised = (...answers: [string, string][]) =>
    advice.indexOf(firstThatFits(advice, new Map(answers))!);

  it('is the first line that fits', () => {
    expect(advised(['lasting', 'no'], ['alone', 'no'])).toBe(0);
    expect(advised(['lasting', 'yes'], ['alone', 'yes'])).toBe(1);
    expect(advised(['lasting', 'yes'], ['alone', 'no'])).toBe(2);
  });

  it('is not given while an earlier line may still come to fit', () => {
    expect(advised(['lasting', 'no'])).toBe(0);
    expect(advised(['alone', 'no'])).toBe(-1);
    expect(advised()).toBe(-1);
  });
});

describe('the instructor’s guide', () => {
  it('says when each stretch of a workshop begins, and links to what there is', () => {
    const page = pages.get('instructor.html')!;
    const rows = [...page.matchAll(/<tr><td class="number">(.*?)<\/td>.*?<\/tr>/g)];
    expect(rows.map(([, from]) => from)).toEqual(['0:00', '0:05', '0:40', '1:05']);
    expect(rows.map(([row]) => row.replace(/^.*<td>|<\/td><\/tr>$/g, ''))).toEqual([
      'Who has a cache?',
      '<strong><a href="hit-rate.html">hit-rate</a></strong>: Predict, run, move the slider.',
      '<strong>unknown-lesson</strong>: A lesson that is not in this course.',
      '<strong><a href="index.html">front page</a></strong>: Set-up check.',
    ]);
  });
});

describe('the minutes of a lesson', () => {
  it('are read from its text', () => {
    const lesson = '## Minutes\n\n10 to run, predict and read; 20 for the exercises.\n';
    expect(lessonMinutes(lesson)).toEqual({ reading: 10, exercises: 20 });
    expect(lessonMinutes('## Minutes\n\nNot long.\n')).toBeNull();
    expect(lessonMinutes('')).toBeNull();
  });
});

describe('the course', () => {
  it('has links to its own files and to places that are there, and else to sources on the web', () => {
    for (const [name, page] of pages) {
      const body = page.slice(page.indexOf('<body>')).replace(/<script[\s\S]*?<\/script>/g, '');
      for (const [, href] of body.matchAll(/ href="([^"]*)"/g)) {
        if (href!.startsWith('https://')) continue;
        const [file, anchor] = href!.split('#') as [string, string | undefined];
        const target = file === '' ? page : pages.get(file);
        expect([name, href, target !== undefined]).toEqual([name, href, true]);
        if (anchor) expect([href, target!.includes(`id="${anchor}"`)]).toEqual([href, true]);
      }
    }
  });

  it('shows each claim with its verdict, and counts them', () => {
    const page = pages.get('claims.html')!;
    expect(page).toMatch(/<b>1<\/b> of <b>4<\/b> claims were confirmed/);
    expect(page).toMatch(/<b>1<\/b> contradicted; <b>1<\/b> not shown, because a run failed; /);
    expect(page).toMatch(/<b>1<\/b> not measured/);
    const section = page.slice(page.indexOf('<li id="C5">'), page.indexOf('<li id="C9">'));
    expect(section).toContain('✗ contradicted');
    expect(section).toContain('two-servers');
  });

  it('tells of a lesson without a run how to get one', () => {
    const page = pages.get('restart.html')!;
    expect(page).toContain('Not measured here');
    expect(page).toContain('npm run lab -- --scenario restart');
  });

  it('shows the lesson as it is written now', () => {
    const page = pages.get('hit-rate.html')!;
    const main = page.slice(page.indexOf('<main'), page.indexOf('</main>'));
    expect(main).toContain('Several workers are several caches.');
    expect(main).not.toContain('Written on the day of the run.');
  });
});

describe('the comparison', () => {
  it('says so where it was not measured', () => {
    expect(pages.get('comparison.html')).toContain('Not measured here.');
  });

  it('shows the measured table where it was', () => {
    const page = renderCourse(sampleCourse({ withSharedCache: true })).get('comparison.html')!;
    expect(page).not.toContain('Not measured here.');
    expect(page).toContain('4 of 4 knew it');
  });
});
