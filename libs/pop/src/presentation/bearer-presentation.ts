import { accept, sha256Base64url } from '@keybound/core';
import { formDecode } from '../signed-http-request/raw-query.js';
import { parametersNamed } from './parameters.js';
import type { Presentation } from './presentation.js';
import { reject } from './rejections.js';
import { isToken68 } from './token68.js';

export type BearerTransport = 'header' | 'form';

/**
 * `Authorization: Bearer <token>`, and `access_token` in a form where the operator switched that on:
 * no proof of its own. RFC 6750 §2.1, §2.2.
 */
export function bearerPresentation(transports: readonly BearerTransport[]): Presentation {
  const inForms = transports.includes('form');
  return {
    scheme: 'Bearer',
    takesAccessTokenIn: (request) => inForms && request.method === 'POST',
    findElsewhere(request, form) {
      if (!inForms || request.method !== 'POST') return [];
      const found = parametersNamed('access_token', form);
      return found.map((text) => ({ transport: 'form', text: formDecode(text) }));
    },
    async extract({ text, transport }, request) {
      if (transport === 'form') {
        if (!isToken68(text)) return reject('credentials.malformed', 'RS-08');
        if (request.headerValues('dpop').length > 0) {
          return reject('credentials.proof_with_bearer', 'DPOP-25');
        }
      }
      const accessTokenHash = await sha256Base64url(text);
      return accept({
        scheme: 'Bearer',
        accessToken: text,
        accessTokenHash,
        proof: accept(undefined),
      });
    },
    freshNonce: () => undefined,
    challenge: () => ({ leading: [], parameters: [], fields: [] }),
    nonceFields: () => [],
  };
}
