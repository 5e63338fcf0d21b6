import { createHash } from 'node:crypto';
import type { Chart } from '../figures/figure.ts';
import type { RunRecord } from '../record/schema.ts';
import { type PageScript, pageScript } from './bundle.ts';
import { type Html, html, jsonText, trusted, visible } from './html.ts';
import { pageStyle } from './page-style.ts';

/** A link in a page's head line. */
export interface Link {
  readonly href: string;
  readonly name: string;
  /** Whether it leads to the page that it stands on. */
  readonly current?: boolean;
}

/** What pages differ in. */
export interface DocumentParts {
  readonly title: string;
  readonly description: string;
  /** Beside the mark in the head line. */
  readonly name: string;
  readonly links: readonly Link[];
  readonly body: Html;
  /** Left out: that the page works offline. */
  readonly footer?: Html;
  /** Around the page, as a way through several. */
  readonly before?: Html | undefined;
  readonly after?: Html | undefined;
  /** By the id of their figure. */
  readonly charts?: Readonly<Record<string, Chart>>;
  /** The run that a report is of; the page shows more of it than is written in `body`. */
  readonly record?: RunRecord;
}

/**
 * One HTML file that asks nobody for anything. Its content security policy names each script and
 * the style by hash, so that markup that slipped in could not run, nor fetch.
 */
export function documentHtml(parts: DocumentParts): string {
  const { charts = {}, record } = parts;
  const hasCharts = Object.keys(charts).length > 0;
  return shellHtml({
    ...parts,
    style: pageStyle(),
    script: record ? 'report' : hasCharts ? 'charted' : 'plain',
    body: html`${parts.before}${topBar(parts)}<main id="top"${!record && html` class="plain-page"`}>
${parts.body}
</main>
<footer>${parts.footer ?? html`<p>This file loads nothing; it works offline.</p>`}</footer>${parts.after}
${record && dataScript('record', jsonText(record))}
${(record || hasCharts) && dataScript('charts', jsonText(charts, visibleTexts))}
`,
  });
}

/** What any page is made of: its head, and what its body holds before its script. */
export interface ShellParts extends Pick<DocumentParts, 'title' | 'description' | 'body'> {
  readonly style: string;
  readonly script: PageScript;
  /** Whether it speaks with the server that it came from. */
  readonly connects?: boolean;
}

/** A page around its body. */
export function shellHtml({ title, description, style, body, ...parts }: ShellParts): string {
  const early = inlineScript('early');
  const script = inlineScript(parts.script);
  const policy = [
    "default-src 'none'",
    `script-src ${[early, script].map(hashSource).join(' ')}`,
    `style-src ${hashSource(style)}`,
    ...(parts.connects ? ["connect-src 'self'"] : []),
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<meta name="description" content="${description}">
<link rel="icon" href="${trusted(ICON)}">
<style>${trusted(style)}</style>
<script>${trusted(early)}</script>
</head>
<body>
${body}
<script>${trusted(script)}</script>
</body>
</html>
`.text;
}

// One square, and the four that became of it.
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><g fill="#5b3fc4"><path d="M1 1h6v6H1z"/><path d="M9 1h6v6H9z" opacity=".55"/><path d="M1 9h6v6H1z" opacity=".55"/><path d="M9 9h6v6H9z" opacity=".55"/></g></svg>',
)}`;

/** The head line: what the page is, where to go, and the switch between light and dark. */
function topBar({ name, links, record }: DocumentParts): Html {
  return html`<header class="top">
<span class="mark"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M1 1h6v6H1z"/><path class="copy" d="M9 1h6v6H9zM1 9h6v6H1zM9 9h6v6H9z"/></svg>${name}</span>
<nav aria-label="${record ? 'On this page' : 'Pages'}">${links.map((link) => html`<a href="${link.href}"${link.current && html` aria-current="page"`}>${link.name}</a> `)}</nav>
<button type="button" class="needs-script" id="theme">Dark</button>
</header>
`;
}

/** Data for the page's script: an element that holds JSON and runs nothing. */
function dataScript(id: string, json: string): Html {
  return html`<script type="application/json" id="${id}">${trusted(json)}</script>`;
}

/** A canvas draws what it is given: texts go there as they go into the page. */
function visibleTexts(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? visible(value) : value;
}

/** A script that says `</script>` in a string would end early; JavaScript reads `<\/` the same. */
function inlineScript(name: PageScript): string {
  return pageScript(name)
    .replace(/<\/(script)/gi, '<\\/$1')
    .replace(/<!--/g, '<\\!--');
}

function hashSource(code: string): string {
  return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
}
