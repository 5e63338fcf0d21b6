import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateDatabase, openDatabase } from './database.ts';

const SMALL = { users: 10, seed: 1, orders: 500 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'origin-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string) => path.join(folder, name);

test('the same seed generates the same pages, another seed others', async () => {
  const pages = await Promise.all(
    [1, 1, 2].map(async (seed, i) => {
      generateDatabase(file(`${i}`), { ...SMALL, seed });
      const origin = openDatabase(file(`${i}`));
      const page = { ...(await origin.userPage(7)) };
      origin.close();
      return page;
    }),
  );
  expect(pages[1]).toEqual(pages[0]);
  expect(pages[2]).not.toEqual(pages[0]);
});

test('a page is the sum of the orders that stand in the database', async () => {
  generateDatabase(file('a'), SMALL);
  const database = new DatabaseSync(file('a'));
  const orders = database.prepare('SELECT cents, day FROM orders WHERE user_id = 3').all();
  const cents = orders.map((order) => order.cents as number);
  database.close();
  const origin = openDatabase(file('a'));
  expect(await origin.userPage(3)).toMatchObject({
    orders: cents.length,
    spentCents: cents.reduce((sum, one) => sum + one, 0),
    averageCents: Math.floor(cents.reduce((sum, one) => sum + one, 0) / cents.length),
    largestCents: Math.max(...cents),
    lastOrderDay: orders
      .map((order) => order.day as string)
      .sort()
      .at(-1),
  });
  origin.close();
});

test('counts reads, not writes; two workers see each other’s writes', async () => {
  generateDatabase(file('a'), SMALL);
  const [one, two] = [openDatabase(file('a')), openDatabase(file('a'))];
  expect(await one.renameUser(1, 'Ada')).toBe(2);
  expect(await two.userPage(1)).toMatchObject({ name: 'Ada', version: 2 });
  expect([one.queries, two.queries]).toEqual([0, 1]);
  one.close();
  two.close();
});

test('generating where a database is already leaves that one alone, and no drafts', async () => {
  generateDatabase(file('a'), SMALL);
  const origin = openDatabase(file('a'));
  await origin.renameUser(1, 'Ada');
  generateDatabase(file('a'), SMALL);
  expect(await origin.userPage(1)).toMatchObject({ name: 'Ada' });
  origin.close();
  expect(readdirSync(folder)).toEqual(['a']);
});

test('waits for another worker that is just writing', async () => {
  generateDatabase(file('a'), SMALL);
  const other = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const { DatabaseSync } = require('node:sqlite');
     const database = new DatabaseSync(workerData);
     database.exec("BEGIN IMMEDIATE; UPDATE users SET version = 7");
     parentPort.postMessage('is writing');
     Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
     database.exec('COMMIT');
     database.close();`,
    { eval: true, workerData: file('a') },
  );
  const ended = once(other, 'exit');
  await once(other, 'message');
  const origin = openDatabase(file('a'));
  expect(await origin.renameUser(1, 'Ada')).toBe(8);
  origin.close();
  await ended;
});
