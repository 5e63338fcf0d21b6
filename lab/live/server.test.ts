import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Command, LiveMessage, Whole } from '../../reports/live/protocol.ts';
import { Commands } from './commands.ts';
import { call, listen } from './fixtures/listening.ts';
import { newLive, until } from './fixtures/open-live.ts';
import { type LiveServer, openLiveServer } from './server.ts';

/** The view as a page meets it: with and without the secret; workers are in this process. */

let opened: ReturnType<typeof newLive>;
let server: LiveServer;
let base: string;
beforeEach(async () => {
  opened = newLive();
  const { live } = opened;
  await live.start();
  const commands = new Commands(live, async () => {});
  server = await openLiveServer({
    ...{ live, commands, host: '127.0.0.1', port: 0 },
    presenterPage: '<p>the page</p>',
  });
  base = `http://127.0.0.1:${server.port}`;
});
afterEach(async () => {
  await server.stop();
  await opened.close();
});

const bearer = (secret = server.secret) => ({ authorization: `Bearer ${secret}` });
const control = (body: unknown, headers: object = bearer()) =>
  call(`${base}/control`, { method: 'POST', body, headers });
const events = (secret = server.secret) => listen(`${base}/events?secret=${secret}`);
const wholes = (messages: readonly LiveMessage[]) =>
  messages.filter((one): one is { is: 'whole' } & Whole => one.is === 'whole');

test('without the secret, no page, no events and no control', async () => {
  const { secret } = server;
  const wrong = ['', 'x', secret.slice(1), `${secret}0`, secret.replace(/.$/, 'x')];
  const before = opened.live.setting;
  const commands = ['play', 'pause', 'restart', 'save', 'set', 'ask', 'rename', 'kill', 'clear'];
  const bodies = [...commands, 'act', 'show'].map((name) => ({ do: name, key: 1, slot: 1 }));
  for (const given of wrong) {
    const headers = given ? bearer(given) : {};
    const attempts = [
      ...['presenter', 'events'].flatMap((path) => [
        call(`${base}/${path}?secret=${given}`),
        call(`${base}/${path}`, { headers }),
      ]),
      ...bodies.map((body) => call(`${base}/control`, { method: 'POST', body, headers })),
    ];
    for (const { status, body } of await Promise.all(attempts)) {
      expect([status, body]).toEqual([403, { message: expect.stringContaining('secret') }]);
    }
  }
  expect(opened.live.setting).toEqual(before);
});

test('the page and every answer are kept, sniffed and framed by nobody', async () => {
  const { status, body, headers } = await call(`${base}/presenter?secret=${server.secret}`);
  expect([status, body]).toEqual([200, '<p>the page</p>']);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "frame-ancestors 'none'",
  });
  expect((await call(`${base}/nothing`)).status).toBe(404);
});

test('a page is shown all there is, then what is new; numbers have no gap', async () => {
  const page = await events();
  await until(() => page.messages.length > 10);
  expect(page.messages[0]).toMatchObject({ is: 'whole', workers: [{ slot: 1 }, { slot: 2 }] });
  const numbers = page.messages.map(({ number }) => number);
  expect(numbers).toEqual(numbers.map((_, i) => numbers[0]! + i));
  expect(server.viewers).toBe(1);
  page.leave();
  await until(() => server.viewers === 0);
});

test('a command takes effect within half a second, and every page sees it', async () => {
  const pages = await Promise.all([events(), events()]);
  const given = performance.now();
  expect((await control({ do: 'pause' })).status).toBe(204);
  const paused = (message: LiveMessage) => message.setting?.playing === false;
  await until(() => pages.every(({ messages }) => messages.some(paused)));
  expect(performance.now() - given).toBeLessThan(500);
  await control({ do: 'ask', key: 5, slot: 2 });
  const dots = () =>
    pages[0]!.messages.flatMap((one) => (one.is === 'frame' ? (one.dots ?? []) : []));
  await until(() => dots().some(({ guest, slot, key }) => guest === 0 && slot === 2 && key === 5));
  for (const page of pages) page.leave();
});

test('another fleet is shown as a whole', async () => {
  const page = await events();
  await control({ do: 'set', setting: { workers: 3 } });
  await until(() => wholes(page.messages).some(({ workers }) => workers.length === 3));
  page.leave();
});

test('what makes no sense is refused in words', async () => {
  const senseless: [string, unknown, number][] = [
    ['no command', { do: 'nothing' }, 400],
    ['nothing at all', {}, 400],
    ['a setting there is none of', { do: 'set', setting: { playing: false } }, 400],
    ['a number as text', { do: 'ask', key: '5' }, 400],
    ['more than a command has', { do: 'pause', slot: 1 }, 400],
    ['too many workers', { do: 'set', setting: { workers: 17 } }, 400],
    ['a rate of nothing', { do: 'set', setting: { ratePerSecond: 0 } }, 400],
    ['threads', { do: 'set', setting: { launcher: 'threads' } }, 400],
    ['a user that is not there', { do: 'ask', key: 21 }, 409],
    ['a worker that is not there', { do: 'kill', slot: 3 }, 409],
  ];
  for (const [what, body, status] of senseless) {
    const answer = await control(body);
    expect([what, answer.status]).toEqual([what, status]);
    expect((answer.body as { message: string }).message.length).toBeGreaterThan(10);
  }
});

test('a page that takes nothing for a while is shown all there is, not a backlog', async () => {
  opened.live.stage.show({ saved: 'x'.repeat(200_000) });
  const page = await events();
  await until(() => page.messages.length > 3);
  page.pause();
  // More than any buffer between here and there holds.
  for (let i = 0; i < 60; i++) {
    opened.live.stage.show({ saved: `${i}`.padEnd(400_000, 'x') });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const before = page.messages.length;
  page.resume();
  await until(() => wholes(page.messages.slice(before)).length > 0);
  const after = page.messages.slice(before).map(({ number }) => number);
  expect(after.length).toBeLessThan(40);
  page.leave();
});

test('what goes wrong is told to the presenter, and the next command is done', async () => {
  const page = await events();
  opened.live.fleet.kill = () => Promise.reject(new Error('It cannot be killed.'));
  const commands: Command[] = [{ do: 'kill', slot: 1 }, { do: 'pause' }];
  for (const one of commands) await control(one);
  const said = () => page.messages.flatMap((one) => (one.is === 'frame' ? (one.said ?? []) : []));
  await until(() => said().length > 0 && !opened.live.setting.playing);
  expect(said()).toEqual([expect.stringContaining('It cannot be killed.')]);
  page.leave();
});
