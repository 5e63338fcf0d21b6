/**
 * HTML as a value. Everything put into the template is escaped unless it is itself {@link Html},
 * so that a key, a flag or a path from outside can never become markup.
 */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes; `null`, `undefined` and `false` leave nothing behind. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

/** A template tag: html`<td>${anything}</td>`. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = strings[0]!;
  values.forEach((value, index) => {
    text += contentText(value) + strings[index + 1]!;
  });
  return new Html(text);
}

/** Markup that is known to be safe: made by this room, or by markdown-it with HTML switched off. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** A part of a page under a heading, by whose words it is known; `look` is its class. */
export function section(
  id: string,
  title: string,
  content: Content,
  { look, heading = 'h2' }: { readonly look?: string; readonly heading?: 'h2' | 'h3' } = {},
): Html {
  const tag = trusted(heading);
  return html`<section id="${id}"${look && html` class="${look}"`} aria-labelledby="${id}-title">
<${tag} id="${id}-title">${title}</${tag}>
${content}</section>
`;
}

/** Text for an element or a quoted attribute. */
export function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/**
 * Text with the characters shown that would hide or reorder it (controls, marks of writing
 * direction), so that `user\u202E31` cannot pose as another key.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    return `‹U+${code}›`;
  });
}

/** JSON for a `<script type="application/json">`: the same value, without a `<` to end it. */
export function jsonText(
  value: unknown,
  replacer?: (name: string, value: unknown) => unknown,
): string {
  return JSON.stringify(value, replacer).replace(/</g, '\\u003c');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Everything of category Cc but tab and newline, and the marks that change writing direction.
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g;

function contentText(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(contentText).join('');
  return escapeText(String(value));
}
