import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from './wire-format.ts';

describe('what travels to a service', () => {
  it('comes back as it was, whatever JavaScript holds', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
    });
    fc.assert(
      fc.property(
        anything.filter((value) => value !== undefined),
        (value) => {
          expect(decode(encode({ value }))).toStrictEqual({ value: { value } });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is JSON where JSON says it exactly, so that people and counters can read it', () => {
    expect(encode({ id: 7, name: 'Ada', tags: [null, true] })).toBe(
      '{"id":7,"name":"Ada","tags":[null,true]}',
    );
    expect(encode(42)).toBe('42');
    expect(encode('42')).toBe('"42"');
  });

  it('is not JSON where that would change it', () => {
    for (const value of [-0, Number.NaN, 5n, { a: undefined }, new Date(0), [new Map()]]) {
      expect(encode(value)).toMatch(/^v8:/);
    }
    const shared = { n: 1 };
    const back = decode(encode([shared, shared]))!.value as object[];
    expect(back[0]).toBe(back[1]);
  });

  it('survives a depth that would exhaust the stack, or refuses it', () => {
    let nested: unknown = 'leaf';
    for (let depth = 0; depth < 400; depth += 1) nested = [nested];
    expect(decode(encode(nested))).toEqual({ value: nested });
  });

  it('refuses what no cache can hold', () => {
    for (const value of [undefined, () => 1, Symbol('s'), new (class Point {})()]) {
      expect(() => encode(value)).toThrow(TypeError);
    }
  });
});

describe('what another program left', () => {
  it.each([
    ['nothing', ''],
    ['JSON cut off', '{"id":7,"na'],
    ['text that is no JSON', 'hello'],
    ["a pickle of Python's", '\x80\x04\x95\x05\x00'],
    ['our other format cut off', encode(new Date(5)).slice(0, -3)],
    ['our other format with something else inside', 'v8:5:aGVsbG8='],
    ['our other format, longer than it says', `v8:1:${serialize(1).toString('base64')}`],
    ['a head without a body', 'v8:'],
  ])('%s is no value', (_what, text) => {
    expect(decode(text)).toBeUndefined();
  });

  it('is never a crash: any text is a value or none', () => {
    const ours = encode(new Map([['a', new Date(1)]]));
    const damaged = fc
      .tuple(fc.nat(ours.length - 1), fc.string({ maxLength: 3 }))
      .map(([at, text]) => ours.slice(0, at) + text + ours.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(fc.string(), damaged), (text) => {
        const decoded = decode(text);
        expect(decoded === undefined || 'value' in decoded).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
