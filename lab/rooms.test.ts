import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/** Imports point one way: what ARCHITECTURE.md says about the rooms, held against the code. */

const root = path.join(import.meta.dirname, '..');

/** Every source file with what it imports: paths from the root, or names of packages. */
const sources = globSync('{lab,server,scenarios,reports}/**/*.ts', { cwd: root })
  .filter((file) => !/\.(test|bench)\.ts$|fixtures|reports\/out/.test(file))
  .map((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const imports = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, name]) =>
      name!.startsWith('.') ? path.join(path.dirname(file), name!) : name!,
    );
    return { file, text, imports };
  });

/** The imports of the files in `room` that `allowed` does not match. */
function strays(room: RegExp, allowed: RegExp): string[] {
  const inRoom = sources.filter(({ file }) => room.test(file));
  expect(inRoom.length).toBeGreaterThan(0);
  return inRoom.flatMap(({ file, imports }) =>
    imports
      .filter((name) => /^(lab|server|scenarios|reports)\//.test(name) && !allowed.test(name))
      .map((name) => `${file} imports ${name}`),
  );
}

describe('imports point one way', () => {
  test.each([
    ['server', /^server\//, /^server\//],
    ['server/cache', /^server\/cache\//, /^server\/cache\//],
    ['reports', /^reports\//, /^reports\//],
    ['scenarios', /^scenarios\//, /^(scenarios|server)\/|^reports\/record\/|^lab\/traffic\//],
  ])('%s', (_name, room, allowed) => {
    expect(strays(room, allowed)).toEqual([]);
  });

  test('the cache knows neither Fastify nor processes', () => {
    const wrong = sources
      // Tests and benchmarks start the real Django to compare with; they are no part of the cache.
      .filter(({ file }) => /^server\/cache\/(?!django\/|bench\/)/.test(file))
      .flatMap(({ file, imports }) => imports.map((name) => `${file} imports ${name}`))
      .filter((line) => /imports (fastify|@fastify|node:cluster|node:child_process)/.test(line));
    expect(wrong).toEqual([]);
  });
});

test('autocannon is imported in one place', () => {
  const places = sources.filter(({ imports }) => imports.includes('autocannon'));
  expect(places.map(({ file }) => file)).toEqual(['lab/traffic/drive.ts']);
});

test('of the lab, only programs exit: the command line, and the processes it starts', () => {
  const places = sources.filter(
    ({ file, text }) => /^lab/.test(file) && /process\.exit\(/.test(text),
  );
  expect(places.map(({ file }) => file).sort()).toEqual(['lab/cli.ts', 'lab/fleet/balancer.ts']);
});
