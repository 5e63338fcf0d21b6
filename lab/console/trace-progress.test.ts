import { stripVTControlCharacters } from 'node:util';
import { expect, test, vi } from 'vitest';
import { collectedOutput } from '../fixtures/lab.ts';
import { progressLine, traceProgress } from './trace-progress.ts';

const BAR = '█'.repeat(6) + '░'.repeat(18);

test.each([
  [{ bytesRead: 25, bytes: 100 }, 10, `${BAR} 25 % · 1,234 requests · 30 s left`],
  [{ bytesRead: 100, bytes: 400 }, 19.9, `${BAR} 25 % · 1,234 requests · 60 s left`],
  [{ bytesRead: 25, bytes: 100 }, 20, `${BAR} 25 % · 1,234 requests · 1 min 0 s left`],
  [{ bytesRead: 25, bytes: 100 }, 30.1, `${BAR} 25 % · 1,234 requests · 1 min 31 s left`],
  [{ bytesRead: 0, bytes: 100 }, 10, `${'░'.repeat(24)} 0 % · 1,234 requests`],
  // A file that grew while it was read.
  [{ bytesRead: 120, bytes: 100 }, 10, `${'█'.repeat(24)} 100 % · 1,234 requests · 0 s left`],
  [{ bytesRead: 3 * 2 ** 20, bytes: null }, 10, '1,234 requests · 3.0 MiB read'],
])('a trace of which %j are read after %d s', (read, seconds, said) => {
  const line = progressLine({ ...read, requests: 1_234 }, seconds);
  expect(stripVTControlCharacters(line).replaceAll('\u00a0', ' ')).toBe(said);
});

test('without a terminal there is a line every ten seconds, however often it is asked for', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { output, stderr } = collectedOutput();
  const progress = traceProgress(output, { quiet: false });
  for (let second = 1; second <= 25; second++) {
    vi.advanceTimersByTime(1_000);
    progress.show({ bytesRead: second, bytes: null, requests: second });
  }
  progress.done();
  vi.useRealTimers();
  expect(stderr()).toBe('10 requests · 0.0 MiB read\n20 requests · 0.0 MiB read\n');
});
