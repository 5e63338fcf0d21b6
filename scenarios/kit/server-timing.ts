/** One entry of the header Server-Timing, in microseconds; `null` where there is none. */
export function serverMicros(
  headers: Readonly<Record<string, string | undefined>>,
  name: string,
): number | null {
  const match = new RegExp(`(?:^|, )${name};dur=([\\d.]+)`).exec(headers['server-timing'] ?? '');
  return match ? Number(match[1]) * 1_000 : null;
}
