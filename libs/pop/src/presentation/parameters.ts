import type { HttpRequestView } from '@keybound/core';
import { parseRawQuery } from '../signed-http-request/raw-query.js';

const latin1 = new TextDecoder('latin1');
const maxFormBytes = 65_536;

/** Whether the content is a form, which may hold a credential. */
export function isForm(request: HttpRequestView): boolean {
  const [type] = request.headerValues('content-type');
  return type?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/** A form as text; undefined for one of over 64 KiB, in which no credential is looked for. */
export async function formContent(request: HttpRequestView): Promise<string | undefined> {
  const content = await request.content();
  if (content.state !== 'captured' || content.bytes.length > maxFormBytes) return undefined;
  return latin1.decode(content.bytes);
}

/** Raw values of every parameter of that name, escaped or not; tokens need no decoding. */
export function parametersNamed(name: string, encoded: string | undefined): readonly string[] {
  // Without an escape, the name can only stand there as it is.
  if (encoded?.includes('%') !== true && encoded?.includes(name) !== true) return [];
  return parseRawQuery(encoded)
    .filter((parameter) => parameter.name === name)
    .map(({ rawValue }) => rawValue);
}
