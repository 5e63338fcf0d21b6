import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { type Html, html, section, trusted } from '../page/html.ts';

const markdown = new MarkdownIt();

/** A section of a page from `prose/<name>.md`, by which it is known: its heading and its text. */
export function proseSection(name: string): Html {
  const { title, text } = proseOf(name);
  return section(name, title, html`<div class="prose">${text}</div>`);
}

/** The same as a list of what stands under its headings, behind the text before the first. */
export function listSection(name: string, look: 'facts' | 'glossary'): Html {
  const { title, text, parts } = proseOf(name);
  const items = parts.map(({ head, body }) => html`<div><dt>${head}</dt><dd>${body}</dd></div>\n`);
  return section(name, title, html`${text}<dl class="${look}">${items}</dl>`);
}

/** A column of a page: the heading and the text, without a section of its own. */
export function proseColumn(name: string): Html {
  const { title, text } = proseOf(name);
  return html`<div><h2>${title}</h2><div class="prose">${text}</div></div>\n`;
}

/** A line of Markdown: code, emphasis and links, no block. */
export function inlineProse(line: string): Html {
  return trusted(markdown.renderInline(line));
}

function proseOf(name: string) {
  const file = readFileSync(join(import.meta.dirname, 'prose', `${name}.md`), 'utf8');
  const [first, ...others] = file.split(/^##? /m).slice(1);
  const [title, text] = headAndBody(first!);
  return {
    title,
    text: trusted(markdown.render(text)),
    parts: others.map(headAndBody).map(([head, body]) => ({
      head: inlineProse(head),
      body: inlineProse(body),
    })),
  };
}

function headAndBody(part: string): [head: string, body: string] {
  const [head] = part.split('\n', 1) as [string];
  return [head, part.slice(head.length).trim()];
}
