import { FORMATS } from './formats/index.ts';
import { controlCharacters, loneReturns, notUnderstood } from './refusals.ts';
import type { ReadingOptions, TraceFormat } from './traced-request.ts';

/** Control characters, but tabs and the ends of lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0001-\u0008\u000b\u000c\u000e-\u001f]/;

/**
 * The format of a trace that begins with these lines (each byte a character).
 * @throws UsageError where none of the formats is plainly meant: nothing is guessed
 */
export function chooseFormat(
  asked: string,
  lines: readonly string[],
  options: ReadingOptions,
): TraceFormat {
  const named = FORMATS.find(({ name }) => name === asked);
  if (named) return named;
  if (lines.some((line) => line.includes('\r'))) throw loneReturns(options.name);
  const control = lines.find((line) => CONTROL.test(line));
  if (control !== undefined) throw controlCharacters(control, options.name);
  const format = FORMATS.find((one) => one.recognises(lines, options));
  if (format === undefined) throw notUnderstood(lines, options);
  return format;
}
