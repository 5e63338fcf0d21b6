import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecord } from '../../reports/record/file.ts';
import type { FleetForecast } from '../../scenarios/theory/fleet-forecast.ts';
import { lab } from '../fixtures/lab.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(path.join(tmpdir(), 'predict-'));
});
afterEach(() => {
  rmSync(out, { recursive: true });
});

const run = (...flags: string[]) => lab(['predict', ...flags, '--out', out]);

describe('lab predict', () => {
  it('prints a row for each number of workers and saves a record that reads back', async () => {
    const { stdout } = await run('--workers', '1,4', '--keys', '2000', '--timeout', '30');
    expect(stdout).toMatch(/^ +1 +\d/m);
    expect(stdout).toMatch(/^ +4 +\d/m);
    expect(stdout).toContain('predict --workers 1,4 --timeout 30 --keys 2000');
    const folder = readdirSync(out).find((name) => name.endsWith('-predict'));
    const record = readRecord(path.join(out, folder!, 'record.json'));
    expect(record.arms).toEqual([]);
    expect(record.verdict!.sentence).toMatch(
      /^4\sworkers with a cache each would settle at a hit rate of 4[0-4]\.\d\s% instead of 4/,
    );
    expect(record.exhibits.map(({ kind }) => kind)).toEqual([
      'lines',
      'bars',
      'bars',
      'bars',
      'table',
    ]);
    const report = readFileSync(path.join(out, folder!, 'report.html'), 'utf8');
    for (const { title } of record.exhibits) expect(report).toContain(title);
    expect(report).toContain('computed, not measured');
    expect(report).not.toContain('How the load was made');
  });

  it('gives the reference figures of timeouts', async () => {
    const { stdout } = await run(
      ...['--workers', '16,1,4,16', '--keys', '2000', '--timeout', '30', '--json'],
      ...['--max-entries', '10000'],
    );
    const { forecasts } = JSON.parse(stdout) as { forecasts: FleetForecast[] };
    expect(forecasts.map(({ workers }) => workers)).toEqual([1, 4, 16]);
    const points = forecasts.map(({ steady }) => 100 * steady.hits);
    [70.2, 48.4, 29.0].forEach((percent, i) => {
      expect(Math.abs(points[i]! - percent)).toBeLessThan(0.1);
    });
    for (const { steady, originQueriesPerSecond } of forecasts) {
      expect(originQueriesPerSecond).toBeCloseTo(100 * (1 - steady.hits), 6);
    }
  });

  it('takes keys, popularity and rate from a trace', async () => {
    // Ten requests a second for 20 keys in turn: each every two seconds.
    const trace = path.join(out, 'trace.csv');
    const rows = Array.from({ length: 2_001 }, (_, i) => `${i / 10},k${i % 20}`);
    writeFileSync(trace, ['time,key', ...rows].join('\n'));
    const flags = ['--trace', trace, '--timeout', '6', '--workers', '1', '--json'];
    const { stdout } = await run(...flags);
    const { forecasts } = JSON.parse(stdout) as { forecasts: FleetForecast[] };
    // λT = 3.
    expect(forecasts[0]!.steady.hits).toBeCloseTo(3 / 4, 3);
    const refused = await run('--trace', trace, '--keys', '5');
    expect([refused.code, refused.stderr]).toEqual([
      ...[2, expect.stringContaining('--keys says what the traffic is, and so does --trace.')],
    ]);
  });

  it('takes a hot set of keys', async () => {
    // Equal keys of two kinds: of 10 hot ones all fit, of 990 others none to speak of.
    const hot = ['--popularity', 'hot-set', '--hot', '0.01', '--hot-share', '0.8'];
    const { stdout } = await run(
      ...[...hot, '--keys', '1000', '--timeout', '1', '--max-entries', '1000'],
      ...['--workers', '1', '--json'],
    );
    const { forecasts } = JSON.parse(stdout) as { forecasts: FleetForecast[] };
    // λT of a hot key is 100 · 0.8 / 10 · 1, of another 100 · 0.2 / 990 · 1.
    const [often, seldom] = [8, 20 / 990];
    const expected = 0.8 * (often / (1 + often)) + 0.2 * (seldom / (1 + seldom));
    expect(forecasts[0]!.steady.hits).toBeCloseTo(expected, 6);
  });

  it.each([
    [['--zipf', '1', '--popularity', 'uniform'], '--zipf is for --popularity zipf'],
    [['--hot', '0.2'], '--hot is for --popularity hot-set, and this is zipf.'],
    [['--hot-share', '0.2'], '--hot-share is for --popularity hot-set, and this is zipf.'],
  ])('refuses a flag that would do nothing: %s', async (flags, said) => {
    const { code, stderr } = await run(...flags);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  it('says that steady traffic without expiry settles at the same hit rate', async () => {
    const { stdout } = await run('--workers', '1,8', '--timeout', 'never');
    expect(stdout).toContain('settle at the same hit rate as 1 worker');
    expect(stdout).toContain('--timeout never');
  });

  it('never divides by nothing: all keys fit and nothing expires', async () => {
    const flags = [
      '--workers',
      '1,2',
      '--keys',
      '10',
      '--timeout',
      'never',
      '--popularity',
      'uniform',
    ];
    const { stdout } = await run(...flags);
    expect(stdout).not.toMatch(/NaN|Infinity/);
    expect(stdout).toContain(
      'settle at the same hit rate as 1 worker, 100.0 % (0 origin queries per second)',
    );
  });

  it('warns where caches are too small for the formulas', async () => {
    expect((await run('--max-entries', '4')).stdout).toContain('Warning');
  });

  it.each([
    ['--workers', '0'],
    ['--workers', '10001'],
    ['--workers', '1,,4'],
    ['--workers', ''],
    ['--keys', '0'],
    ['--rate', '0'],
    ['--rate', 'fast'],
    ['--timeout', '-1'],
    ['--zipf', 'x'],
    ['--popularity', 'cyclic'],
    ['--duration', '0'],
    ['--policy', 'fifo'],
  ])('refuses %s %s', async (flag, value) => {
    const { code, stderr } = await run(flag, value);
    expect(code).toBe(2);
    expect(stderr).toContain(`${flag} ${value || '""'}: it needs`);
    expect(readdirSync(out)).toEqual([]);
  });
});
