import { deserialize, serialize } from 'node:v8';
import { restore, store } from '../copy.ts';

/*
 * How a value travels to a service. What JSON can hold exactly is JSON, so that `redis-cli get`
 * shows it and whole numbers can be incremented by the service itself; everything else (Date, Map,
 * bigint, undefined inside objects, cycles) is V8's own format, as `v8:<bytes>:<base64>`.
 */

const V8_FORMAT = /^v8:(\d+):/;
/** Nested deeper than this, a value goes by V8's format, which knows no such limit. */
const JSON_DEPTH = 100;

/**
 * The text for a value.
 *
 * @throws TypeError for what no cache can hold; see `store` in copy.ts
 */
export function encode(value: unknown): string {
  const copy = restore(store(value));
  if (isExactInJson(copy, new Set(), 0)) return JSON.stringify(copy);
  const bytes = serialize(copy);
  return `v8:${bytes.length}:${bytes.toString('base64')}`;
}

/** The value of a text, or `undefined` for what {@link encode} never made whole: cut off, or foreign. */
export function decode(text: string): { readonly value: unknown } | undefined {
  try {
    const head = V8_FORMAT.exec(text);
    if (!head) return { value: JSON.parse(text) };
    const bytes = Buffer.from(text.slice(head[0].length), 'base64');
    return bytes.length === Number(head[1]) ? { value: deserialize(bytes) } : undefined;
  } catch {
    return undefined;
  }
}

function isExactInJson(value: unknown, seen: Set<object>, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      return value === null || isPlainTree(value, seen, depth);
    default:
      return false;
  }
}

/** An object met twice is a cycle or a shared reference; JSON would make two of it. */
function isPlainTree(value: object, seen: Set<object>, depth: number): boolean {
  if (depth >= JSON_DEPTH || seen.has(value)) return false;
  seen.add(value);
  const names = Object.keys(value);
  if (Array.isArray(value)) {
    return (
      names.length === value.length && value.every((one) => isExactInJson(one, seen, depth + 1))
    );
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return names.every((name) =>
    isExactInJson((value as Record<string, unknown>)[name], seen, depth + 1),
  );
}
