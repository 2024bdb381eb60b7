import {
  accept,
  issuerRelation,
  parseWebFingerResource,
  webFingerDocument,
  type Rejection,
  type Result,
} from '@keybound/core';
import { jsonAnswer } from '../endpoint/answers.js';
import type { Endpoint, EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import type { BuiltIn } from '../server/server-context.js';
import { knowsResource } from './knows-resource.js';
import { reject } from './rejections.js';

/** Tells which issuer a user belongs to. RFC 7033 §4, OpenID Connect Discovery §2. */
export const webFingerEndpoint: BuiltIn = ({ configuration: { webFinger }, issuer }) => {
  if (webFinger === 'off') return {};
  const { hasAccount } = webFinger;
  const endpoint: Endpoint = {
    name: 'WebFinger',
    below: 'origin',
    path: '/.well-known/webfinger',
    methods: ['GET'],
    content: 'none',
    cors: 'any-origin',
    surface: () => ({ kind: 'endpoint' }),
    handle: (request) => answer(issuer, hasAccount, request),
  };
  return { endpoints: [endpoint] };
};

/** OIDC-06: whatever `Accept` says, this is the one type there is. */
const type = ['content-type', 'application/jrd+json'] as const;

async function answer(
  issuer: string,
  hasAccount: (name: string) => Promise<boolean>,
  { query }: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const [subject, ...others] = query.all('resource');
  if (subject === undefined || others.length > 0 || query.repeated.has('resource')) {
    return reject('webfinger.resource', 'OIDC-05', {
      actual: `${String(others.length + 1)} times`,
    });
  }
  const resource = parseWebFingerResource(subject);
  if (!resource.ok) return reject('webfinger.resource', 'OIDC-05', { actual: resource.failure });
  if (!(await knowsResource(issuer, hasAccount, resource.value)))
    return accept(jsonAnswer(404, {}));
  const links = [{ rel: issuerRelation, href: issuer }];
  const document = webFingerDocument(subject, links, query.all('rel'));
  return accept({
    status: 200,
    headers: [type, ['cache-control', 'no-store']],
    body: JSON.stringify(document),
  });
}
