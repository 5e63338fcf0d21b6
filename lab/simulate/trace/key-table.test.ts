import { describe, expect, it } from 'vitest';
import { KeyTable } from './key-table.ts';

describe('the table of keys', () => {
  it('gives each of many keys one number, and hashes them evenly', { tags: 'slow' }, () => {
    const table = new KeyTable();
    const number = (key: string) => {
      table.hashBytes(Buffer.from(key), 0, key.length);
      return table.number();
    };
    let below = 0;
    for (let i = 0; i < 100_000; i++) {
      expect(number(`GET /users/${i}`)).toBe(i);
      if (table.hash < 0.1 * 2 ** 32) below++;
    }
    expect(table.size).toBe(100_000);
    expect(number('GET /users/777')).toBe(777);
    // Binomial: 10,000 ± 4 × 95.
    expect(Math.abs(below - 10_000)).toBeLessThan(380);
    const places = new Array<number>(16).fill(0);
    for (let i = 0; i < 100_000; i++) places[table.hashOf(i) % 16]!++;
    for (const count of places) expect(Math.abs(count - 6250)).toBeLessThan(330);
  });
});
