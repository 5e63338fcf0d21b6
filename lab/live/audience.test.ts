import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Answered, Own, Participant } from '../../reports/live/protocol.ts';
import { loadActs } from '../../scenarios/curriculum/acts.ts';
import { auditPhase } from '../evidence/audit.ts';
import { ActPlay } from './act-play.ts';
import { addressHere, audienceRoutes, audienceState } from './audience.ts';
import { Commands } from './commands.ts';
import { hurried } from './fixtures/hurried.ts';
import { call, listen } from './fixtures/listening.ts';
import { newLive, until } from './fixtures/open-live.ts';
import { Participants } from './participants.ts';
import { type LiveServer, openLiveServer } from './server.ts';

/** Phones in the room, and what they may do; workers are in this process. */

let opened: ReturnType<typeof newLive>;
let server: LiveServer;
let acts: ActPlay;
let participants: Participants;
let base: string;
beforeEach(async () => {
  opened = newLive({ keys: 20 });
  const { live } = opened;
  await live.start();
  const commands = new Commands(live, async () => {});
  acts = new ActPlay(live, commands, (await loadActs()).map(hurried));
  participants = new Participants(live, acts);
  server = await openLiveServer({
    ...{ live, commands, host: '127.0.0.1', port: 0, presenterPage: '' },
    audience: (app) => audienceRoutes(app, { participants, page: '<p>ask</p>' }),
  });
  base = `http://127.0.0.1:${server.port}`;
});
afterEach(async () => {
  await server.stop();
  await opened.close();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const post = (path: string, token = '', body?: unknown) =>
  call(`${base}/${path}`, { method: 'POST', body, headers: token ? bearer(token) : {} });
const join = async () => (await post('join')).body as Participant;
const wait = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

test('a participant asks for a user of its own, and hears who answered; the wall draws it with its number', async () => {
  expect((await call(`${base}/`)).body).toBe('<p>ask</p>');
  const first = await join();
  const second = await join();
  expect([first, second]).toMatchObject([
    { number: 1, key: 1 },
    { number: 2, key: 2 },
  ]);
  const wall = await listen(`${base}/events?secret=${server.secret}`);
  const { status, body } = await post('ask', second.token);
  const answered = body as Answered;
  expect(status).toBe(200);
  expect(answered).toMatchObject({ key: 2, slot: expect.any(Number), pid: expect.any(Number) });
  const dots = () => wall.messages.flatMap((one) => (one.is === 'frame' ? (one.dots ?? []) : []));
  // A wall that is slow gets the next state and not the frames that it missed, so it may have to come again.
  await until(async () => {
    if (dots().some(({ guest }) => guest === 2)) return true;
    await wait(250);
    await post('ask', second.token);
    return false;
  });
  expect(dots().find(({ guest }) => guest === 2)).toMatchObject({ key: 2, slot: answered.slot });
  wall.leave();
});

test('with more participants than users, users are shared; with other keys they are others', async () => {
  for (let i = 0; i < 20; i++) await join();
  const { number, key, token } = await join();
  expect([number, key]).toEqual([21, 1]);
  const own = await listen<Own>(`${base}/own?token=${token}`);
  await opened.live.change({ keys: 30 });
  await until(() => own.messages.some((one) => one.key === 21));
  own.leave();
});

test('a vote is seen by the wall and by who gave it; answers stay secret until they are shown', async () => {
  const { token } = await join();
  const own = await listen<Own>(`${base}/own?token=${token}`);
  await until(() => own.messages.length === 1);
  expect(own.messages[0]).toEqual({ act: null, vote: null, busy: null, key: 1 });
  expect((await post('vote', token, { answer: 2 })).status).toBe(409);
  await opened.live.change({ keys: 150 });
  const played = acts.go(3);
  await until(() => own.messages.at(-1)!.act?.step === 'asked');
  expect((await post('vote', token, { answer: 1 })).status).toBe(204);
  await until(() => own.messages.at(-1)!.vote === 1);
  expect(own.messages.at(-1)!.act).not.toHaveProperty('votes');
  expect(own.messages.every(({ act }) => !act || act.right === null)).toBe(true);
  expect(opened.live.stage.shown.act!.votes).toEqual([0, 1, 0, 0]);
  await played;
  own.leave();
});

test('who has no token, or a wrong one, is told so; a participant cannot steer', async () => {
  const { token } = await join();
  for (const wrong of ['', 'x', token.slice(1), `${token}0`]) {
    const query = await call(`${base}/own?token=${wrong}`);
    expect([query.status, (await post('ask', wrong)).status]).toEqual([403, 403]);
    expect((await post('vote', wrong, { answer: 1 })).status).toBe(403);
  }
  expect((await post('control', token, { do: 'pause' })).status).toBe(403);
  expect((await call(`${base}/presenter?secret=${token}`)).status).toBe(403);
  expect((await call(`${base}/events?secret=${token}`)).status).toBe(403);
  expect((await post('vote', token, { answer: 4 })).status).toBe(400);
  expect((await post('vote', token, { answer: '<script>' })).status).toBe(400);
  expect(opened.live.setting.playing).toBe(true);
});

test('a flood from one is limited, and hurts nobody else', async () => {
  const [flooder, other] = [await join(), await join()];
  const flood = await Promise.all(Array.from({ length: 40 }, () => post('ask', flooder.token)));
  const count = (status: number) => flood.filter((one) => one.status === status).length;
  expect([count(200), count(429)]).toEqual([5, 35]);
  expect(flood.find(({ status }) => status === 429)!.body).toEqual({
    message: 'That was too fast: five times per second is the most.',
  });
  expect((await post('ask', other.token)).status).toBe(200);
  await wait(1_100);
  expect((await post('ask', flooder.token)).status).toBe(200);
});

test('fifty phones ask while the wall is steered: no response is lost', async () => {
  const phones = await Promise.all(Array.from({ length: 50 }, join));
  const watching = await Promise.all(
    phones.map(({ token }) => listen(`${base}/own?token=${token}`)),
  );
  expect(participants.present).toBe(50);
  let answered = 0;
  const asking = phones.map(async ({ token, number }) => {
    await wait(number * 4);
    for (let i = 0; i < 4; i++) {
      if ((await post('ask', token)).status === 200) answered += 1;
      await wait(220);
    }
  });
  for (let i = 0; i < 4; i++) {
    await call(`${base}/control`, {
      ...{ method: 'POST', body: { do: i % 2 ? 'play' : 'pause' } },
      headers: bearer(server.secret),
    });
    await wait(150);
  }
  await Promise.all(asking);
  expect(answered).toBe(200);
  await opened.live.checkpoint();
  const [{ live, before, after }] = opened.live.recording.arms()[0]!.stretches as never as [never];
  const { ledger, sent } = live as { ledger: never; sent: number };
  expect(auditPhase({ ledger, before, after, sent }).checks.filter(({ holds }) => !holds)).toEqual(
    [],
  );
  for (const one of watching) one.leave();
  await until(() => participants.present === 0);
});

test('the wall’s QR code is of the address, which reaches this machine from outside', () => {
  const { qr, address, participants: count } = audienceState('http://192.0.2.7:8080/', 3);
  expect([address, count]).toEqual(['http://192.0.2.7:8080/', 3]);
  expect(qr).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  const lo = { address: '127.0.0.1', family: 'IPv4', internal: true } as never;
  const v6 = { address: 'fe80::1', family: 'IPv6', internal: false } as never;
  const eth = { address: '192.0.2.7', family: 'IPv4', internal: false } as never;
  expect(addressHere({ lo: [lo], eth: [v6, eth] })).toBe('192.0.2.7');
  expect(addressHere({ lo: [lo] })).toBe('127.0.0.1');
});
