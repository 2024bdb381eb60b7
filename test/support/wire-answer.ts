import { isJsonObject, type JsonObject } from '@keybound/core';

/** An answer as it came over the wire, redirects not followed. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** The body as a JSON object. @throws Error for any other body. */
  readonly json: JsonObject;
}

/** One request, with nothing done about its answer. */
export async function onTheWire(url: string | URL, init: RequestInit = {}): Promise<WireAnswer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const body = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body,
    get json() {
      const value: unknown = JSON.parse(body);
      if (!isJsonObject(value)) throw new Error(`Not a JSON object: ${body}`);
      return value;
    },
  };
}
