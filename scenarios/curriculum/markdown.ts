/** What stands under each heading of the second level, and its lines that are not empty. */
export function sectionsOf(markdown: string) {
  const sections = markdown.split(/^## /m).slice(1);
  return sections.map((markdown) => {
    const [heading, ...lines] = markdown.split(/\n+/) as [string, ...string[]];
    return { heading, lines, markdown };
  });
}

/**
 * The rows below the head of a table in Markdown, each cell under its column's name.
 *
 * @throws RangeError for a row with more or fewer cells, so that nobody's text is lost in silence
 */
export function rowsOf<Name extends string>(
  markdown: string,
  ...columns: readonly Name[]
): Record<Name, string>[] {
  const [, rows = ''] = markdown.split(/^\|[ |-]+\|\n/m);
  return [...rows.matchAll(/^\|(.*)\|$/gm)].map(([line, row]) => {
    const cells = row!.split('|').map((cell) => cell.trim());
    if (cells.length !== columns.length)
      throw new RangeError(`this row needs ${columns.length} cells: ${line}`);
    return Object.fromEntries(columns.map((name, i) => [name, cells[i]])) as Record<Name, string>;
  });
}
