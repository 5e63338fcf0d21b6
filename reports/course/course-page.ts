import { documentHtml } from '../page/document.ts';
import { type Html, html } from '../page/html.ts';
import type { Course } from './course.ts';

/** The pages beside the lessons, in the order of the head line. */
const PAGES = [
  ['index.html', 'Course'],
  ['claims.html', 'Claims'],
  ['comparison.html', 'Comparison'],
  ['caches.html', 'Your server'],
  ['closing.html', 'Closing'],
  ['glossary.html', 'Glossary'],
  ['instructor.html', 'Instructor'],
] as const;

type PageName = (typeof PAGES)[number][0];

/** A page of the course that is no lesson. */
export function coursePage(page: {
  readonly file: PageName;
  readonly title: string;
  /** One or two sentences beside the title. */
  readonly lead: Html | string;
  readonly body: Html;
}): string {
  return documentHtml({
    title: `${page.title} – One cache becomes four`,
    description: page.title,
    name: 'One cache becomes four',
    links: PAGES.map(([href, name]) => ({ href, name, current: href === page.file })),
    body: html`<div class="opening"><h1>${page.title}</h1><p class="verdict">${page.lead}</p></div>
${page.body}`,
    footer: html`<p>A page of the course. Copy the whole folder to take it along; it needs no network.</p>`,
  });
}

/** A link to a lesson by its name; plain text where the course has none of that name. */
export function lessonLink({ lessons }: Course, name: string, text: Html | string = name): Html {
  return lessons.some((lesson) => lesson.name === name)
    ? html`<a href="${name}.html">${text}</a>`
    : html`${text}`;
}
