import { describe, expect, it } from 'vitest';
import { sampleCourse } from '../fixtures/sample-course.ts';
import { renderCourse } from './course.ts';
import { ADVICE, adviceFor, QUESTIONS } from './decision.ts';
import { lessonMinutes } from './front-page.ts';
import { GLOSSARY } from './glossary-page.ts';
import { WORKSHOPS } from './workshops.ts';

const pages = renderCourse(sampleCourse());

/** Every way to answer the questions. */
function allAnswers(): Record<string, string>[] {
  return QUESTIONS.reduce<Record<string, string>[]>(
    (sets, { id, answers }) =>
      sets.flatMap((set) => answers.map((answer) => ({ ...set, [id]: answer.id }))),
    [{}],
  );
}

describe('the closing page', () => {
  it('has advice for every way to answer, and every advice is given for some', () => {
    const given = allAnswers().map((answers) => adviceFor(answers));
    expect(given).toHaveLength(16);
    expect(given).not.toContain(undefined);
    expect(new Set(given)).toEqual(new Set(ADVICE));
  });

  it('never sends several processes that must agree to local memory', () => {
    for (const answers of allAnswers()) {
      if (answers.processes !== 'several' || answers.agree !== 'yes') continue;
      expect(adviceFor(answers)!.what).not.toMatch(/^A local-memory cache/);
    }
  });

  it('asks nothing that no advice depends on', () => {
    const asked = new Set(ADVICE.flatMap(({ when }) => Object.keys(when)));
    expect(asked).toEqual(new Set(QUESTIONS.map(({ id }) => id)));
  });
});

describe('the workshops', () => {
  it.each(WORKSHOPS.map((workshop) => [workshop.name, workshop] as const))(
    '%s: the stretches fill the time',
    (_, { minutes, stretches }) => {
      expect(stretches.reduce((sum, stretch) => sum + stretch.minutes, 0)).toBe(minutes);
    },
  );
});

describe('the glossary', () => {
  it('is in alphabetical order, each word once', () => {
    const terms = GLOSSARY.map(([term]) => term.toLowerCase());
    expect(terms).toEqual([...new Set(terms)].sort((a, b) => a.localeCompare(b, 'en')));
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
  it('has links to its own files and to places that are there, and to nothing else', () => {
    for (const [name, page] of pages) {
      const body = page.slice(page.indexOf('<body>')).replace(/<script[\s\S]*?<\/script>/g, '');
      for (const [, href] of body.matchAll(/ href="([^"]*)"/g)) {
        if (/^https:\/\/github\.com\//.test(href!)) continue;
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
    expect(page).toMatch(/<b>2<\/b> not confirmed/);
    expect(page).toMatch(/<b>1<\/b> not measured/);
    const section = page.slice(page.indexOf('<li id="C5">'), page.indexOf('<li id="C9">'));
    expect(section).toContain('✗ disagrees');
    expect(section).toContain('two-servers');
  });

  it('tells of a lesson without a run how to get one', () => {
    const page = pages.get('restart.html')!;
    expect(page).toContain('Not measured here');
    expect(page).toContain('npm run lab -- --scenario restart');
  });

  it('shows the lesson as it is written now', () => {
    expect(pages.get('hit-rate.html')).toContain('Written after the run.');
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
