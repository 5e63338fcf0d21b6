import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The style sheets as one. The dark colours stand once in their file and are used twice: where the
 * page's switch says dark, and where there is no switch (no JavaScript) and the system prefers it.
 */
export function pageStyle(): string {
  style ??= [
    sheet('light'),
    sheet('dark').replace(':root', ':root[data-theme="dark"]'),
    `@media (prefers-color-scheme: dark) {\n${sheet('dark').replace(':root', ':root:not([data-theme])')}}\n`,
    ...['page', 'picture', 'figures', 'findings', 'lesson', 'pages', 'print'].map(sheet),
  ].join('');
  return style;
}

let style: string | undefined;

function sheet(name: string): string {
  return readFileSync(join(import.meta.dirname, 'style', `${name}.css`), 'utf8');
}
