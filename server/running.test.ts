import { afterEach, expect, test, vi } from 'vitest';
import { isRunning, signalTo } from './running.ts';

afterEach(() => vi.restoreAllMocks());

/** What the system answers to a signal; to the superuser, who may run these tests, it never says EPERM. */
const answer = (code: string) =>
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error(code), { code });
  });

test('a process that belongs to somebody else is running, one that is not there is not', () => {
  expect(isRunning(process.pid)).toBe(true);
  answer('EPERM');
  expect(isRunning(process.pid)).toBe(true);
  answer('ESRCH');
  expect(isRunning(process.pid)).toBe(false);
});

test('a process that has ended meanwhile needs no signal; one that may not be sent is told', () => {
  answer('ESRCH');
  expect(() => signalTo(process.pid, 'SIGTERM')).not.toThrow();
  answer('EPERM');
  expect(() => signalTo(process.pid, 'SIGTERM')).toThrow('EPERM');
});
