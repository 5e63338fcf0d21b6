import { expect, it } from 'vitest';
import { MissingKeyError } from '../errors.ts';
import { contract } from './context.ts';

/** What every operation says of a key that is not there. */
contract('a missing key', ({ make }) => {
  it('is undefined, and a miss that is cold', async () => {
    const cache = await make();
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.lookup('k')).toEqual({ outcome: 'miss', reason: 'cold' });
    expect(await cache.getMany(['a', 'b'])).toEqual(new Map());
    expect(await cache.has('k')).toBe(false);
  });

  it('cannot be touched or deleted, and both say so', async () => {
    const cache = await make();
    expect(await cache.touch('k')).toBe(false);
    expect(await cache.delete('k')).toBe(false);
    await cache.deleteMany(['a', 'b']);
  });

  it('cannot be counted up or moved to another version: an error that names the key', async () => {
    const cache = await make();
    for (const method of ['incr', 'decr', 'incrVersion', 'decrVersion'] as const) {
      const failing = async () => cache[method]('missing-one');
      await expect(failing).rejects.toThrow(MissingKeyError);
      await expect(failing).rejects.toThrow(/"missing-one"/);
    }
  });

  it('is loaded by getOrSet, from a value or a function or a promise', async () => {
    const cache = await make();
    expect(await cache.getOrSet('a', 'value')).toBe('value');
    expect(await cache.getOrSet('b', () => ['made'])).toEqual(['made']);
    expect(await cache.getOrSet('c', async () => ({ made: 'later' }))).toEqual({ made: 'later' });
  });

  it('stays missing when its loader fails, and the caller gets the error', async () => {
    const cache = await make();
    const load = () => {
      throw new Error('the origin is down');
    };
    await expect(async () => cache.getOrSet('k', load)).rejects.toThrow('the origin is down');
    await expect(async () => cache.getOrSet('k', async () => load())).rejects.toThrow('down');
    expect(await cache.has('k')).toBe(false);
  });
});
