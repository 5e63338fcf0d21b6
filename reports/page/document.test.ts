import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { documentHtml } from './document.ts';
import { html } from './html.ts';

const page = documentHtml({
  title: 'A </title><script>alert(1)</script> & "more"',
  description: '"><script>alert(2)</script>',
  name: '<b>name</b>',
  links: [{ href: '"onclick="x', name: '<i>link</i>' }],
  body: html``,
  footer: html`<p></p>`,
});

it('escapes what its title, description, name and links say', () => {
  expect(page).toContain(
    '<title>A &lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;</title>',
  );
  expect(page).toContain('content="&quot;&gt;&lt;script&gt;alert(2)&lt;/script&gt;"');
  expect(page).toContain('</svg>&lt;b&gt;name&lt;/b&gt;</span>');
  expect(page).toContain('<a href="&quot;onclick=&quot;x">&lt;i&gt;link&lt;/i&gt;</a>');
});

it('allows the scripts and the style that it holds, and no others', () => {
  const hashes = (tag: string) =>
    [...page.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(
      ([, code]) => `'sha256-${createHash('sha256').update(code!).digest('base64')}'`,
    );
  expect(hashes('script')).toHaveLength(2);
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.split('; ');
  expect(policy).toEqual([
    "default-src 'none'",
    `script-src ${hashes('script').join(' ')}`,
    `style-src ${hashes('style').join(' ')}`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});
