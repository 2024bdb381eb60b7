import type { ServerResponse } from 'node:http';
import type { EndpointAnswer } from '../extension/endpoint.js';

/**
 * Sends an answer and ends the response. A field that comes several times is sent as several lines
 * (`Set-Cookie`, `WWW-Authenticate`).
 *
 * What the application's middleware has set stays where the answer has nothing to say, save for CORS:
 * which origins may read an endpoint is the endpoint's own business (AS-01, AS-79, THR-77).
 */
export function sendAnswer(response: ServerResponse, answer: EndpointAnswer): void {
  for (const name of response.getHeaderNames()) {
    if (name.startsWith('access-control-')) response.removeHeader(name);
  }
  // Node knows the length of what it ends with only as long as the head is not written.
  const length = String(Buffer.byteLength(answer.body ?? ''));
  const fields: typeof answer.headers = hasLength(response, answer)
    ? [...answer.headers, ['content-length', length]]
    : answer.headers;
  if (hasRepeated(fields)) {
    // Where fields were set before, `writeHead` of Node 20 keeps but the last of several lines.
    for (const [name] of fields) response.removeHeader(name);
    for (const [name, value] of fields) response.appendHeader(name, value);
    response.writeHead(answer.status);
  } else {
    response.writeHead(answer.status, fields.flat());
  }
  response.end(answer.body);
}

/** RFC 9110 §8.6: none with 204, and to HEAD none but that of the content that GET would get. */
function hasLength({ req }: ServerResponse, { status, body }: EndpointAnswer): boolean {
  return status !== 204 && (req.method !== 'HEAD' || body !== undefined);
}

function hasRepeated(fields: EndpointAnswer['headers']): boolean {
  return new Set(fields.map(([name]) => name)).size < fields.length;
}
