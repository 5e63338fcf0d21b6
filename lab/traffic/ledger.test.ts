import { expect, test } from 'vitest';
import { ledgerOf } from '../evidence/fixtures/rows.ts';
import { Ledger, type LedgerRow, NO_KEY, requestsIn } from './ledger.ts';

test('requests are what clients sent; the lab’s own clears are none', () => {
  const ledger = ledgerOf({ operation: 'read' }, { operation: 'clear' }, { operation: 'other' });
  expect(requestsIn(ledger)).toBe(2);
  expect(requestsIn(new Ledger())).toBe(0);
});

test('a row is given back as it was written, also after the columns have grown', () => {
  const last: LedgerRow = {
    ...{ request: 4_000_000_000, key: NO_KEY, status: 503, slot: 300, pid: 4_194_304 },
    ...({ operation: 'delete', outcome: 'evicted' } as const),
    ...{ sequence: 70_000, storedSequence: 70_001 },
    ...{ atSeconds: 1.7e9 + 0.25, storedAtSeconds: 1.7e9 + 0.5 },
    ...{ latencyMicros: 1_234.5, arrivedMillis: 0.125 },
  };
  const ledger = ledgerOf(...Array.from({ length: 3_000 }, (_, key) => ({ key })), last);
  expect(ledger.row(3_000)).toEqual(last);
  expect([0, 1_023, 1_024, 2_999].map((index) => ledger.row(index).key)).toEqual([
    0, 1_023, 1_024, 2_999,
  ]);
  for (const index of [-1, 3_001]) expect(() => ledger.row(index)).toThrow(`no row ${index}`);
});
