const LONGEST_SHOWN = 200;

/** A line of bytes (each a character) for a message: not too long, control characters to be seen. */
export function shownLine(line: string): string {
  const text = Buffer.from(line.slice(0, 2 * LONGEST_SHOWN), 'latin1').toString('utf8');
  const visible = text.replace(/\p{Cc}/gu, (character) =>
    character === '\t' ? '\\t' : `\\x${character.codePointAt(0)!.toString(16).padStart(2, '0')}`,
  );
  return visible.length <= LONGEST_SHOWN ? visible : `${visible.slice(0, LONGEST_SHOWN)} …`;
}
