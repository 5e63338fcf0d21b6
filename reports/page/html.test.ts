import { expect, it } from 'vitest';
import { html, jsonText, trusted } from './html.ts';

it('escapes what is put in, in elements and in attributes', () => {
  const key = `</td><script>alert("1")</script>'`;
  expect(html`<td title="${key}">${key}</td>`.text).toBe(
    '<td title="&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;">&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;</td>',
  );
});

it('leaves markup alone, in lists too, and nothing behind for what is not there', () => {
  expect(html`<p>${[html`<b>${1}</b>`, null, false, undefined, trusted('<i>')]}</p>`.text).toBe(
    '<p><b>1</b><i></p>',
  );
});

it('shows characters that would hide or reorder text', () => {
  expect(html`${'user\u202E31\u0000\u200B'}`.text).toBe('user‹U+202E›31‹U+0000›‹U+200B›');
  expect(html`${'Ключ キー émoji 🗝'}`.text).toBe('Ключ キー émoji 🗝');
});

it('writes JSON that cannot end its element and reads back the same', () => {
  const value = { '</script>': '<!--', line: '\u2028' };
  expect(jsonText(value)).not.toContain('<');
  expect(JSON.parse(jsonText(value))).toEqual(value);
});
