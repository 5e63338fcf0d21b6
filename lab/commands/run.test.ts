import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRecord } from '../../reports/record/file.ts';
import { LabError } from '../console/errors.ts';
import { inThisProcess, lab } from '../fixtures/lab.ts';
import { inProcess } from '../fleet/fixtures/in-process.ts';
import type { Launcher } from '../fleet/fleet.ts';

/** What becomes of the flags of a run; workers live in this process. */

const out = mkdtempSync(path.join(tmpdir(), 'lab-run-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const SMALL = ['--workers', '3', '--requests', '300', '--keys', '30', '-q', '--out', out];

/** Runs the lab with fleets that are started so, and reads the record it leaves. */
async function run(args: readonly string[], start: Launcher['start'] = inProcess.start) {
  const launcherOf = async () => ({ ...inProcess, start });
  const { code, stdout, stderr } = await lab([...SMALL, ...args, '--json'], {
    ...inThisProcess,
    launcherOf,
  });
  expect(code, stderr).toBe(0);
  return readRecord((JSON.parse(stdout) as { record: string }).record);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('by key, each page is kept by one worker alone', async () => {
  const { arms } = await run(['--routing', 'by-key']);
  const { misses, duplicationFactor } = arms[1]!.phases[0]!.totals;
  expect([misses.cold, duplicationFactor]).toEqual([30, 1]);
});

test('the server is at the port that was chosen, and the command to repeat it names that', async () => {
  const port = await freePort();
  const ports: number[] = [];
  const { command } = await run(['--port', String(port)], async (...given) => {
    const fleet = await inProcess.start(...given);
    ports.push(fleet.port);
    return fleet;
  });
  expect(ports).toEqual([port, port]);
  expect(command).toMatch(new RegExp(` --port ${port}$`));
});

test('one of several scenarios that fails makes the whole no success, and the others run', async () => {
  let starts = 0;
  const launcherOf = async () => {
    starts += 1;
    if (starts > 1) return inProcess;
    throw new LabError('The workers could not start.', { remedy: 'Try again.' });
  };
  const { code, stdout, stderr } = await lab(
    ['--scenario', 'user-123,locations', ...['-w', '2', '-q', '--out', out]],
    { ...inThisProcess, launcherOf },
  );
  expect(stderr).toBe('error: The workers could not start.\nTry again.\n');
  expect(stdout).toContain('1 of 2 scenarios failed or disagree');
  expect(code).toBe(1);
});
