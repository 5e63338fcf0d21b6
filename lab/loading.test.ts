import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

/** What a person waits for before a command does anything: the modules that it loads. */

const ROOT = path.join(import.meta.dirname, '..');

/** Writes on standard error, as its last line, which files were loaded. */
const WATCH = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
process.on('exit', () => process.stderr.write('\\n' + JSON.stringify(loaded)));
`;

/** The files that a command line loads, as paths in the project. */
function loadedBy(...args: string[]): string[] {
  const watch = `data:text/javascript,${encodeURIComponent(WATCH)}`;
  const node = ['--import', watch, path.join(ROOT, 'lab/cli.ts'), ...args];
  const { stderr } = spawnSync(process.execPath, node, { cwd: ROOT, encoding: 'utf8' });
  const root = `${pathToFileURL(ROOT)}/`;
  const urls = JSON.parse(stderr.split('\n').at(-1)!) as string[];
  return urls.filter((url) => url.startsWith(root)).map((url) => url.slice(root.length));
}

const commandsIn = (files: readonly string[]) =>
  files.filter((file) => /^lab\/commands\/(?!context)/.test(file));

test('help loads commander and no command, nor what a command needs', () => {
  const files = loadedBy('--help');
  expect(commandsIn(files)).toEqual([]);
  expect(
    files.filter((file) => !/^(lab|node_modules\/(commander|picocolors))\//.test(file)),
  ).toEqual([]);
  expect(files.length).toBeLessThan(25);
});

test('a command loads no other', () => {
  const files = loadedBy('list');
  expect(commandsIn(files)).toEqual(['lab/commands/list.ts']);
  expect(files).toContain('scenarios/hit-rate/scenario.ts');
  expect(
    files.filter((file) => /^lab\/(simulate|course)\/|typebox|esbuild|autocannon/.test(file)),
  ).toEqual([]);
});

test('of a run, the driver and the report are not loaded before the first workers start', () => {
  const files = loadedBy('--workers', '0');
  expect(files).toContain('lab/run/arm.ts');
  expect(files.filter((file) => /autocannon|undici|typebox|reports\/report\//.test(file))).toEqual(
    [],
  );
});
