import { OUTCOMES, type Outcome } from '../../reports/record/vocabulary.ts';
import type { ClearReply } from '../../server/protocol.ts';

/** What a request asked its worker's cache to do. */
export const OPERATIONS = ['read', 'delete', 'clear', 'other'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The index of a read in the ledger's column of operations. */
export const READ = OPERATIONS.indexOf('read');
const CLEAR = OPERATIONS.indexOf('clear');

/** Whether a row is a client's request; a clear came from the lab, over a control socket. */
export function isRequest(operation: number): boolean {
  return operation !== CLEAR;
}

/** Responses to clients' requests. */
export function requestsIn({ operation, length }: Ledger): number {
  return operation.subarray(0, length).filter(isRequest).length;
}

/** The key of a request that is about no key of the workload. */
export const NO_KEY = 0xffff_ffff;

/** One response that came back. */
export interface LedgerRow {
  /** Place in the order in which the lab sent its requests, from 0. */
  readonly request: number;
  /** Index of the key in the workload, 0 being the most popular; or {@link NO_KEY}. */
  readonly key: number;
  /** HTTP status. */
  readonly status: number;
  /** The worker that answered, 1…N. */
  readonly slot: number;
  /** The worker's process; a restarted worker keeps its slot and gets a new pid. */
  readonly pid: number;
  readonly operation: Operation;
  readonly outcome: Outcome;
  /** The worker's own number of this lookup or removal in the order in which its cache saw them, from 1. */
  readonly sequence: number;
  /** The worker's own number of the store that followed a miss; 0 when nothing was stored. */
  readonly storedSequence: number;
  /** The worker's clock at the lookup or removal, in seconds, as its cache read it. */
  readonly atSeconds: number;
  /** The worker's clock at the store, in seconds; 0 when nothing was stored. */
  readonly storedAtSeconds: number;
  /** From sending to the end of the response, on the lab's clock. */
  readonly latencyMicros: number;
  /** When the response came, on the lab's clock, from the start of the phase. */
  readonly arrivedMillis: number;
}

/** A clear over a control socket: no client asked for it, but the replay has to know where it came. */
export function clearRow(
  cleared: ClearReply,
  when: Pick<LedgerRow, 'request' | 'arrivedMillis'>,
): LedgerRow {
  return {
    ...cleared,
    ...when,
    key: NO_KEY,
    status: 200,
    operation: 'clear',
    outcome: 'none',
    storedSequence: 0,
    storedAtSeconds: 0,
    latencyMicros: 0,
  };
}

const OUTCOME_INDEX = new Map<string, number>(OUTCOMES.map((name, index) => [name, index]));
const OPERATION_INDEX = new Map<string, number>(OPERATIONS.map((name, index) => [name, index]));

const FIRST_CAPACITY = 1024;

/** One row per response, in the order of arrival, kept in typed columns that grow by doubling. */
export class Ledger {
  length = 0;
  request = new Uint32Array(FIRST_CAPACITY);
  key = new Uint32Array(FIRST_CAPACITY);
  status = new Uint16Array(FIRST_CAPACITY);
  slot = new Uint16Array(FIRST_CAPACITY);
  pid = new Uint32Array(FIRST_CAPACITY);
  /** Index into {@link OPERATIONS}. */
  operation = new Uint8Array(FIRST_CAPACITY);
  /** Index into {@link OUTCOMES}. */
  outcome = new Uint8Array(FIRST_CAPACITY);
  sequence = new Uint32Array(FIRST_CAPACITY);
  storedSequence = new Uint32Array(FIRST_CAPACITY);
  atSeconds = new Float64Array(FIRST_CAPACITY);
  storedAtSeconds = new Float64Array(FIRST_CAPACITY);
  latencyMicros = new Float64Array(FIRST_CAPACITY);
  arrivedMillis = new Float64Array(FIRST_CAPACITY);

  append(row: LedgerRow): void {
    if (this.length === this.request.length) this.#grow();
    const i = this.length;
    this.request[i] = row.request;
    this.key[i] = row.key;
    this.status[i] = row.status;
    this.slot[i] = row.slot;
    this.pid[i] = row.pid;
    this.operation[i] = OPERATION_INDEX.get(row.operation)!;
    this.outcome[i] = OUTCOME_INDEX.get(row.outcome)!;
    this.sequence[i] = row.sequence;
    this.storedSequence[i] = row.storedSequence;
    this.atSeconds[i] = row.atSeconds;
    this.storedAtSeconds[i] = row.storedAtSeconds;
    this.latencyMicros[i] = row.latencyMicros;
    this.arrivedMillis[i] = row.arrivedMillis;
    this.length = i + 1;
  }

  /** The row at `index`, for reading one; loops over many read the columns. */
  row(index: number): LedgerRow {
    if (index < 0 || index >= this.length) throw new RangeError(`no row ${index} in the ledger`);
    return {
      request: this.request[index]!,
      key: this.key[index]!,
      status: this.status[index]!,
      slot: this.slot[index]!,
      pid: this.pid[index]!,
      operation: OPERATIONS[this.operation[index]!]!,
      outcome: OUTCOMES[this.outcome[index]!]!,
      sequence: this.sequence[index]!,
      storedSequence: this.storedSequence[index]!,
      atSeconds: this.atSeconds[index]!,
      storedAtSeconds: this.storedAtSeconds[index]!,
      latencyMicros: this.latencyMicros[index]!,
      arrivedMillis: this.arrivedMillis[index]!,
    };
  }

  #grow(): void {
    const columns = Object.entries(this).filter(([, value]) => ArrayBuffer.isView(value));
    for (const [name, column] of columns as [string, Uint8Array | Float64Array][]) {
      const Column = column.constructor as new (length: number) => typeof column;
      const longer = new Column(column.length * 2);
      longer.set(column);
      Object.assign(this, { [name]: longer });
    }
  }
}
