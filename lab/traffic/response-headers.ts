import { type Item, parseList, Token } from 'structured-headers';
import type { Outcome } from '../../reports/record/vocabulary.ts';
import { HEADERS } from '../../server/protocol.ts';

/** What a response's headers say about who answered and what the cache did; times in seconds. */
export interface Account {
  readonly slot: number;
  readonly pid: number;
  readonly outcome: Outcome;
  readonly sequence: number;
  readonly storedSequence: number;
  readonly atSeconds: number;
  readonly storedAtSeconds: number;
}

/** Reads the headers of any server that sends `X-Worker` and `Cache-Status`; what is not there is 0 or `none`. */
export function readAccount(headers: Readonly<Record<string, string | undefined>>): Account {
  const [sequence, storedSequence] = pair(headers[HEADERS.sequence]);
  const [atSeconds, storedAtSeconds] = pair(headers[HEADERS.time]);
  return {
    slot: Number(headers[HEADERS.slot] ?? 0),
    pid: Number(headers[HEADERS.pid] ?? 0),
    outcome: cacheOutcome(headers[HEADERS.cacheStatus]),
    sequence,
    storedSequence,
    atSeconds,
    storedAtSeconds,
  };
}

/** `57;stored=58` → [57, 58]; `57` → [57, 0]. */
function pair(header: string | undefined): [number, number] {
  if (header === undefined) return [0, 0];
  const split = header.indexOf(';stored=');
  if (split < 0) return [Number(header), 0];
  return [Number(header.slice(0, split)), Number(header.slice(split + 8))];
}

/** A run sees a handful of different headers, thousands of times each. */
const known = new Map<string | undefined, Outcome>([[undefined, 'none']]);
const KNOWN_LIMIT = 1_000;

/** RFC 9211: the last member of the list is the cache nearest to the client. */
export function cacheOutcome(header: string | undefined): Outcome {
  const before = known.get(header);
  if (before !== undefined) return before;
  const outcome = parseOutcome(header ?? '');
  if (known.size < KNOWN_LIMIT) known.set(header, outcome);
  return outcome;
}

function parseOutcome(header: string): Outcome {
  let nearest: Item | undefined;
  try {
    nearest = parseList(header).at(-1) as Item | undefined;
  } catch {
    return 'none';
  }
  if (nearest === undefined) return 'none';
  const parameters = nearest[1];
  if (parameters.get('hit') === true) return 'hit';
  const forwarded = text(parameters.get('fwd'));
  if (forwarded === 'bypass') return 'error';
  if (forwarded === undefined) return 'none';
  const detail = text(parameters.get('detail'));
  if (detail === 'expired' || detail === 'evicted') return detail;
  return forwarded === 'stale' ? 'expired' : 'cold';
}

function text(value: unknown): string | undefined {
  if (value instanceof Token) return value.toString();
  return typeof value === 'string' ? value : undefined;
}
