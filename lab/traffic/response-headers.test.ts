import { describe, expect, test } from 'vitest';
import { cacheOutcome, readAccount } from './response-headers.ts';

describe('Cache-Status (RFC 9211)', () => {
  test.each([
    ['LocMem; hit', 'hit'],
    ['LocMem; hit; ttl=30', 'hit'],
    ['LocMem; fwd=miss; detail=cold; stored', 'cold'],
    ['LocMem; fwd=miss; detail=expired; stored', 'expired'],
    ['LocMem; fwd=miss; detail=evicted; stored', 'evicted'],
    ['Redis; fwd=bypass', 'error'],
    ['OtherCache; fwd=uri-miss', 'cold'],
    ['OtherCache; fwd=stale', 'expired'],
    ['"Quoted name"; hit', 'hit'],
    // A list begins at the origin: the last one is the cache that the client met.
    ['Redis; fwd=miss, Memory; hit', 'hit'],
    ['', 'none'],
    ['((broken', 'none'],
    [undefined, 'none'],
  ])('%s → %s', (header, outcome) => {
    expect(cacheOutcome(header)).toBe(outcome);
    expect(cacheOutcome(header)).toBe(outcome);
  });
});

test('reads who answered, and the numbers and times of lookup and store', () => {
  const headers = {
    'x-worker': '3',
    'x-worker-pid': '4711',
    'cache-status': 'LocMem; fwd=miss; stored',
    'x-cache-sequence': '57;stored=60',
    'x-cache-time': '1000.25;stored=1000.5',
  };
  expect(readAccount(headers)).toEqual({
    slot: 3,
    pid: 4711,
    outcome: 'cold',
    sequence: 57,
    storedSequence: 60,
    atSeconds: 1000.25,
    storedAtSeconds: 1000.5,
  });
});

test('a server that says nothing of itself is worker 0', () => {
  expect(readAccount({})).toMatchObject({ slot: 0, pid: 0, outcome: 'none', sequence: 0 });
});
