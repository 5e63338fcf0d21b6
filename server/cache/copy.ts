import { isDeepStrictEqual, types } from 'node:util';
import { show } from './options.ts';

/** A value that nobody can change, and that therefore needs no copy. */
type Primitive = string | number | boolean | bigint | null | undefined;

/** Keeps an object that the cache has to itself, and makes fresh copies of it. */
interface Copier {
  copy(): unknown;
}

/** What the cache keeps of a value: the primitive itself, or what makes copies of the object. */
export type Stored = Exclude<Primitive, undefined> | Copier;

/** How deep a value may be nested, so that copying never exhausts the stack. */
export const MAX_DEPTH = 500;

/**
 * Takes a private copy of a value, for `set`. Round-trips plain objects (also without a
 * prototype), arrays, Date, RegExp, Map, Set, Buffer, ArrayBuffer, typed arrays, bigints,
 * `undefined` inside objects, shared references and cycles. A getter becomes the value it gives
 * now; frozen objects come back as ordinary ones.
 *
 * @throws TypeError for what would lose its class or a part in a copy, with its place: functions,
 * symbols, instances of classes, errors, promises, properties that are hidden or do not belong
 */
export function store(value: unknown): Stored {
  if (value === undefined) {
    throw new TypeError('A cache cannot hold undefined: it means "missing". Store null instead.');
  }
  if (isPrimitive(value)) return value as Stored;
  try {
    const taker = new Taker();
    const copier = taker.take(value, 0) as Copier;
    return taker.metAgain ? graph(value) : copier;
  } catch (error) {
    throw error instanceof Refusal ? error.explained() : error;
  }
}

/** A fresh copy of what is stored, for `get`. */
export function restore(stored: Stored): unknown {
  return typeof stored === 'object' && stored !== null ? stored.copy() : stored;
}

/** A value in which one object stands in several places, as in a cycle: so it does in the copies. */
function graph(value: unknown): Copier {
  const own = structuredClone(value);
  if (isDeepStrictEqual(own, value)) return { copy: () => structuredClone(own) };
  throw new TypeError(
    'A cache keeps copies, and the value holds one object in several places, and beside it a Buffer, a used RegExp or an object without a prototype, which would become something else. Store them apart.',
  );
}

/**
 * Takes a tree of objects apart. Each level is kept as one flat object or array, with copiers in
 * place of what is nested in it, because V8 copies a flat object of a known shape in one go.
 */
class Taker {
  /** Whether an object was met again: then the value is no tree, and the copiers are of no use. */
  metAgain = false;
  readonly #met: object[] = [];
  #manyMet: Set<object> | null = null;

  take(value: unknown, depth: number): Primitive | Copier {
    if (isPrimitive(value)) return value;
    if (typeof value !== 'object') throw new Refusal(`a ${typeof value} (${show(value)})`);
    if (depth > MAX_DEPTH) throw new Refusal(`nested deeper than ${MAX_DEPTH} levels`);
    if (this.#isMetAgain(value as object)) {
      this.metAgain = true;
      return null;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return this.#object(value as object, depth);
    if (prototype === Array.prototype && Array.isArray(value)) return this.#array(value, depth);
    return this.#builtIn(value as object, prototype, depth);
  }

  #object(value: object, depth: number): Copier {
    // Copied before it is looked at: a getter or a proxy cannot show two faces.
    const flat: Record<string, unknown> = { ...value };
    let nested: string[] | null = null;
    let count = 0;
    for (const name in flat) {
      count += 1;
      if (isPrimitive(flat[name])) continue;
      flat[name] = this.#takeAt(name, flat[name], depth);
      nested ??= [];
      nested.push(name);
    }
    // Together three times as fast as Reflect.ownKeys on plain objects.
    const names = Object.getOwnPropertyNames(value);
    const symbols = Object.getOwnPropertySymbols(value);
    if (names.length === count && symbols.length === 0) return new ObjectCopier(flat, nested);
    if (symbols.length > 0)
      throw new Refusal(`an object with the symbol key ${String(symbols[0])}`);
    const hidden = names.find((name) => !Object.hasOwn(flat, name));
    throw new Refusal(`an object with the hidden (not enumerable) property ${show(hidden)}`);
  }

  /** A hole has no key and stays a hole. */
  #array(value: unknown[], depth: number): Copier {
    const flat = value.slice();
    let nested: number[] | null = null;
    let count = 0;
    for (let index = 0; index < flat.length; index += 1) {
      const member = flat[index];
      if (member === undefined && !(index in flat)) continue;
      count += 1;
      if (isPrimitive(member)) continue;
      flat[index] = this.#takeAt(index, member, depth);
      nested ??= [];
      nested.push(index);
    }
    mustBeBare(value, count + 1, 'an array');
    return new ArrayCopier(flat, nested);
  }

  #builtIn(value: object, prototype: unknown, depth: number): Copier {
    const name = className(prototype);
    if (prototype === null) {
      const plain = this.#object(value, depth);
      return { copy: () => Object.setPrototypeOf(plain.copy(), null) };
    }
    if (prototype === Buffer.prototype && types.isUint8Array(value)) {
      const own = Buffer.from(value);
      return { copy: () => Buffer.from(own) };
    }
    if (prototype === Date.prototype && types.isDate(value)) {
      mustBeBare(value, 0, name);
      const time = value.getTime();
      return { copy: () => new Date(time) };
    }
    if (prototype === RegExp.prototype && types.isRegExp(value)) {
      mustBeBare(value, 1, name);
      const { source, flags, lastIndex } = value;
      return { copy: () => Object.assign(new RegExp(source, flags), { lastIndex }) };
    }
    if (prototype === Map.prototype && types.isMap(value)) {
      mustBeBare(value, 0, name);
      const own = Array.from(value, ([key, member]) => [
        this.#takeAt('(map key)', key, depth) as Stored,
        this.#takeAt(`(map key ${show(key)})`, member, depth) as Stored,
      ]);
      return { copy: () => new Map(own.map((pair) => pair.map(restore) as [unknown, unknown])) };
    }
    if (prototype === Set.prototype && types.isSet(value)) {
      mustBeBare(value, 0, name);
      const own = Array.from(value, (one) => this.#takeAt('(set member)', one, depth) as Stored);
      return { copy: () => new Set(own.map(restore)) };
    }
    if (isBytes(value, prototype)) {
      if (ArrayBuffer.isView(value)) this.take(value.buffer, depth);
      const own = structuredClone(value);
      return { copy: () => structuredClone(own) };
    }
    throw new Refusal(`${name} (its class would be lost)`);
  }

  #takeAt(name: string | number, member: unknown, depth: number): Primitive | Copier {
    try {
      return this.take(member, depth + 1);
    } catch (error) {
      if (error instanceof Refusal) error.path.unshift(name);
      throw error;
    }
  }

  #isMetAgain(value: object): boolean {
    if (this.#manyMet) return this.#manyMet.size === this.#manyMet.add(value).size;
    if (this.#met.includes(value)) return true;
    // A list is faster as long as it is short.
    if (this.#met.push(value) === 16) this.#manyMet = new Set(this.#met);
    return false;
  }
}

class ObjectCopier implements Copier {
  readonly #flat: Record<string, unknown>;
  readonly #nested: readonly string[] | null;

  constructor(flat: Record<string, unknown>, nested: readonly string[] | null) {
    this.#flat = flat;
    this.#nested = nested;
  }

  copy(): unknown {
    const copy = { ...this.#flat };
    if (this.#nested === null) return copy;
    // Each is an own property of the copy already; so even `__proto__` is only a name here.
    for (const name of this.#nested) copy[name] = (copy[name] as Copier).copy();
    return copy;
  }
}

class ArrayCopier implements Copier {
  readonly #flat: readonly unknown[];
  readonly #nested: readonly number[] | null;

  constructor(flat: readonly unknown[], nested: readonly number[] | null) {
    this.#flat = flat;
    this.#nested = nested;
  }

  copy(): unknown {
    const copy = this.#flat.slice();
    if (this.#nested === null) return copy;
    for (const index of this.#nested) copy[index] = (copy[index] as Copier).copy();
    return copy;
  }
}

/** What cannot be copied, and where it is: the place is put together on the way out. */
class Refusal extends Error {
  readonly path: (string | number)[] = [];

  explained(): TypeError {
    const path = this.path.length > 8 ? ['…', ...this.path.slice(-8)] : this.path;
    const place = path.length === 0 ? 'the value' : `value.${path.join('.')}`;
    return new TypeError(
      `A cache keeps copies, and ${place} is ${this.message}. Store plain data, or text made from it.`,
    );
  }
}

/** Refuses properties beyond those that it has by birth. */
function mustBeBare(value: object, count: number, name: string): void {
  const names = Reflect.ownKeys(value);
  if (names.length === count) return;
  throw new Refusal(`${name} with the further property ${String(names.at(-1))}`);
}

/** Does it need no copy? Symbols are refused, so they count as something to look at. */
function isPrimitive(value: unknown): value is Primitive {
  switch (typeof value) {
    case 'object':
      return value === null;
    case 'function':
    case 'symbol':
      return false;
    default:
      return true;
  }
}

/** An ArrayBuffer, typed array or DataView, and not an instance of a class made from one. */
function isBytes(value: object, prototype: unknown): value is ArrayBuffer | ArrayBufferView {
  if (!types.isArrayBuffer(value) && !ArrayBuffer.isView(value)) return false;
  const { name } = (prototype as { constructor: { name: string } }).constructor;
  const builtIn = (globalThis as Record<string, unknown>)[name] as { prototype?: unknown };
  return builtIn?.prototype === prototype;
}

function className(prototype: unknown): string {
  const name = (prototype as { constructor?: { name?: unknown } } | null)?.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'a class instance';
}
