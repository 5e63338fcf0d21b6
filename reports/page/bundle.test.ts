import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bundledScripts } from './bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
const kept = join(folder, 'scripts.json');
afterAll(() => rmSync(folder, { recursive: true }));

it('keeps the scripts for the next process, until a source changes or the file is damaged', () => {
  const scripts = bundledScripts(kept);
  const bundle = JSON.parse(readFileSync(kept, 'utf8'));
  const marked = { ...scripts, plain: 'marked' };

  writeFileSync(kept, JSON.stringify({ ...bundle, scripts: marked }));
  expect(bundledScripts(kept).plain).toBe('marked');

  expect(Object.keys(bundle.inputs)).toContain('reports/page/browser/theme.ts');
  bundle.inputs['reports/page/browser/theme.ts'] = 'the hash of what it was before';
  writeFileSync(kept, JSON.stringify({ ...bundle, scripts: marked }));
  expect(bundledScripts(kept)).toEqual(scripts);

  writeFileSync(kept, '{"inputs":');
  expect(bundledScripts(kept)).toEqual(scripts);
});

it('bundles even where nothing can be kept', () => {
  expect(bundledScripts('/dev/null/scripts.json').early).toContain('matchMedia');
});

it('gives pages without charts no chart library', () => {
  const { plain, charted, report } = bundledScripts(kept);
  expect(plain.length).toBeLessThan(10_000);
  expect(charted.length).toBeGreaterThan(100_000);
  expect(report).toContain('Chart.js');
});
