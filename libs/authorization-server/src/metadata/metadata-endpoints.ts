import { accept } from '@keybound/core';
import type { Endpoint, EndpointAnswer } from '../extension/endpoint.js';
import type { BuiltIn } from '../server/server-context.js';
import { jsonAnswer } from '../endpoint/answers.js';
import { serverMetadata } from './server-metadata.js';
import { openidPath, wellKnownPaths } from './well-known-paths.js';

/** How long others may keep the document, in seconds. */
const maxAgeSeconds = 900;

/**
 * The server's metadata, at every place where somebody looks for it, from one source. RFC 8414 §3,
 * OpenID Connect Discovery §4, AS-200, OIDC-09.
 */
export const metadataEndpoints: BuiltIn = (context) => {
  let answer: EndpointAnswer | undefined;
  const document = (name: string, below: Endpoint['below'], path: string): Endpoint => ({
    name,
    below,
    path,
    methods: ['GET'],
    content: 'none',
    cors: 'any-origin',
    surface: () => ({ kind: 'endpoint' }),
    handle: () => {
      answer ??= jsonAnswer(200, serverMetadata(context), [
        ['cache-control', `public, max-age=${String(maxAgeSeconds)}`],
      ]);
      return Promise.resolve(accept(answer));
    },
  });
  const { oauth, openidInserted } = wellKnownPaths(context.issuer);
  return {
    endpoints: [
      document('metadata', 'origin', oauth),
      document('OpenID configuration', 'issuer', openidPath),
      ...(openidInserted === undefined
        ? []
        : [document('OpenID configuration, inserted', 'origin', openidInserted)]),
    ],
  };
};
