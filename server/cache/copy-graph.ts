import { types } from 'node:util';
import { show } from './options.ts';

type TypedArray = InstanceType<typeof Uint8Array> & { readonly length: number };

/**
 * Copies any value that a cache can hold, keeping shared references and cycles. A TypeError names
 * the place of whatever cannot be copied without becoming something else.
 *
 * @param maxDepth levels of nesting that are accepted
 */
export function cloneGraph(value: unknown, maxDepth: number): unknown {
  return new Cloner(maxDepth).clone(value);
}

class Cloner {
  readonly #copies = new Map<object, unknown>();
  /** Where in the value the cloner is, for error messages. */
  readonly #path: string[] = [];
  readonly #maxDepth: number;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  clone(value: unknown): unknown {
    if (typeof value === 'function') throw this.#refuse(`a function (${show(value)})`);
    if (typeof value === 'symbol') throw this.#refuse(`a symbol (${show(value)})`);
    if (typeof value !== 'object' || value === null) return value;
    if (this.#copies.has(value)) return this.#copies.get(value);
    if (this.#path.length > this.#maxDepth) {
      throw this.#refuse(`nested deeper than ${this.#maxDepth} levels`);
    }
    return this.#cloneObject(value);
  }

  #cloneObject(value: object): unknown {
    const prototype: unknown = Object.getPrototypeOf(value);
    switch (prototype) {
      case Object.prototype:
        return this.#properties(value, {});
      case null:
        return this.#properties(value, Object.create(null));
      case Array.prototype:
        if (Array.isArray(value)) return this.#array(value);
        break;
      case Map.prototype:
        if (types.isMap(value)) return this.#map(value);
        break;
      case Set.prototype:
        if (types.isSet(value)) return this.#set(value);
        break;
      case Date.prototype:
        if (types.isDate(value)) return this.#bare(value, 0, new Date(value.getTime()));
        break;
      case RegExp.prototype:
        if (types.isRegExp(value)) return this.#regExp(value);
        break;
      case ArrayBuffer.prototype:
        if (types.isArrayBuffer(value)) return this.#buffer(value);
        break;
      case Buffer.prototype:
        if (types.isUint8Array(value)) return this.#remember(value, Buffer.from(value));
        break;
      default:
        if (ArrayBuffer.isView(value)) return this.#view(value, prototype);
    }
    throw this.#refuse(`${className(prototype)} (its class would be lost)`);
  }

  #array(value: unknown[]): unknown {
    const copy: unknown[] = new Array(value.length);
    this.#copies.set(value, copy);
    for (const name of Reflect.ownKeys(value)) {
      if (name === 'length') continue;
      // A hole has no key and stays a hole.
      const index = typeof name === 'string' ? Number(name) : Number.NaN;
      if (String(index) !== name || !(index < value.length)) {
        throw this.#refuse(`an array with the further property ${String(name)}`);
      }
      copy[index] = this.#at(name, value[index]);
    }
    return copy;
  }

  #properties(value: object, copy: Record<string, unknown>): unknown {
    this.#copies.set(value, copy);
    for (const name of Reflect.ownKeys(value)) {
      if (typeof name === 'symbol')
        throw this.#refuse(`an object with the symbol key ${String(name)}`);
      if (!Object.prototype.propertyIsEnumerable.call(value, name)) {
        throw this.#refuse(`an object with the hidden (not enumerable) property ${show(name)}`);
      }
      const member = this.#at(name, (value as Record<string, unknown>)[name]);
      // An assignment to `__proto__` would change the prototype instead.
      if (name === '__proto__') {
        Object.defineProperty(copy, name, {
          value: member,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      } else copy[name] = member;
    }
    return copy;
  }

  #map(value: Map<unknown, unknown>): unknown {
    const copy = new Map<unknown, unknown>();
    this.#bare(value, 0, copy);
    for (const [key, member] of value) {
      copy.set(this.#at('(map key)', key), this.#at(`(map key ${show(key)})`, member));
    }
    return copy;
  }

  #set(value: Set<unknown>): unknown {
    const copy = new Set<unknown>();
    this.#bare(value, 0, copy);
    for (const member of value) copy.add(this.#at('(set member)', member));
    return copy;
  }

  #regExp(value: RegExp): unknown {
    const copy = new RegExp(value.source, value.flags);
    copy.lastIndex = value.lastIndex;
    return this.#bare(value, 1, copy);
  }

  #buffer(value: ArrayBuffer): unknown {
    if (value.detached) throw this.#refuse('a detached ArrayBuffer');
    return this.#bare(value, 0, structuredClone(value));
  }

  /** Views keep what they share: two of one buffer are two of one buffer again. */
  #view(value: ArrayBufferView, prototype: unknown): unknown {
    const { constructor: View } = prototype as { constructor: unknown };
    if (!BUILT_IN_VIEWS.has(View)) {
      throw this.#refuse(`${className(prototype)} (its class would be lost)`);
    }
    const buffer = this.clone(value.buffer) as ArrayBuffer;
    const length = value instanceof DataView ? value.byteLength : (value as TypedArray).length;
    return this.#remember(
      value,
      Reflect.construct(View as new () => unknown, [buffer, value.byteOffset, length]),
    );
  }

  /** For an object that may have no properties of its own but `builtIn` many: they would be lost. */
  #bare(value: object, builtIn: number, copy: unknown): unknown {
    const names = Reflect.ownKeys(value);
    if (names.length > builtIn) {
      throw this.#refuse(
        `${className(Object.getPrototypeOf(value))} with the further property ${String(names.at(-1))}`,
      );
    }
    return this.#remember(value, copy);
  }

  #remember(value: object, copy: unknown): unknown {
    this.#copies.set(value, copy);
    return copy;
  }

  #at(name: string, member: unknown): unknown {
    if (typeof member !== 'object' && typeof member !== 'function' && typeof member !== 'symbol') {
      return member;
    }
    this.#path.push(name);
    const copy = this.clone(member);
    this.#path.pop();
    return copy;
  }

  #refuse(what: string): TypeError {
    const path = this.#path.length > 8 ? ['…', ...this.#path.slice(-8)] : this.#path;
    const place = path.length === 0 ? 'the value' : `value.${path.join('.')}`;
    return new TypeError(
      `A cache keeps copies, and ${place} is ${what}. Store plain data, or text made from it.`,
    );
  }
}

const BUILT_IN_VIEWS: ReadonlySet<unknown> = new Set([
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
]);

function className(prototype: unknown): string {
  const name = (prototype as { constructor?: { name?: unknown } } | null)?.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'a class instance';
}
