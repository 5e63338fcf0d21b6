import type { Environment, Finding, RunRecord, Verdict } from '../record/schema.ts';
import { claimsPage } from './claims-page.ts';
import { closingPage } from './closing-page.ts';
import { comparisonPage } from './comparison-page.ts';
import { frontPage } from './front-page.ts';
import { glossaryPage } from './glossary-page.ts';
import { instructorPage } from './instructor-page.ts';
import { lessonPage } from './lesson-page.ts';

/** All that the course's pages are made from. */
export interface Course {
  /** In the order in which they are taught. */
  readonly lessons: readonly CourseLesson[];
  readonly claims: readonly ClaimResult[];
  /** Of the newest run; `null` where nothing was run. */
  readonly environment: Environment | null;
}

export interface CourseLesson {
  /** The scenario's; also the name of the lesson's page. */
  readonly name: string;
  readonly question: string;
  readonly claims: readonly string[];
  /** The lesson's Markdown. */
  readonly lesson: string;
  /** The run that the page shows; `null` where there is none. */
  readonly record: RunRecord | null;
}

/** What became of a claim; `failed`: whoever should have shown it did not get to the end. */
export type ClaimVerdict = Verdict['agreement'] | 'failed' | 'not measured';

export interface ClaimResult {
  readonly claim: {
    readonly id: string;
    readonly text: string;
    /** Where it is not the whole truth. */
    readonly remark?: string;
    /** Where it is answered, for what no scenario can measure. */
    readonly elsewhere?: string;
  };
  readonly verdict: ClaimVerdict;
  /** The runs that speak of it. */
  readonly shownBy: readonly {
    readonly scenario: string;
    readonly verdict: ClaimVerdict;
    readonly findings: readonly Finding[];
  }[];
}

/**
 * The course as files by name, to stand in one folder: each page is complete by itself and links
 * to the others by their names alone, so that the folder works from anywhere.
 */
export function renderCourse(course: Course): Map<string, string> {
  return new Map([
    ['index.html', frontPage(course)],
    ...course.lessons.map((lesson, index): [string, string] => [
      `${lesson.name}.html`,
      lessonPage(course, index),
    ]),
    ['claims.html', claimsPage(course)],
    ['comparison.html', comparisonPage(course)],
    ['closing.html', closingPage(course)],
    ['glossary.html', glossaryPage(course)],
    ['instructor.html', instructorPage(course)],
  ]);
}
