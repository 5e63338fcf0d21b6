import { request } from 'node:http';
import { LabError } from '../console/errors.ts';

/** Asks one worker over a Unix socket and gives back the parsed JSON reply. */
export async function askWorker<T>(
  socketPath: string,
  path: string,
  options: { method?: string; timeoutMillis?: number } = {},
): Promise<T> {
  const { status, body } = await exchange(socketPath, path, options);
  if (status !== 200) {
    throw new LabError(`A worker answered ${status} to ${path} on its control socket: ${body}`, {
      remedy: 'This is a defect of the lab; the message above says where.',
    });
  }
  return JSON.parse(body) as T;
}

function exchange(
  socketPath: string,
  path: string,
  { method = 'GET', timeoutMillis = 5_000 }: { method?: string; timeoutMillis?: number },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMillis);
    const sent = request({ socketPath, path, method, agent: false, signal }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
