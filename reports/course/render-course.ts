import { cachesPage } from './caches-page.ts';
import { claimsPage } from './claims-page.ts';
import { closingPage } from './closing-page.ts';
import { comparisonPage } from './comparison-page.ts';
import type { Course } from './course.ts';
import { frontPage } from './front-page.ts';
import { glossaryPage } from './glossary-page.ts';
import { instructorPage } from './instructor-page.ts';
import { lessonPage } from './lesson-page.ts';

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
    ['caches.html', cachesPage(course)],
    ['closing.html', closingPage(course)],
    ['glossary.html', glossaryPage(course)],
    ['instructor.html', instructorPage(course)],
  ]);
}
