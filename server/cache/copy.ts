import { cloneGraph } from './copy-graph.ts';

/** A value that nobody can change, and that therefore needs no copy. */
type Primitive = string | number | boolean | bigint | null;

/** What the cache keeps of a value: the primitive itself, or a private copy of the object. */
export type Stored = Primitive | Snapshot;

/** A private copy that fresh copies are made from. */
interface Snapshot {
  copy(): unknown;
}

/** How deep plain data may be nested, so that copying never exhausts the stack. */
export const MAX_DEPTH = 500;

/**
 * Takes a private copy of a value, for `set`. Round-trips plain objects (also without a
 * prototype), arrays, Date, RegExp, Map, Set, Buffer, ArrayBuffer, typed arrays, bigints,
 * `undefined` inside objects, shared references and cycles. A getter becomes the value it gives
 * now; frozen objects come back as ordinary ones. Anything else is a TypeError that names the
 * place: functions, symbols, class instances, errors, promises, properties that a copy would lose.
 */
export function store(value: unknown): Stored {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    case 'object':
      if (value === null) return null;
      return storeTree(value, [], 0) ?? new Graph(cloneGraph(value, MAX_DEPTH));
    case 'undefined':
      throw new TypeError('A cache cannot hold undefined: it means "missing". Store null instead.');
    default:
      return cloneGraph(value, MAX_DEPTH) as never;
  }
}

/** A fresh copy of what is stored, for `get`. */
export function restore(stored: Stored): unknown {
  return typeof stored === 'object' && stored !== null ? stored.copy() : stored;
}

/**
 * Most values are trees of plain objects and arrays. They are kept one level per snapshot, the
 * nested levels beside it, because V8 copies one flat object of a known shape in one go.
 * Returns null for a value that is anything else (a Date inside, a cycle, a function): the
 * general copier then deals with it or explains what is wrong.
 *
 * @param seen the objects met so far; a second meeting makes it a graph
 */
function storeTree(value: object, seen: object[], depth: number): Snapshot | null {
  if (depth > MAX_DEPTH || seen.includes(value)) return null;
  seen.push(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value))
    return prototype === Array.prototype ? storeArray(value, seen, depth) : null;
  return prototype === Object.prototype ? storeObject(value, seen, depth) : null;
}

function storeObject(value: object, seen: object[], depth: number): Snapshot | null {
  // Copied before it is looked at: a getter or a proxy cannot show two faces.
  const flat: Record<string, unknown> = { ...value };
  const keys = Object.keys(flat);
  if (Reflect.ownKeys(value).length !== keys.length) return null;
  let nested: Nested<string> | null = null;
  for (const key of keys) {
    const member = flat[key];
    if (isSimple(member)) continue;
    if (typeof member !== 'object') return null;
    const snapshot = storeTree(member as object, seen, depth + 1);
    if (snapshot === null) return null;
    nested ??= { keys: [], snapshots: [] };
    nested.keys.push(key);
    nested.snapshots.push(snapshot);
    flat[key] = null;
  }
  return nested === null ? new FlatObject(flat) : new ObjectTree(flat, nested);
}

function storeArray(value: unknown[], seen: object[], depth: number): Snapshot | null {
  const flat = value.slice();
  // Every index has a key, and so does `length`: holes and further properties make a difference.
  if (Reflect.ownKeys(value).length !== flat.length + 1) return null;
  let nested: Nested<number> | null = null;
  for (let index = 0; index < flat.length; index += 1) {
    const member = flat[index];
    if (isSimple(member)) continue;
    if (typeof member !== 'object') return null;
    const snapshot = storeTree(member as object, seen, depth + 1);
    if (snapshot === null) return null;
    nested ??= { keys: [], snapshots: [] };
    nested.keys.push(index);
    nested.snapshots.push(snapshot);
    flat[index] = null;
  }
  return nested === null ? new FlatArray(flat) : new ArrayTree(flat, nested);
}

function isSimple(member: unknown): boolean {
  switch (typeof member) {
    case 'object':
      return member === null;
    case 'function':
    case 'symbol':
      return false;
    default:
      return true;
  }
}

/** The places in a level that hold objects, and the snapshots of those. */
interface Nested<Key> {
  readonly keys: Key[];
  readonly snapshots: Snapshot[];
}

class FlatObject implements Snapshot {
  readonly #flat: Record<string, unknown>;

  constructor(flat: Record<string, unknown>) {
    this.#flat = flat;
  }

  copy(): unknown {
    return { ...this.#flat };
  }
}

class ObjectTree implements Snapshot {
  readonly #flat: Record<string, unknown>;
  readonly #nested: Nested<string>;

  constructor(flat: Record<string, unknown>, nested: Nested<string>) {
    this.#flat = flat;
    this.#nested = nested;
  }

  copy(): unknown {
    const copy = { ...this.#flat };
    const { keys, snapshots } = this.#nested;
    // Every key is an own property of the copy already; so `__proto__` is only a name here.
    for (let i = 0; i < keys.length; i += 1) copy[keys[i]!] = snapshots[i]!.copy();
    return copy;
  }
}

class FlatArray implements Snapshot {
  readonly #flat: unknown[];

  constructor(flat: unknown[]) {
    this.#flat = flat;
  }

  copy(): unknown {
    return this.#flat.slice();
  }
}

class ArrayTree implements Snapshot {
  readonly #flat: unknown[];
  readonly #nested: Nested<number>;

  constructor(flat: unknown[], nested: Nested<number>) {
    this.#flat = flat;
    this.#nested = nested;
  }

  copy(): unknown {
    const copy = this.#flat.slice();
    const { keys, snapshots } = this.#nested;
    for (let i = 0; i < keys.length; i += 1) copy[keys[i]!] = snapshots[i]!.copy();
    return copy;
  }
}

class Graph implements Snapshot {
  readonly #root: unknown;

  constructor(root: unknown) {
    this.#root = root;
  }

  copy(): unknown {
    return cloneGraph(this.#root, MAX_DEPTH);
  }
}
