import { accept } from '@keybound/core';
import { jsonAnswer } from '../endpoint/answers.js';
import type { BuiltIn } from '../server/server-context.js';

/** How long others may keep the key set, at most; next keys of other making are published as long ahead. */
const longestAgeSeconds = 900;

/** The public keys of the server. RFC 7517 §5, OpenID Connect Discovery §3, AS-206, OIDC-13. */
export const keysEndpoint: BuiltIn = ({ keys }) => {
  const { publishAheadSeconds = longestAgeSeconds } = keys.rotation ?? {};
  const maxAgeSeconds = Math.min(publishAheadSeconds, longestAgeSeconds);
  return {
    endpoints: [
      {
        name: 'keys',
        below: 'issuer',
        path: '/jwks',
        methods: ['GET'],
        content: 'none',
        cors: 'any-origin',
        metadata: (url) => ({ jwks_uri: url }),
        surface: () => ({ kind: 'endpoint' }),
        handle: async ({ now }) =>
          accept(
            jsonAnswer(200, await keys.published(now), [
              ['cache-control', `public, max-age=${String(maxAgeSeconds)}`],
            ]),
          ),
      },
    ],
  };
};
