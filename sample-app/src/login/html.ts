const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Markup that may stand in a page as it is. Made by {@link html} only. */
export class Html {
  constructor(readonly markup: string) {}
}

type Value = string | number | Html | readonly Html[] | undefined;

/** Markup in which every value is escaped, unless it is markup itself. THR-39. */
export function html(literals: TemplateStringsArray, ...values: readonly Value[]): Html {
  const pieces = literals.map((literal, at) => literal + rendered(values[at]));
  return new Html(pieces.join(''));
}

function rendered(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(({ markup }) => markup).join('');
  return String(value).replace(/[&<>"']/g, (character) => entities.get(character) ?? '');
}
