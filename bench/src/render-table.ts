/** @param alignment A letter for each column: `r` for figures. */
export function renderTable(
  titles: readonly string[],
  alignment: string,
  rows: readonly (readonly string[])[],
): string {
  const rule = alignment.split('').map((letter) => (letter === 'r' ? '--:' : '---'));
  return [titles, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
