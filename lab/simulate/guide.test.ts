import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { lab } from '../fixtures/lab.ts';
import { GUIDE_COMMANDS, GUIDE_SAMPLES, GUIDE_TEXT } from './fixtures/guide.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'guide-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const [name, text] of GUIDE_SAMPLES) writeFileSync(path.join(folder, name), text);

const LAB = 'npm run lab -- ';
const piped = GUIDE_COMMANDS.filter((command) => !command.startsWith(LAB));
const ofFiles = GUIDE_COMMANDS.filter(
  (command) => command.includes('--trace ') && command.startsWith(LAB),
);

/** As a shell cuts them, where nothing but single quotes is used. */
function wordsOf(command: string): string[] {
  const words = command.match(/'[^']*'|\S+/g)!;
  return words.map((word) => word.replace(/^'(.*)'$/, '$1'));
}

/** The command with its trace in the folder and its results there too. */
function here(command: string): string[] {
  const words = wordsOf(command.slice(LAB.length));
  const place = words.indexOf('--trace') + 1;
  words[place] = path.join(folder, words[place]!);
  return [...words, '--out', path.join(folder, 'out')];
}

test.each(ofFiles)('%s', async (command) => {
  const { code, stdout } = await lab([...here(command), '--workers', '1', '--json']);
  expect(code).toBe(0);
  // Each sample has two requests for one key. Of the two at CloudFront one is a miss.
  const requests = command.includes('Miss') ? 1 : 2;
  expect(JSON.parse(stdout)).toMatchObject({ requests, keys: 1 });
});

test('every sample is read by a command', () => {
  const read = ofFiles.map((command) => /--trace (\S+)/.exec(command)![1]);
  expect(new Set(read)).toEqual(new Set(GUIDE_SAMPLES.keys()));
});

test('the example, and what the guide says comes out', async () => {
  expect(GUIDE_COMMANDS).toContain(`${LAB}simulate --example`);
  const { code, stdout } = await lab(['simulate', '--example', '--out', path.join(folder, 'out')]);
  expect(code).toBe(0);
  const [shown] = /^ {2}workers {2}cache.*?(?=```)/ms.exec(GUIDE_TEXT)!;
  expect(stdout.replace(/ +$/gm, '')).toContain(shown);
  expect(stdout).toContain(
    'Warning: 1,762 requests left out, because only GET 200, HEAD 200 count:',
  );
});

test('what is piped into it', { tags: 'slow' }, () => {
  expect(piped).toEqual([expect.stringMatching(/^cat access.log.1 access.log \| npm run lab -- /)]);
  copyFileSync(path.join(folder, 'access.log'), path.join(folder, 'access.log.1'));
  const [command] = piped;
  const inRoot = command!.replace('npm run lab --', `npm run -s --prefix ${ROOT} lab --`);
  const args = ['-c', `${inRoot} --json --out ${path.join(folder, 'out')}`];
  const { status, stdout } = spawnSync('sh', args, { cwd: folder, encoding: 'utf8' });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ format: 'log', requests: 4, keys: 1 });
});

test('the guide stands in the README and in the help', async () => {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  expect(readme).toContain('(lab/simulate/README.md)');
  expect((await lab(['simulate', '--help'])).stdout).toContain('lab/simulate/README.md');
});
