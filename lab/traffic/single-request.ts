import { request } from 'node:http';

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
  readonly latencyMicros: number;
}

const TIMEOUT_MILLIS = 10_000;

/** Sends one request over a connection of its own, which is closed after the response. */
export function sendOne(plan: SingleRequest, signal: AbortSignal): Promise<SingleResponse> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...('port' in plan.to ? { host: '127.0.0.1', port: plan.to.port } : plan.to),
        method: plan.method,
        path: plan.path,
        agent: false,
        headers: {
          ...(plan.body !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(plan.body),
          }),
          ...plan.headers,
        },
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MILLIS)]),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string | undefined>,
            body: Buffer.concat(chunks).toString('utf8'),
            latencyMicros: (performance.now() - started) * 1_000,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(plan.body);
  });
}
