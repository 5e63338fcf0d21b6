import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const PROGRAM = path.join(import.meta.dirname, 'long-run.ts');

it.each([
  ['--operations', '0'],
  ['--operations', 'many'],
  ['--seed', '1.5'],
])('the long comparison with Django refuses %s %s', (flag, value) => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, flag, value], {
    encoding: 'utf8',
  });
  expect(stderr).toContain(`${flag} must be a whole number from`);
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(2);
});
