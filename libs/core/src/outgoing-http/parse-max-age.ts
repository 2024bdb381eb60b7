const maxAge = /^max-age="?([0-9]{1,10})"?$/;

/** `max-age` of a `Cache-Control` field, in seconds; undefined unless it is there once. RFC 9111 §5.2.2.1. */
export function parseMaxAge(field: string): number | undefined {
  const directives = field.split(',').map((directive) => directive.trim().toLowerCase());
  const ages = directives.filter((directive) => directive.startsWith('max-age'));
  const digits = ages.length === 1 ? maxAge.exec(ages[0] ?? '')?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}
