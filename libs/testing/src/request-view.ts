import { noContent, splitHttpUrl, type HttpRequestView } from '@keybound/core';
import { scene } from './scene.js';

export interface RequestInput {
  readonly method?: string;
  readonly url?: string;
  /** By name; a list for a repeated field. Or field lines in wire order. */
  readonly headers?:
    | Readonly<Record<string, string | readonly string[]>>
    | readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
}

/** A request as an adapter would hand it over. @throws TypeError for a URL that no adapter makes. */
export function requestView(input: RequestInput = {}): HttpRequestView {
  const { method = scene.method, url: text = scene.url, headers = {}, body } = input;
  const url = splitHttpUrl(text);
  if (url === undefined) throw new TypeError(`"${text}" is not an absolute http(s) URL.`);
  const lines = headerLines(headers);
  return {
    method,
    url,
    rawTarget: url.path + (url.query === undefined ? '' : `?${url.query}`),
    remoteAddress: '192.0.2.1',
    headerValues: (name) =>
      lines.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value),
    content: () =>
      Promise.resolve(
        body === undefined
          ? noContent
          : { state: 'captured', bytes: typeof body === 'string' ? Buffer.from(body) : body },
      ),
  };
}

/** In wire order. */
export function headerLines(
  headers: NonNullable<RequestInput['headers']>,
): readonly (readonly [string, string])[] {
  if (isLines(headers)) return headers;
  return Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((each) => [name, each] as const),
  );
}

function isLines(
  headers: NonNullable<RequestInput['headers']>,
): headers is readonly (readonly [string, string])[] {
  return Array.isArray(headers);
}
