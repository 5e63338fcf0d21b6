import { setTimeout as delay } from 'node:timers/promises';
import type { DrivePlan } from './drive-plan.ts';
import type { Ledger } from './ledger.ts';
import { Sender } from './sender.ts';

/** How it went, beside the rows in the ledger. */
export interface DriveResult {
  /** Requests drawn from the stream and sent. */
  readonly sent: number;
  /** Connection errors and timeouts. */
  readonly errors: number;
  readonly durationMillis: number;
}

/**
 * Sends the traffic by autocannon and writes each response into the ledger. Nothing is lost in
 * silence: `sent` minus the rows written is what did not come back.
 */
export async function drive(
  plan: DrivePlan,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<DriveResult> {
  const send = new Sender(plan, ledger, signal);
  const started = performance.now();
  if (plan.routing === 'fresh') await sendInBursts(plan, send, signal);
  else if (plan.ratePerSecond === null) await send.run(plan.connections, plan.requests);
  else await sendStaggered(plan, plan.ratePerSecond, send, signal);
  signal.throwIfAborted();
  return { sent: send.sent, errors: send.errors, durationMillis: performance.now() - started };
}

/**
 * A fresh connection for each request. autocannon's own ways (`reconnectRate`, `Connection: close`)
 * lose responses; bursts of one request per connection lose none. At a rate, bursts are spaced out.
 */
async function sendInBursts(plan: DrivePlan, send: Sender, signal: AbortSignal): Promise<void> {
  const perBurst = burstSize(plan);
  const started = performance.now();
  const open = new Set<Promise<void>>();
  for (let sent = 0; sent < plan.requests && !signal.aborted; ) {
    const size = Math.min(perBurst, plan.requests - sent);
    if (plan.ratePerSecond !== null) {
      const due = started + (sent / plan.ratePerSecond) * 1_000;
      await delay(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => {});
    }
    const burst = send.run(size, size).finally(() => open.delete(burst));
    open.add(burst);
    sent += size;
    // At a rate, an answer that is late must not hold up the next question.
    while ((open.size + 1) * perBurst > plan.connections && open.size > 0) await Promise.race(open);
  }
  await Promise.all(open);
}

/** At a rate, a burst every 25 ms comes close enough to an even flow. */
function burstSize({ connections, ratePerSecond }: DrivePlan): number {
  if (ratePerSecond === null) return connections;
  return Math.max(1, Math.min(connections, Math.round(ratePerSecond / 40)));
}

/**
 * autocannon allows a connection its requests of a second all at once, when the second begins.
 * One run per connection, begun one after the other, spreads them over the second.
 */
async function sendStaggered(
  plan: DrivePlan,
  ratePerSecond: number,
  send: Sender,
  signal: AbortSignal,
): Promise<void> {
  const { connections } = plan;
  const runs = Array.from({ length: connections }, async (_, index) => {
    await delay((index * 1_000) / connections, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const before = upTo(ratePerSecond, connections, index);
    const rate = upTo(ratePerSecond, connections, index + 1) - before;
    // In proportion to its rate, so that all connections are through after the same seconds.
    const amount =
      upTo(plan.requests, ratePerSecond, before + rate) -
      upTo(plan.requests, ratePerSecond, before);
    if (amount > 0) await send.run(1, amount, rate);
  });
  await Promise.all(runs);
}

/** Of `total` in `parts` equal parts: what the first `count` of them hold, in whole numbers. */
function upTo(total: number, parts: number, count: number): number {
  return Math.floor((total * count) / parts);
}
