/**
 * A lesson is Markdown with fixed headings, so that it reads well where it lies and a report can
 * set it around its figures. What authors need to know stands in `scenarios/LESSONS.md`; in short:
 *
 * - `## Question`, `## Objectives`, `## Minutes`, `## Predict first`, `## Run`, `## What you see`,
 *   `## Why`, `## Exercises`, `## Key points`, `## In your stack`, `## Seen in the wild`,
 *   `## Instructor`: each once.
 * - Predict first: text, then the answers to choose from as a task list, the right one ticked.
 *   Indented lines under an answer say why it is right or wrong.
 * - Exercises: `### Title`, its text, then `#### Hint` (any number) and `#### Solution`.
 * - `{{hitRate last}}` anywhere in the text stands for a figure of the run (see `run-figures.ts`).
 *
 * Parsing never fails: what is missing is `null` or empty, and `problems` says what is wrong, which
 * a test holds against every lesson.
 */
export interface Lesson {
  /** The Markdown under each heading; `null` where it is missing or empty. */
  readonly texts: Readonly<Record<Heading, string | null>>;
  readonly predict: Prediction | null;
  readonly exercises: readonly Exercise[];
  readonly problems: readonly string[];
}

/** All texts are Markdown. */
export interface Prediction {
  readonly prompt: string;
  readonly answers: readonly {
    readonly text: string;
    readonly right: boolean;
    readonly because: string;
  }[];
}

/** An exercise; all texts are Markdown. */
export interface Exercise {
  readonly title: string;
  readonly text: string;
  readonly hints: readonly string[];
  readonly solution: string | null;
}

/** The headings of a lesson; each stands in it once. */
export const HEADINGS = [
  'Question',
  'Objectives',
  'Minutes',
  'Predict first',
  'Run',
  'What you see',
  'Why',
  'Exercises',
  'Key points',
  'In your stack',
  'Seen in the wild',
  'Instructor',
] as const;
export type Heading = (typeof HEADINGS)[number];

/** A lesson's parts, from its Markdown. */
export function parseLesson(markdown: string): Lesson {
  const problems: string[] = [];
  const sections = new Map<string, string>();
  for (const { heading, body } of splitAt(markdown, '##')) {
    if (heading === null) continue;
    if (!HEADINGS.some((known) => known === heading)) {
      problems.push(`unknown heading "## ${heading}"`);
    } else if (sections.has(heading)) problems.push(`"## ${heading}" stands there twice`);
    sections.set(heading, body);
  }
  const texts = Object.fromEntries(
    HEADINGS.map((heading) => [heading, sections.get(heading) || null]),
  ) as Record<Heading, string | null>;
  for (const heading of HEADINGS) {
    if (texts[heading] === null) problems.push(`"## ${heading}" is missing or empty`);
  }
  return {
    texts,
    predict: prediction(texts['Predict first'], problems),
    exercises: exercises(texts.Exercises, problems),
    problems,
  };
}

const ANSWER = /^[-*] \[([ xX])\] (.*)$/;

function prediction(markdown: string | null, problems: string[]): Prediction | null {
  if (markdown === null) return null;
  const prompt: string[] = [];
  const answers: { text: string; right: boolean; because: string[] }[] = [];
  for (const line of markdown.split('\n')) {
    const answer = ANSWER.exec(line);
    if (answer) answers.push({ text: answer[2]!, right: answer[1] !== ' ', because: [] });
    else if (answers.length === 0) prompt.push(line);
    else answers.at(-1)!.because.push(line.trim());
  }
  if (answers.length < 2) problems.push('"## Predict first" needs at least two answers');
  if (answers.filter((answer) => answer.right).length !== 1) {
    problems.push('"## Predict first" needs exactly one answer ticked with [x]');
  }
  return {
    prompt: prompt.join('\n').trim(),
    answers: answers.map((answer) => ({ ...answer, because: answer.because.join('\n').trim() })),
  };
}

function exercises(markdown: string | null, problems: string[]): Exercise[] {
  if (markdown === null) return [];
  return splitAt(markdown, '###').flatMap(({ heading, body }) => {
    if (heading === null) return [];
    const parts = splitAt(body, '####');
    const named = (name: string) => parts.filter((part) => part.heading === name);
    for (const part of parts) {
      if (part.heading !== null && part.heading !== 'Hint' && part.heading !== 'Solution') {
        problems.push(`unknown heading "#### ${part.heading}" in exercise "${heading}"`);
      }
    }
    const solution = named('Solution')[0]?.body ?? null;
    if (solution === null) problems.push(`exercise "${heading}" has no "#### Solution"`);
    return {
      title: heading,
      text: parts.find((part) => part.heading === null)?.body ?? '',
      hints: named('Hint').map((hint) => hint.body),
      solution,
    };
  });
}

/** Parts at headings of one level; the text before the first has no heading. */
function splitAt(markdown: string, mark: string): { heading: string | null; body: string }[] {
  const parts: { heading: string | null; lines: string[] }[] = [{ heading: null, lines: [] }];
  let fenced = false;
  for (const line of markdown.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    if (!fenced && line.startsWith(`${mark} `)) {
      parts.push({ heading: line.slice(mark.length + 1).trim(), lines: [] });
    } else parts.at(-1)!.lines.push(line);
  }
  return parts.map(({ heading, lines }) => ({ heading, body: lines.join('\n').trim() }));
}
