/** Columns that a batch has where they were asked for and the trace tells them. */
export const EXTRA_COLUMNS = ['client', 'write', 'size'] as const;
export type ExtraColumn = (typeof EXTRA_COLUMNS)[number];

/** Requests in the order of the trace; columns of equal length. */
export interface TraceBatch {
  /** Numbers in the order of appearance. */
  readonly keys: Uint32Array;
  /** From the first request. Never goes back. */
  readonly seconds: Float64Array;
  /** Who asked, numbered in the order of appearance. */
  readonly client?: Uint32Array;
  /** 1 where the request changes what the key stands for (PUT, PATCH, DELETE) and reads nothing. */
  readonly write?: Uint8Array;
  /** Bytes of the response; NaN where the line does not tell. */
  readonly size?: Float64Array;
}

/** What is known of a request besides its key and its time. */
interface Extra {
  readonly client: string;
  readonly write: boolean;
  readonly size: number;
}

/** Gathers requests until they are handed on. */
export class BatchBuilder {
  /** Requests that are gathered. */
  length = 0;
  /** Requests that were handed on. */
  taken = 0;
  readonly #extra: ReadonlySet<ExtraColumn>;
  #keys = new Uint32Array(1024);
  #seconds = new Float64Array(1024);
  #client = new Uint32Array(0);
  #write = new Uint8Array(0);
  #size = new Float64Array(0);
  readonly #clients = new Map<string, number>();

  constructor(extra: ReadonlySet<ExtraColumn>) {
    this.#extra = extra;
    this.#reserve(this.#keys.length);
  }

  add(key: number, seconds: number): void {
    if (this.length === this.#keys.length) this.#reserve(2 * this.length);
    this.#keys[this.length] = key;
    this.#seconds[this.length] = seconds;
    this.length++;
  }

  /** What else is known of the request added last. */
  addExtra({ client, write, size }: Extra): void {
    const last = this.length - 1;
    if (this.#extra.has('client')) this.#client[last] = this.#numberOf(client);
    if (this.#extra.has('write')) this.#write[last] = write ? 1 : 0;
    if (this.#extra.has('size')) this.#size[last] = size;
  }

  /** Sets the time of all requests from this one on, counted from the first of the trace. */
  setSeconds(from: number, seconds: number): void {
    this.#seconds.fill(seconds, from - this.taken, this.length);
  }

  /** The first requests; the others stay. */
  take(requests: number): TraceBatch {
    const take = <Column extends Uint8Array | Uint32Array | Float64Array>(column: Column) => {
      const taken = column.slice(0, requests) as Column;
      column.copyWithin(0, requests, this.length);
      return taken;
    };
    const extra = this.#extra;
    const batch = {
      keys: take(this.#keys),
      seconds: take(this.#seconds),
      ...(extra.has('client') && { client: take(this.#client) }),
      ...(extra.has('write') && { write: take(this.#write) }),
      ...(extra.has('size') && { size: take(this.#size) }),
    };
    this.length -= requests;
    this.taken += requests;
    return batch;
  }

  #numberOf(client: string): number {
    const known = this.#clients.get(client);
    if (known !== undefined) return known;
    this.#clients.set(client, this.#clients.size);
    return this.#clients.size - 1;
  }

  #reserve(requests: number): void {
    this.#keys = longer(this.#keys, new Uint32Array(requests));
    this.#seconds = longer(this.#seconds, new Float64Array(requests));
    if (this.#extra.has('client')) this.#client = longer(this.#client, new Uint32Array(requests));
    if (this.#extra.has('write')) this.#write = longer(this.#write, new Uint8Array(requests));
    if (this.#extra.has('size')) this.#size = longer(this.#size, new Float64Array(requests));
  }
}

function longer<Column extends Uint8Array | Uint32Array | Float64Array>(
  column: Column,
  empty: Column,
): Column {
  empty.set(column);
  return empty;
}
