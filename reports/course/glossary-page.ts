import { html } from '../page/html.ts';
import type { Course } from './course.ts';
import { coursePage } from './course-page.ts';

/** The words of the course, in alphabetical order. */
export function glossaryPage({ curriculum }: Course): string {
  return coursePage({
    file: 'glossary.html',
    title: 'Glossary',
    lead: 'The words of the field, as used here and in the documentation of Django and other caches.',
    body: html`<dl class="glossary">${Object.entries(curriculum.glossary).map(
      ([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>\n`,
    )}</dl>`,
  });
}
