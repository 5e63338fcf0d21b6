import { expect, test } from 'vitest';
import { asRead } from '../fixtures/as-read.ts';
import { read } from './trace/fixtures/read.ts';
import type { TraceReaderOptions } from './trace/trace-reader.ts';
import { traceTable, warningsFor } from './trace-report.ts';

/** What is said of a trace besides its figures. */
async function told(lines: readonly string[], options: Partial<TraceReaderOptions> = {}) {
  const { reader } = await read(`${lines.join('\n')}\n`, options, 100_000);
  const trace = {
    name: 'a.log',
    reader,
    fleets: [],
    maxEntries: 300,
    timeoutSeconds: 300,
    sample: 1,
  };
  const plain = (text: string) => text.replaceAll('\u00a0', ' ');
  return {
    warnings: warningsFor(trace).map(({ message, remedy }) => plain(`${message} ${remedy}`)),
    table: asRead(traceTable(trace)).map(plain),
  };
}

const DAY = 86_400;
const rows = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${first + i},k${i % 7}`);

test('a clock that is set back is told, with the line, and how often', async () => {
  const back = ['time,key', ...rows(10_000, 200), ...rows(6_600, 150)];
  expect((await told(back)).warnings).toEqual([
    'From line 301 on the time is 3,500 s earlier, and stays so. It goes on from where it was. Sort the trace by time if it was merged from several logs.',
  ]);
  const twice = await told([...back, ...rows(0, 150)]);
  expect(twice.warnings[0]).toContain('and stays so; 2 such steps in all. It goes on');
});

test('a gap longer than the rest is told: a wrong time at the end or the beginning', async () => {
  const warning = (line: number) =>
    `For 3 days there is no request before line ${line}, longer than all the rest of the trace. If the time of that line or of those before it is wrong, all rates are: leave these lines out.`;
  expect((await told(['time,key', ...rows(0, 50), `${3 * DAY},k`])).warnings).toEqual([
    warning(52),
  ]);
  expect((await told(['time,key', '0,k', ...rows(3 * DAY, 300)])).warnings).toEqual([warning(3)]);
  const evenly = ['time,key', `0,k`, `${2 * DAY},k`, `${4 * DAY},k`];
  expect((await told(evenly)).warnings).toEqual([]);
});

test('what is left out is told by kind, the most frequent five, and stands in the table', async () => {
  const kinds = ['POST 201', 'POST 201', 'GET 404', 'GET 500', 'PUT 204', 'PATCH 200', 'TRACE 405'];
  const lines = ['GET 200', 'GET 200', ...kinds].map((kind) => `/a,${kind.replace(' ', ',')}`);
  const { warnings, table } = await told(['url,method,status', ...lines]);
  expect(warnings[0]).toBe(
    "7 requests left out, because only GET 200, HEAD 200 count: 2 POST 201, 1 GET 404, 1 GET 500, 1 PUT 204, 1 PATCH 200 …. Say with --only what else the cache answers, e.g. --only 'GET 2xx', or --only all.",
  );
  expect(table).toContain('requests left out by --only: POST 201 | 2');
  expect(table).not.toContain('writes | 1');
  const writes = await told(['url,method,status', ...lines], { columns: ['write'] });
  expect(writes.table).toContain('writes | 2');
});

test('the table has what was read, to the last line', async () => {
  const { table } = await told(Array.from({ length: 646_110 }, (_, i) => `k${i % 9}`));
  expect(table).toEqual([
    'trace',
    'The trace',
    'What was read, and what could not be.',
    'what | value',
    'trace | a.log',
    'format | a key per line',
    'lines | 646,110',
    'requests | 646,110',
    'different keys | 9',
    'first key | k0',
    'seconds from first to last | –',
  ]);
});
