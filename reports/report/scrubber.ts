import { type Html, html } from '../page/html.ts';

/** The controls that move through the run; the page sets them going, wherever they stand. */
export function scrubber(): Html {
  const button = (act: string, label: string, shape: string) =>
    html`<button type="button" data-act="${act}" aria-label="${label}" title="${label}"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="${shape}"/><path class="pause" d="M3 3h4v10H3zM9 3h4v10H9z"/></svg></button>`;
  return html`<div class="scrubber needs-script" role="group" aria-label="Move through the run">
${button('to-start', 'To the start', 'M2 3h2v10H2zM14 3v10L5 8z')}${button('step-back', 'One request back', 'M12 3v10L4 8z')}${button('play', 'Play', 'M4 2v12l10-6z')}${button('step-on', 'One request on', 'M4 3v10l8-5z')}${button('to-end', 'To the end', 'M2 3v10l9-5zM12 3h2v10h-2z')}
<input type="range" min="0" aria-label="Requests sent">
<output></output>
</div>`;
}
