import { readFileSync } from 'node:fs';
import { rowsOf, sectionsOf } from './markdown.ts';

/*
 * What the course says beside its lessons. The words stand in the Markdown files of this folder,
 * each row of a table one thing.
 */

/** What the course says about a cache in the memory of a process, and holds against measurements. */
export interface Claim {
  /** `C1` … `C20`; scenarios and findings name it. */
  readonly id: string;
  readonly text: string;
  /** What the sentence leaves out, or where it is not the whole truth; often empty. */
  readonly remark?: string;
  /** Where it is answered, for what no scenario can measure; often empty. */
  readonly elsewhere?: string;
}

export const claims: readonly Claim[] = rowsOf(
  textOf('claims'),
  'id',
  'text',
  'remark',
  'elsewhere',
);

/** What is generally true of the three caches, and the lesson that shows it. */
export const comparison = rowsOf(
  textOf('comparison'),
  'question',
  'locmem',
  'redis',
  'memcached',
  'lesson',
).map((row) => [row.question, row.locmem, row.redis, row.memcached, row.lesson] as const);

/** Servers, how many processes they start, and so how many caches; cells are Markdown. */
export const servers = rowsOf(textOf('servers'), 'name', 'byItself', 'several', 'caches', 'source');

/** Questions to put to the room, each with what to listen for and the lesson that shows it. */
export const discussion = rowsOf(textOf('discussion'), 'question', 'listenFor', 'lesson');

/** The words of the course, in alphabetical order, each with what it means here. */
export const glossary: Readonly<Record<string, string>> = Object.fromEntries(
  rowsOf(textOf('glossary'), 'word', 'meaning').map(({ word, meaning }) => [word, meaning]),
);

/** Plans for teaching in one sitting: a heading, a line about it, and a table of its stretches. */
export const workshops = sectionsOf(textOf('workshops')).map(({ heading, lines, markdown }) => ({
  name: heading,
  about: lines[0]!,
  stretches: rowsOf(markdown, 'minutes', 'place', 'what').map(({ minutes, place, what }) => ({
    ...{ minutes: Number(minutes), what },
    /** A scenario, or a page of the course by its file's name; `null`: neither. */
    place: place || null,
  })),
}));

/** Whether a local-memory cache is right for somebody: questions, and the advice that follows. */
export const decision = {
  questions: sectionsOf(textOf('decision'))
    .slice(0, -1)
    .map(({ heading, lines, markdown }) => ({
      ...{ id: heading, text: lines[0]!, hint: lines[1]! },
      answers: rowsOf(markdown, 'id', 'text'),
    })),
  /** The first that fits holds; `when` says for which answers, as `question=answer`. */
  advice: sectionsOf(textOf('decision'))
    .slice(-1)
    .flatMap(({ markdown }) => rowsOf(markdown, 'when', 'whenText', 'what', 'why', 'lessons'))
    .map((advice) => ({ ...advice, lessons: advice.lessons.split(' ') })),
};

function textOf(name: string): string {
  return readFileSync(new URL(`${name}.md`, import.meta.url), 'utf8');
}
