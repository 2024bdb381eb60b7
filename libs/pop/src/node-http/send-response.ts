import type { ErrorResponse } from '@keybound/core';
import type { ServerResponse } from 'node:http';

/** Sets fields, keeping several of one name apart. @param fields Names in lower case. */
export function setFields(
  response: ServerResponse,
  fields: readonly (readonly [name: string, value: string])[],
): void {
  if (fields.length === 0) return;
  for (const [name, values] of groupFields(fields)) {
    response.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  }
}

/** Fields by name; of those that may stand once only, the last one counts. */
export function groupFields(
  fields: readonly (readonly [name: string, value: string])[],
): ReadonlyMap<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const [name, value] of fields) {
    const known = byName.get(name);
    if (known !== undefined && name === 'www-authenticate') known.push(value);
    else byName.set(name, [value]);
  }
  return byName;
}

/** Sends a refusal and ends the response. */
export function sendErrorResponse(response: ServerResponse, answer: ErrorResponse): void {
  response.statusCode = answer.status;
  setFields(response, answer.headers);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answer.body));
}
