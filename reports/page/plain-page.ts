import { type DocumentParts, documentHtml } from './document.ts';
import { type Html, html } from './html.ts';

/** A page that is no report of a run: a list, a comparison, a page of the course. */
export interface PlainPage
  extends Omit<DocumentParts, 'main' | 'linksLabel' | 'footer' | 'record'> {
  readonly body: Html;
  readonly footer?: Html | undefined;
}

/** A page in the look of a report, as self-contained and under the same policy. */
export function plainPage({ body, footer, ...parts }: PlainPage): string {
  return documentHtml({
    ...parts,
    linksLabel: 'Pages',
    main: html`<main id="top" class="plain-page">
${body}
</main>`,
    footer: footer ?? html`<p>This file loads nothing; it works offline.</p>`,
  });
}
