import { type Html, html } from './html.ts';

const LOOKS: Readonly<Record<string, readonly [look: string, sign: string]>> = {
  agrees: ['good', '✓'],
  disagrees: ['bad', '✗'],
  confirmed: ['good', '✓'],
  contradicted: ['bad', '✗'],
  failed: ['bad', '✗'],
  interrupted: ['bad', '✗'],
  'not ended': ['doubt', '…'],
};

/** What a run came to: word and sign, beside the colour. */
export function verdictHtml(verdict: string): Html {
  const [look, sign] = LOOKS[verdict] ?? ['quiet', '·'];
  return html`<span class="${look}">${sign} ${verdict}</span>`;
}
