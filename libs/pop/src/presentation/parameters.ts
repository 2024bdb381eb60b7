import type { HttpRequestView } from '@keybound/core';
import { parseRawQuery } from '../signed-http-request/raw-query.js';

const latin1 = new TextDecoder('latin1');

/** The content of a form as text; undefined where the request is no captured form. */
export function formContent(request: HttpRequestView): string | undefined {
  if (request.body.state !== 'captured' || request.body.bytes.length === 0) return undefined;
  const [type = ''] = request.headerValues('content-type');
  const mediaType = type.split(';')[0]?.trim().toLowerCase();
  return mediaType === 'application/x-www-form-urlencoded'
    ? latin1.decode(request.body.bytes)
    : undefined;
}

/** Raw values of every parameter of that name; tokens need no decoding. */
export function parametersNamed(name: string, encoded: string | undefined): readonly string[] {
  if (encoded === undefined || !(encoded.includes(name) || encoded.includes('%'))) return [];
  return parseRawQuery(encoded)
    .filter((parameter) => parameter.name === name)
    .map(({ rawValue }) => rawValue);
}
