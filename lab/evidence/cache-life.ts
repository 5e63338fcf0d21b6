import type { Ledger, Operation } from '../traffic/ledger.ts';

/** What a cache did to one key at one moment. */
export interface CacheStep {
  /** What it was asked to do, or the store after a miss. */
  readonly act: Operation | 'store';
  /** Where the response is that tells of it: the place of its ledger, and the row in there. */
  readonly phase: number;
  readonly row: number;
  /** The cache's own number of it, from 1. */
  readonly sequence: number;
  /** The worker's clock as its cache read it; where a clock was set back, the latest reading so far. */
  seconds: number;
}

/**
 * One cache from the start of its process to the end: everything the ledgers tell of it, in the
 * order in which the cache itself did it, which is that of its own sequence numbers.
 */
export interface CacheLife {
  readonly slot: number;
  readonly pid: number;
  readonly steps: CacheStep[];
}

/** The lives that an arm's phases tell of, by slot and, in one slot, in the order they began. */
export function cacheLives(ledgers: readonly Ledger[]): CacheLife[] {
  const found = new Map<string, CacheLife>();
  ledgers.forEach((ledger, phase) => {
    for (let row = 0; row < ledger.length; row++) {
      const seen = ledger.row(row);
      const { slot, pid, operation, sequence, storedSequence } = seen;
      if (sequence === 0) continue;
      const id = `${slot} ${pid}`;
      let life = found.get(id);
      if (!life) {
        life = { slot, pid, steps: [] };
        found.set(id, life);
      }
      life.steps.push({ act: operation, phase, row, sequence, seconds: seen.atSeconds });
      if (storedSequence === 0) continue;
      const seconds = seen.storedAtSeconds;
      life.steps.push({ act: 'store', phase, row, sequence: storedSequence, seconds });
    }
  });
  const lives = [...found.values()];
  for (const { steps } of lives) putInOrder(steps);
  return lives.sort((a, b) => a.slot - b.slot || a.steps[0]!.seconds - b.steps[0]!.seconds);
}

function putInOrder(steps: CacheStep[]): void {
  steps.sort((a, b) => a.sequence - b.sequence);
  let latest = 0;
  for (const step of steps) {
    latest = Math.max(latest, step.seconds);
    step.seconds = latest;
  }
}

/**
 * Numbers of a life that no response brought, or that two did: 1, 2, 3, … is what there should be.
 *
 * @param last the number that was the last before these steps
 */
export function sequenceFaults({ slot, pid, steps }: CacheLife, last = 0) {
  /** A fault for a person, and the phase in which it shows. */
  const faults: { phase: number; message: string }[] = [];
  const who = `worker ${slot} (pid ${pid})`;
  let previous = last;
  for (const { sequence, phase } of steps) {
    if (sequence === previous) {
      faults.push({ phase, message: `${who}: two responses claim its operation ${sequence}` });
    } else if (sequence > previous + 1) {
      const from = previous + 1;
      const which =
        from === sequence - 1
          ? `operation ${from} is`
          : `operations ${from} to ${sequence - 1} are`;
      faults.push({ phase, message: `${who}: its ${which} in no response (one was lost)` });
    }
    previous = sequence;
  }
  return faults;
}
