import { countedShares } from '../../scenarios/theory/popularity.ts';
import { TraceReader } from '../simulate/trace/trace-reader.ts';
import { openTrace } from '../simulate/trace/trace-source.ts';

/** How often each key was asked for in a trace, as shares; and how often all of them, where it has times. */
export async function tracedPopularity(
  file: string,
): Promise<{ shares: Float64Array; requestsPerSecond: number | null }> {
  const source = openTrace(file);
  const reader = new TraceReader({ name: source.name });
  const requests: number[] = [];
  for await (const { keys } of reader.batches(source.chunks())) {
    for (const key of keys) requests[key] = (requests[key] ?? 0) + 1;
  }
  const { durationSeconds } = reader;
  return {
    shares: countedShares(requests),
    requestsPerSecond: durationSeconds > 0 ? reader.requests / durationSeconds : null,
  };
}
