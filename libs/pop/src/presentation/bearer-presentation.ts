import { accept, sha256Base64url } from '@keybound/core';
import type { Presentation } from './presentation.js';

/** `Authorization: Bearer <token>`: no proof of its own. RFC 6750 §2.1. */
export const bearerPresentation: Presentation = {
  scheme: 'Bearer',
  findElsewhere: () => [],
  async extract({ text }) {
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
