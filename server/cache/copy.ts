import { isDeepStrictEqual, types } from 'node:util';
import { show } from './options.ts';

/** A value that nobody can change, and that therefore needs no copy. */
type Primitive = string | number | boolean | bigint | null | undefined;

/** Makes a fresh copy of an object that the cache has to itself. */
type Copier = () => unknown;

/** What the cache keeps of a value: the primitive itself, or what copies of the object are made by. */
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
  const taker = new Taker();
  const copier = taker.take(value) as Copier;
  return taker.metAgain ? graph(value) : copier;
}

/** A fresh copy of what is stored, for `get`. */
export function restore(stored: Stored): unknown {
  return typeof stored === 'function' ? stored() : stored;
}

/** A value in which one object stands in several places, as in a cycle: so it does in the copies. */
function graph(value: unknown): Copier {
  const own = structuredClone(value);
  if (isDeepStrictEqual(own, value)) return () => structuredClone(own);
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
  readonly #met = new Set<object>();
  /** Where in the value this is, for messages. */
  readonly #path: string[] = [];

  take(value: unknown): Primitive | Copier {
    if (isPrimitive(value)) return value;
    if (typeof value !== 'object') throw this.#refuse(`a ${typeof value} (${show(value)})`);
    if (this.#path.length > MAX_DEPTH) {
      throw this.#refuse(`nested deeper than ${MAX_DEPTH} levels`);
    }
    if (this.#met.size === this.#met.add(value as object).size) {
      this.metAgain = true;
      return null;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return this.#object(value as object);
    if (prototype === Array.prototype && Array.isArray(value)) return this.#array(value);
    return this.#builtIn(value as object, prototype);
  }

  #object(value: object): Copier {
    // Copied before it is looked at: a getter or a proxy cannot show two faces.
    const flat: Record<string, unknown> = { ...value };
    const nested: string[] = [];
    let count = 0;
    for (const name in flat) {
      count += 1;
      if (isPrimitive(flat[name])) continue;
      flat[name] = this.#takeAt(name, flat[name]);
      nested.push(name);
    }
    // Together three times as fast as Reflect.ownKeys on plain objects.
    const names = Object.getOwnPropertyNames(value);
    const [symbol] = Object.getOwnPropertySymbols(value);
    if (symbol) throw this.#refuse(`an object with the symbol key ${String(symbol)}`);
    if (names.length !== count) {
      const hidden = names.find((name) => !Object.hasOwn(flat, name));
      throw this.#refuse(`an object with the hidden (not enumerable) property ${show(hidden)}`);
    }
    if (nested.length === 0) return () => ({ ...flat });
    return () => {
      const copy = { ...flat };
      // Each is an own property of the copy already; so even `__proto__` is only a name here.
      for (const name of nested) copy[name] = restore(copy[name] as Stored);
      return copy;
    };
  }

  /** A hole has no key and stays a hole. */
  #array(value: unknown[]): Copier {
    const flat = value.slice();
    const nested: number[] = [];
    let count = 0;
    flat.forEach((member, index) => {
      count += 1;
      if (isPrimitive(member)) return;
      flat[index] = this.#takeAt(String(index), member);
      nested.push(index);
    });
    this.#mustBeBare(value, count + 1, 'an array');
    if (nested.length === 0) return () => flat.slice();
    return () => {
      const copy = flat.slice();
      for (const index of nested) copy[index] = restore(copy[index] as Stored);
      return copy;
    };
  }

  #builtIn(value: object, prototype: unknown): Copier {
    const name = className(prototype);
    if (prototype === null) {
      const copier = this.#object(value);
      return () => Object.setPrototypeOf(copier(), null);
    }
    if (prototype === Buffer.prototype && types.isUint8Array(value)) {
      const own = Buffer.from(value);
      return () => Buffer.from(own);
    }
    if (prototype === Date.prototype && types.isDate(value)) {
      this.#mustBeBare(value, 0, name);
      const time = value.getTime();
      return () => new Date(time);
    }
    if (prototype === RegExp.prototype && types.isRegExp(value)) {
      this.#mustBeBare(value, 1, name);
      const { source, flags, lastIndex } = value;
      return () => Object.assign(new RegExp(source, flags), { lastIndex });
    }
    if (prototype === Map.prototype && types.isMap(value)) {
      this.#mustBeBare(value, 0, name);
      const own = Array.from(value, ([key, member]) => [
        this.#takeAt('(map key)', key),
        this.#takeAt(`(map key ${show(key)})`, member),
      ]);
      return () => new Map(own.map((pair) => pair.map((one) => restore(one as Stored)) as never));
    }
    if (prototype === Set.prototype && types.isSet(value)) {
      this.#mustBeBare(value, 0, name);
      const own = Array.from(value, (member) => this.#takeAt('(set member)', member));
      return () => new Set(own.map((one) => restore(one as Stored)));
    }
    if (isBytes(value, prototype)) {
      if (ArrayBuffer.isView(value)) this.take(value.buffer);
      const own = structuredClone(value);
      return () => structuredClone(own);
    }
    throw this.#refuse(`${name} (its class would be lost)`);
  }

  #takeAt(name: string, member: unknown): Primitive | Copier {
    this.#path.push(name);
    const taken = this.take(member);
    this.#path.pop();
    return taken;
  }

  /** Refuses properties beyond those that it has by birth. */
  #mustBeBare(value: object, count: number, name: string): void {
    const names = Reflect.ownKeys(value);
    if (names.length === count) return;
    throw this.#refuse(`${name} with the further property ${String(names.at(-1))}`);
  }

  #refuse(what: string): TypeError {
    const path = this.#path.length > 8 ? ['…', ...this.#path.slice(-8)] : this.#path;
    const place = path.length === 0 ? 'the value' : `value.${path.join('.')}`;
    return new TypeError(
      `A cache keeps copies, and ${place} is ${what}. Store plain data, or text made from it.`,
    );
  }
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
