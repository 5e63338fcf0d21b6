import { expect, test } from 'vitest';
import { sampleRecord, troubledRecord } from '../../reports/fixtures/sample-record.ts';
import { summarize } from './summary-json.ts';

const files = { recordFile: '/out/record.json', report: '/out/report.html' };

test('a script gets what was found, the figures of each phase, and where the rest is', () => {
  const record = troubledRecord({ status: 'failed', failure: 'Worker 2 died.' });
  const { arms, ...about } = summarize({ record, ...files });
  expect(about).toEqual({
    ...{ id: record.id, scenario: 'hit-rate', status: 'failed', failure: 'Worker 2 died.' },
    ...{ verdict: record.verdict, auditClean: true, warnings: record.warnings },
    ...{ record: '/out/record.json', report: '/out/report.html', command: record.command },
  });
  expect(arms.map(({ phases, ...arm }) => [arm, phases.map(({ name }) => name)])).toEqual(
    [1, 4].map((workers) => [
      {
        ...{ name: `${workers} worker${workers === 1 ? '' : 's'}`, workers, launcher: 'cluster' },
        ...{ backend: 'locmem', startMillis: 512 },
      },
      ['cold start', 'restart'],
    ]),
  );
  const [cold, restart] = arms[1]!.phases;
  expect(cold).toMatchObject({
    ...{ connections: 10, requests: 500, hits: 285, misses: 215, hitRate: 0.57 },
    expectedMisses: { value: expect.closeTo(216, 0), low: 193, high: 239 },
  });
  expect(restart).toMatchObject({ requests: 300, hits: 159, misses: 141, expectedMisses: null });
  expect(restart).not.toHaveProperty('expectedRequests');
});

test('one phase whose audit failed is enough for the run', () => {
  const record = sampleRecord();
  record.arms[1]!.phases[0]!.audit.clean = false;
  expect(summarize({ record, ...files }).auditClean).toBe(false);
});
