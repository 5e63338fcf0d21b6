import type { WorkerIdentity } from '../../server/protocol.ts';
import { LabError } from '../console/errors.ts';

/** One request and where it goes: a worker's own Unix socket, or the fleet's port on 127.0.0.1. */
export interface SingleRequest {
  readonly to: { readonly socketPath: string } | { readonly port: number };
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

export interface SingleResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** From before the connection is made to the end of the body. */
  readonly latencyMicros: number;
}

/** How long an answer may take, what it means when it takes longer, and what else ends the wait. */
interface Patience {
  readonly limitMillis: number;
  late(): LabError;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends one request over a connection of its own, which is closed after the response.
 *
 * @throws LabError when no answer comes within ten seconds; what `signal` is aborted by; the
 * network's error when the connection breaks or cannot be made
 */
export function sendOne(
  plan: SingleRequest,
  signal: AbortSignal,
  limitMillis = 10_000,
): Promise<SingleResponse> {
  const late = () =>
    new LabError(`${plan.method} ${plan.path} was not answered in ${limitMillis / 1_000} s.`, {
      remedy: 'Run again, with fewer --workers or on a machine with less to do.',
    });
  return exchange(plan, { limitMillis, late, signal });
}

/**
 * Asks one worker on its control socket and gives back the parsed JSON reply.
 *
 * @throws LabError that names the worker when it does not answer in time or answers with an error;
 * the network's error when nobody listens
 */
export async function askWorker<T>(
  worker: WorkerIdentity & { readonly controlSocket: string },
  path: string,
  { method = 'GET', limitMillis = 5_000 }: { method?: string; limitMillis?: number } = {},
): Promise<T> {
  const name = `Worker ${worker.slot} (pid ${worker.pid})`;
  const late = () =>
    new LabError(`${name} does not answer: not in ${limitMillis / 1_000} s.`, {
      remedy: 'It was stopped, or has too much to do. Run again, with fewer --workers.',
    });
  const to = { socketPath: worker.controlSocket };
  const { status, body } = await exchange({ to, method, path }, { limitMillis, late });
  if (status === 200) return JSON.parse(body) as T;
  throw new LabError(`${name} answered ${status} to ${path} on its control socket: ${body}`, {
    remedy: 'This is a defect of the lab; the message above says where.',
  });
}

/**
 * How long a worker may take to answer one of so many connections. On a cold start it may have
 * to load a page for each of them first, one after the other, on a machine with other things to do.
 */
export function patienceSeconds(connections: number): number {
  return 10 + connections / 20;
}

async function exchange(plan: SingleRequest, patience: Patience): Promise<SingleResponse> {
  const { to, method, path, headers, body = null } = plan;
  const { limitMillis, late, signal } = patience;
  // Loaded while workers start (lab/run/arm.ts).
  const { Client } = await import('undici');
  const limit = AbortSignal.timeout(limitMillis);
  const started = performance.now();
  const client =
    'port' in to ? new Client(`http://127.0.0.1:${to.port}`) : new Client('http://worker', to);
  try {
    const response = await client.request({
      method: method as 'GET',
      path,
      headers: { ...(body !== null && { 'content-type': 'application/json' }), ...headers },
      body,
      reset: true,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const text = await response.body.text();
    return {
      status: response.statusCode,
      headers: response.headers as Record<string, string | undefined>,
      body: text,
      latencyMicros: (performance.now() - started) * 1_000,
    };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw limit.aborted ? late() : error;
  } finally {
    await client.destroy();
  }
}
