import { createHash } from 'node:crypto';
import { type Html, html, trusted } from './html.ts';

export interface DocumentParts {
  readonly title: string;
  readonly description: string;
  readonly style: string;
  /** Runs before anything is drawn (theme). */
  readonly earlyScript: string;
  /** Run in order at the end: libraries, then the page's own module. */
  readonly scripts: readonly { readonly code: string; readonly module: boolean }[];
  readonly body: Html;
}

/**
 * One HTML file that asks nobody for anything. Its content security policy names each script and
 * the style by hash, so that markup that slipped in could not run, nor fetch.
 */
export function documentHtml(parts: DocumentParts): string {
  const scripts = parts.scripts.map((script) => ({ ...script, code: inlineScript(script.code) }));
  const early = inlineScript(parts.earlyScript);
  const policy = [
    "default-src 'none'",
    `script-src ${[early, ...scripts.map((script) => script.code)].map(hashSource).join(' ')}`,
    `style-src ${hashSource(parts.style)}`,
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
<title>${parts.title}</title>
<meta name="description" content="${parts.description}">
<link rel="icon" href="${trusted(ICON)}">
<style>${trusted(parts.style)}</style>
<script>${trusted(early)}</script>
</head>
<body>
${parts.body}
${scripts.map((script) =>
  script.module
    ? html`<script type="module">${trusted(script.code)}</script>\n`
    : html`<script>${trusted(script.code)}</script>\n`,
)}</body>
</html>
`.text;
}

// One square, and the four that became of it.
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><g fill="#5b3fc4"><path d="M1 1h6v6H1z"/><path d="M9 1h6v6H9z" opacity=".55"/><path d="M1 9h6v6H1z" opacity=".55"/><path d="M9 9h6v6H9z" opacity=".55"/></g></svg>',
)}`;

/** A script that says `</script>` in a string would end early; JavaScript reads `<\/` the same. */
function inlineScript(code: string): string {
  return code.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
}

function hashSource(code: string): string {
  return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
}
