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
      return storeTree(value, new Seen(), 0) ?? new Graph(cloneGraph(value, MAX_DEPTH));
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
 * Most values are trees of plain objects and arrays. Each level is kept as one flat object or
 * array, with the snapshots of what is nested in place of it, because V8 copies a flat object of a
 * known shape in one go. Returns null for a value that is anything else (a Date inside, a cycle, a
 * function): the general copier then deals with it, or explains what is wrong.
 */
function storeTree(value: object, seen: Seen, depth: number): Snapshot | null {
  if (depth > MAX_DEPTH || !seen.add(value)) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) {
    return prototype === Array.prototype ? storeArray(value, seen, depth) : null;
  }
  return prototype === Object.prototype ? storeObject(value, seen, depth) : null;
}

function storeObject(value: object, seen: Seen, depth: number): Snapshot | null {
  // Copied before it is looked at: a getter or a proxy cannot show two faces.
  const flat: Record<string, unknown> = { ...value };
  let nestedKeys: string[] | null = null;
  let count = 0;
  for (const key in flat) {
    count += 1;
    const member = flat[key];
    if (isPrimitive(member)) continue;
    const snapshot = typeof member === 'object' ? storeTree(member, seen, depth + 1) : null;
    if (snapshot === null) return null;
    flat[key] = snapshot;
    nestedKeys ??= [];
    nestedKeys.push(key);
  }
  if (ownNames(value).length !== count || ownSymbols(value).length > 0) return null;
  return nestedKeys === null ? new FlatObject(flat) : new ObjectTree(flat, nestedKeys);
}

function storeArray(value: unknown[], seen: Seen, depth: number): Snapshot | null {
  // One key for every index and one for `length`: holes and further properties make a difference.
  if (Reflect.ownKeys(value).length !== value.length + 1) return null;
  const flat = value.slice();
  let hasNested = false;
  for (let index = 0; index < flat.length; index += 1) {
    const member = flat[index];
    if (isPrimitive(member)) continue;
    const snapshot = typeof member === 'object' ? storeTree(member, seen, depth + 1) : null;
    if (snapshot === null) return null;
    flat[index] = snapshot;
    hasNested = true;
  }
  return hasNested ? new ArrayTree(flat) : new FlatArray(flat);
}

/** Does it need no copy? Symbols are refused, so they count as something to look at. */
function isPrimitive(member: unknown): member is Primitive | undefined {
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

// Together three times as fast as Reflect.ownKeys on plain objects.
const ownNames = Object.getOwnPropertyNames;
const ownSymbols = Object.getOwnPropertySymbols;

/** The objects met so far; a second meeting makes the value a graph. */
class Seen {
  readonly #few: object[] = [];
  #many: Set<object> | null = null;

  /** False if it was there already. */
  add(value: object): boolean {
    if (this.#many !== null) return this.#many.size !== this.#many.add(value).size;
    if (this.#few.includes(value)) return false;
    // A list is faster as long as it is short.
    if (this.#few.push(value) === 16) this.#many = new Set(this.#few);
    return true;
  }
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
  /** Where `flat` holds snapshots. */
  readonly #nestedKeys: readonly string[];

  constructor(flat: Record<string, unknown>, nestedKeys: readonly string[]) {
    this.#flat = flat;
    this.#nestedKeys = nestedKeys;
  }

  copy(): unknown {
    const copy = { ...this.#flat };
    // Each key is an own property of the copy already; so even `__proto__` is only a name here.
    for (const key of this.#nestedKeys) copy[key] = (copy[key] as Snapshot).copy();
    return copy;
  }
}

class FlatArray implements Snapshot {
  readonly #flat: readonly unknown[];

  constructor(flat: readonly unknown[]) {
    this.#flat = flat;
  }

  copy(): unknown {
    return this.#flat.slice();
  }
}

class ArrayTree implements Snapshot {
  /** Every object in it is a snapshot. */
  readonly #flat: readonly unknown[];

  constructor(flat: readonly unknown[]) {
    this.#flat = flat;
  }

  copy(): unknown {
    const copy = this.#flat.slice();
    for (let index = 0; index < copy.length; index += 1) {
      const member = copy[index];
      if (typeof member === 'object' && member !== null) copy[index] = (member as Snapshot).copy();
    }
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
