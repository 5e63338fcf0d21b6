import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH, restore, store } from './copy.ts';

function roundTrip<T>(value: T): T {
  return restore(store(value)) as T;
}

/** What is nested so many levels deep. */
function nested(levels: number): unknown {
  let value: unknown = 'end';
  for (let i = 0; i < levels; i += 1) value = i % 2 ? [value] : { value };
  return value;
}

describe('what comes back', () => {
  const shared = { n: 1 };
  const buffer = new ArrayBuffer(8);
  it.each<[string, unknown]>([
    ['plain objects in arrays in objects', { a: [{ b: [1, [2]] }, 'c'], d: {} }],
    ['undefined inside objects', { a: undefined, b: [undefined] }],
    ['odd numbers', [Number.NaN, -0, Number.POSITIVE_INFINITY, 2n ** 80n]],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['dates, also invalid ones', [new Date(0), new Date(Number.NaN)]],
    ['maps and sets, keyed by objects', new Map([[{ k: 1 }, new Set([[1], 2])]])],
    ['regular expressions', [/a+/giu]],
    ['typed arrays', [new Uint8Array([1, 2]), new Float64Array([0.5]), new BigInt64Array([3n])]],
    ['a Buffer', Buffer.from('bytes')],
    ['an ArrayBuffer and a view of part of it', [buffer, new DataView(buffer, 2, 4)]],
    ['a resizable ArrayBuffer', new ArrayBuffer(2, { maxByteLength: 4 })],
    ['an array with holes', Object.assign(Array(5), { 1: 'x', 3: {} })],
    ['a property called __proto__', JSON.parse('{"__proto__": {"a": 1}, "b": {"__proto__": 2}}')],
    ['the same, beside a date', { ...JSON.parse('{"a": {"__proto__": [1]}}'), d: new Date(1) }],
    ['twice the same object', [shared, shared]],
    ['more objects than a short list holds', Array.from({ length: 50 }, (_, n) => ({ n: [n] }))],
    ['many levels', nested(MAX_DEPTH)],
  ])('%s', (_what, value) => {
    const copy = roundTrip(value);
    expect(isDeepStrictEqual(copy, value), inspect(copy)).toBe(true);
    expect(copy).not.toBe(value);
  });

  it('keeps cycles, shared references and shared memory', () => {
    const value = { list: [] as unknown[], bytes: new Uint8Array(4), same: null as unknown };
    value.list.push(value, value.list);
    value.same = new Uint16Array(value.bytes.buffer);
    const copy = roundTrip(value);
    expect(copy.list[0]).toBe(copy);
    expect(copy.list[1]).toBe(copy.list);
    expect((copy.same as Uint16Array).buffer).toBe(copy.bytes.buffer);
    expect(copy.bytes.buffer).not.toBe(value.bytes.buffer);
  });

  it('has no part in common with the value, nor with another copy', () => {
    fc.assert(
      fc.property(fc.anything(EVERYTHING), (value) => {
        fc.pre(!isRefused(value));
        const stored = store(value);
        const first = restore(stored);
        const second = restore(stored);
        const own = objectsIn(value);
        for (const part of objectsIn(first)) expect(own.has(part)).toBe(false);
        const ofSecond = objectsIn(second);
        for (const part of objectsIn(first)) expect(ofSecond.has(part)).toBe(false);
      }),
    );
  });

  it('is the same again, or was refused', () => {
    fc.assert(
      fc.property(fc.anything(EVERYTHING), (value) => {
        if (isRefused(value)) return;
        expect(isDeepStrictEqual(roundTrip(value), value)).toBe(true);
      }),
    );
  });

  it('takes a getter for the value that it gives at the time', () => {
    let calls = 0;
    const value = {
      get count() {
        calls += 1;
        return { calls };
      },
    };
    const stored = store(value);
    expect(restore(stored)).toEqual({ count: { calls: 1 } });
    expect(restore(stored)).toEqual({ count: { calls: 1 } });
  });
});

describe('what is refused', () => {
  class Money {
    amount = 1;
  }
  it.each<[string, unknown, RegExp]>([
    ['undefined', undefined, /Store null/],
    ['a function', () => 1, /the value is a function/],
    ['a function far inside', { a: [{ b: () => 1 }] }, /value\.a\.0\.b is a function/],
    ['a symbol', [Symbol('s')], /value\.0 is a symbol/],
    ['a class instance', { price: new Money() }, /value\.price is an instance of Money/],
    ['a class instance in a map', new Map([['k', new Money()]]), /map key 'k'.* Money/],
    ['an array of a class', new (class Rows extends Array {})(), /instance of Rows/],
    ['a Buffer-like class', new (class Bytes extends Uint8Array {})(2), /instance of Bytes/],
    ['an error', new Error('e'), /instance of Error/],
    ['a promise', { p: Promise.resolve() }, /value\.p is an instance of Promise/],
    ['a boxed number', [Object(1)], /instance of Number/],
    ['shared memory', new Uint8Array(new SharedArrayBuffer(1)), /SharedArrayBuffer/],
    ['a symbol key', { [Symbol('s')]: 1 }, /symbol key/],
    ['a hidden property', Object.defineProperty({}, 'h', { value: 1 }), /hidden .* 'h'/],
    ['a property on an array', Object.assign([1], { extra: 2 }), /further property extra/],
    ['a property on a date', Object.assign(new Date(), { extra: 2 }), /further property extra/],
    ['a match', /b/.exec('abc'), /further property/],
    ['something that only says that it is a date', Object.create(Date.prototype), /Date/],
    ['something that only says that it is a Buffer', Object.create(Buffer.prototype), /Buffer/],
    ['too many levels', nested(MAX_DEPTH + 2), /deeper than 500 levels/],
    ['very many levels', nested(100_000), /deeper than 500 levels/],
  ])('%s', (_what, value, message) => {
    expect(() => store(value)).toThrow(TypeError);
    expect(() => store(value)).toThrow(message);
  });

  it('passes on what a getter throws', () => {
    const value = {
      get broken() {
        throw new RangeError('from the getter');
      },
    };
    expect(() => store(value)).toThrow('from the getter');
  });
});

const EVERYTHING: fc.ObjectConstraints = {
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
};

function isRefused(value: unknown): boolean {
  try {
    store(value);
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return true;
  }
}

function objectsIn(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found;
  found.add(value);
  const members =
    value instanceof Map
      ? [...value].flat()
      : value instanceof Set
        ? [...value]
        : Object.values(value);
  for (const member of members) objectsIn(member, found);
  return found;
}
