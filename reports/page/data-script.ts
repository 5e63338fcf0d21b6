import { type Html, html, jsonText, trusted, visible } from './html.ts';

/** Data for the page's scripts: an element that holds JSON and runs nothing. */
export function dataScript(id: string, value: unknown, replacer?: typeof visibleTexts): Html {
  return html`<script type="application/json" id="${id}">${trusted(jsonText(value, replacer))}</script>`;
}

/** A canvas draws what it is given: texts go there as they go into the page. */
export function visibleTexts(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? visible(value) : value;
}
