/**
 * A field of a CSV file (RFC 4180): quoted where needed. A text that a spreadsheet would take for a
 * formula gets an apostrophe, as keys and paths come from outside.
 */
export function csvField(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV, each line ended; `null` is an empty field, numbers are exact. */
export function csvOf(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return rows
    .map(
      (row) => `${row.map((cell) => (cell === null ? '' : csvField(String(cell)))).join(',')}\r\n`,
    )
    .join('');
}
