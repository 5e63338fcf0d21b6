import { readFileSync } from 'node:fs';
import { join } from 'node:path';

let style: string | undefined;

/** The style sheets of a report and of the pages around it, as one. */
export function pageStyle(): string {
  style ??= [
    themedStyle(
      'page',
      'first-screen',
      'picture',
      'figures',
      'findings',
      'lesson',
      'pages',
      'print',
    ),
    ...NARROW.map(([columns, rem]) => narrow(columns, rem)),
  ].join('');
  return style;
}

/**
 * The colours, then the sheets of these names. The dark colours stand once in their file and are used twice: where the
 * page's switch says dark, and where there is no switch (no JavaScript) and the system prefers it.
 */
export function themedStyle(...sheets: readonly string[]): string {
  return [
    sheet('light'),
    sheet('dark').replace(':root', ':root[data-theme="dark"]'),
    `@media (prefers-color-scheme: dark) {\n${sheet('dark').replace(':root', ':root:not([data-theme])')}}\n`,
    ...sheets.map(sheet),
  ].join('');
}

/** The width of its place, in rem, below which a table of so many columns has cards for rows. */
const NARROW = [
  ['few', 16],
  ['some', 34],
  ['many', 58],
] as const;

function narrow(columns: string, rem: number): string {
  const cards = sheet('cards').replaceAll('table', `.${columns}-columns`);
  return `@container (max-width: ${rem}rem) {\n${cards}}\n`;
}

function sheet(name: string): string {
  return readFileSync(join(import.meta.dirname, 'style', `${name}.css`), 'utf8');
}
