import { expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import type { Visit } from './judgement.ts';
import { lostSession } from './scenario.ts';

/** A visit whose login was at worker `route[0]`; the rule says which pages knew the visitor. */
const visit = (route: number[], knows: (slot: number, login: number) => boolean): Visit => ({
  login: route[0]!,
  pages: route.slice(1).map((slot) => ({ slot, recognised: knows(slot, route[0]!) })),
});

/** Four workers: a client that goes round, and visits to every pair of workers once. */
function arm(knows: (slot: number, login: number) => boolean) {
  const everyRoute = Array.from({ length: 64 }, (_, i) => [
    1 + (i % 4),
    1 + (Math.floor(i / 4) % 4),
    1 + Math.floor(i / 16),
  ]);
  return recordedArm({
    workers: 4,
    observations: {
      inTurn: visit(
        Array.from({ length: 25 }, (_, i) => 1 + (i % 4)),
        knows,
      ),
      atRandom: everyRoute.map((route) => visit(route, knows)),
    },
  });
}

const ofTheProcess = (slot: number, login: number) => slot === login;
const shared = () => true;

test('a session that only its own worker knows agrees with theory', () => {
  const { verdict } = lostSession.judge([arm(ofTheProcess)], DEFAULTS);
  expect(verdict.agreement).toBe('agrees');
  expect(verdict.sentence).toContain('With 4 workers 25.0 % of 128 pages knew who had logged in');
  expect(verdict.sentence).toContain('4 of 64 visits');
});

test('sessions that every worker knows disagree with it, in each finding', () => {
  const { verdict } = lostSession.judge([arm(shared)], DEFAULTS);
  expect(verdict.agreement).toBe('disagrees');
  expect(verdict.findings.filter((finding) => finding.agrees)).toEqual([]);
});

test('a single page that the wrong worker knew is noticed', () => {
  let pages = 0;
  const once = (slot: number, login: number) => slot === login || ++pages === 1;
  const { verdict } = lostSession.judge([arm(once)], DEFAULTS);
  expect(verdict.agreement).toBe('disagrees');
});

test('the strip shows the login and then every page', () => {
  const [strip] = lostSession.judge([arm(ofTheProcess)], DEFAULTS).exhibits;
  if (strip?.kind !== 'strip') throw new Error('there is no strip');
  const states = strip.rows[0]!.cells.slice(0, 6).map((cell) => cell.state);
  expect(states).toEqual(['neutral', 'bad', 'bad', 'bad', 'good', 'bad']);
});

test.each([
  [{ workers: [1] }, '--workers 1'],
  [{ requests: 50 }, '--requests 50'],
])('refuses %o by the name of the flag', (given, flag) => {
  const usual = { ...DEFAULTS, ...lostSession.defaults };
  expect(lostSession.refuse!({ ...usual, ...given })).toContain(flag);
  expect(lostSession.refuse!(usual)).toBeNull();
});
