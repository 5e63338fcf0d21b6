import { type Html, html } from './html.ts';

export interface Link {
  readonly href: string;
  readonly name: string;
  /** Whether it leads to the page that it stands on. */
  readonly current?: boolean;
}

/** A page's head line: what it is, where to go, and the switch between light and dark. */
export function topBar(name: string, links: readonly Link[], label = 'On this page'): Html {
  return html`<header class="top">
<span class="mark"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M1 1h6v6H1z"/><path class="copy" d="M9 1h6v6H9zM1 9h6v6H1zM9 9h6v6H9z"/></svg>${name}</span>
<nav aria-label="${label}">${links.map((link) => html`<a href="${link.href}"${link.current && html` aria-current="page"`}>${link.name}</a> `)}</nav>
<button type="button" class="needs-script" id="theme">Dark</button>
</header>
`;
}
