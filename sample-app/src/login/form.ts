import type { IncomingHttpHeaders } from 'node:http';

/** Octets of a form. A password of a hundred words is shorter. */
export const maxFormBytes = 8_192;

export const formType = 'application/x-www-form-urlencoded';

const maxFields = 50;

export function isForm(headers: IncomingHttpHeaders): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  return type.trim().toLowerCase() === formType;
}

/** A form's fields, each of which came once. */
export type Form = Readonly<Record<string, string>>;

/** Undefined for a form with too many fields, or with one that came twice: which would count? */
export function parseForm(text: string): Form | undefined {
  const fields = [...new URLSearchParams(text)];
  const names = new Set(fields.map(([name]) => name));
  if (fields.length > maxFields || names.size < fields.length) return undefined;
  return Object.fromEntries(fields);
}

/** @param body What the parser left on the request. */
export function fieldOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined;
  const value = (body as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}
