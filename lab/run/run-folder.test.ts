import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { controlSocketPath } from '../../server/protocol.ts';
import { serverFolder } from '../fleet/balanced.ts';
import { createRunFolder } from './run-folder.ts';

const short = mkdtempSync(path.join(tmpdir(), 'f-'));
afterEach(() => rmSync(short, { recursive: true, force: true }));

/** A folder whose path has so many characters. */
function folderOf(length: number): string {
  const folder = path.join(short, 'x'.repeat(length - short.length - 1));
  mkdirSync(folder, { recursive: true });
  return folder;
}

test('the temporary folder of macOS is short enough, for the longest socket of all', async () => {
  // /var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T
  const run = createRunFolder(folderOf(48));
  const socket = controlSocketPath(serverFolder(run.path, 64), 64, 4_194_304);
  expect(socket.length).toBeLessThanOrEqual(103);
  mkdirSync(path.dirname(socket));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  server.close();
  run.remove();
});

test('what labs left that were killed is swept by the next; what is in use or of others is not', () => {
  const parent = folderOf(30);
  const used = createRunFolder(parent);
  const leave = (name: string, owner?: string) => {
    mkdirSync(path.join(parent, name));
    if (owner !== undefined) writeFileSync(path.join(parent, name, 'owner'), owner);
  };
  // No process can have so high a number.
  leave('cache-lab-killed', `${hostname()} 4194305`);
  leave('cache-lab-elsewhere', 'another-machine 4194305');
  leave('cache-lab-new');
  leave('other', `${hostname()} 4194305`);
  const next = createRunFolder(parent);
  expect(readdirSync(parent).sort()).toEqual(
    [used.path, next.path]
      .map((folder) => path.basename(folder))
      .concat('cache-lab-elsewhere', 'cache-lab-new', 'other')
      .sort(),
  );
});

test('one that is too long is refused with the remedy, and nothing is left in it', () => {
  const folder = folderOf(70);
  expect(() => createRunFolder(folder)).toThrow('too long for Unix sockets');
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['none', 'file'])('a temporary folder that is no folder is told: %s', (name) => {
  const parent = path.join(folderOf(48), name);
  if (name === 'file') writeFileSync(parent, '');
  expect(() => createRunFolder(parent)).toThrow(
    /^There is no place for a run's temporary files\. The system refused .*: .*\.$/,
  );
});
