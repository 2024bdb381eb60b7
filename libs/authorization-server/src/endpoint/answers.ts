import type { ErrorResponse } from '@keybound/core';
import type { EndpointAnswer } from '../extension/endpoint.js';

type Fields = EndpointAnswer['headers'];

/** A JSON answer that nobody may keep (INV-8), unless `fields` say otherwise. */
export function jsonAnswer(status: number, body: object, fields: Fields = []): EndpointAnswer {
  return {
    status,
    headers: [['content-type', 'application/json'], ...defaultsUnlessIn(fields), ...fields],
    body: JSON.stringify(body),
  };
}

/** A refusal that was rendered, with the fields that it was rendered with. */
export function errorAnswer({ status, headers, body }: ErrorResponse): EndpointAnswer {
  return jsonAnswer(status, body, headers);
}

/** An answer without content. */
export function emptyAnswer(status: number, fields: Fields = []): EndpointAnswer {
  return { status, headers: [...defaultsUnlessIn(fields), ...fields], body: undefined };
}

/** AS-15: 303 and no other, so that no form is sent again; and no trace of where it came from. */
export function redirectAnswer(location: string, fields: Fields = []): EndpointAnswer {
  return emptyAnswer(303, [['location', location], ['referrer-policy', 'no-referrer'], ...fields]);
}

function defaultsUnlessIn(fields: Fields): Fields {
  return fields.some(([name]) => name === 'cache-control') ? [] : [['cache-control', 'no-store']];
}
