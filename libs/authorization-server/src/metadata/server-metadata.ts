import type { JsonObject } from '@keybound/core';
import { originOf } from '../endpoint/endpoint-table.js';
import { knownScopes } from '../authorization/requested-scopes.js';
import type { ServerContext } from '../server/server-context.js';
import { mergeMembers } from './merge-members.js';
import { openIdMembers } from './openid-members.js';

/**
 * What the server says about itself: RFC 8414 §2 and OpenID Connect Discovery §3 in one. AS-200.
 *
 * Everything follows from what is switched on and plugged in, so that the two cannot drift apart;
 * nothing follows from a request (AS-201). Members of extensions come last. Made once, when first asked
 * for, which must not be before the server is complete. `signed_metadata` is not there (AS-203).
 */
export function serverMetadata(context: ServerContext): JsonObject {
  let metadata = made.get(context);
  if (metadata === undefined) made.set(context, (metadata = makeMetadata(context)));
  return metadata;
}

const made = new WeakMap<ServerContext, JsonObject>();

function makeMetadata(context: ServerContext): JsonObject {
  const { clientAuthenticationMethods, tokenBinders, contributors } = context.extensions;
  const methods = [...clientAuthenticationMethods.values()];
  const plugged = mergeMembers([
    ...methods.map(({ metadata = {} }) => metadata),
    ...tokenBinders.map(({ metadata = {} }) => metadata),
    ...contributors.map((contributor) => contributor.metadata?.() ?? {}),
  ]);
  return mergeMembers([
    ownMembers(context),
    endpointMembers(context),
    clientAuthenticationMembers(context, plugged),
    plugged,
  ]);
}

/** What the server says by itself, whatever is plugged in: `checkMetadata` lets nobody say otherwise. */
export function ownMembers(context: ServerContext): JsonObject {
  const { configuration, extensions, keys } = context;
  return {
    issuer: context.issuer,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    grant_types_supported: [...extensions.grantTypes.keys()],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    require_pushed_authorization_requests: configuration.pushedRequests.required,
    authorization_details_types_supported: [...extensions.authorizationDetailsTypes.keys()],
    protected_resources: configuration.resources.map(({ resource }) => resource),
    scopes_supported: [...knownScopes(configuration)],
    introspection_signing_alg_values_supported: [...keys.algorithms],
    token_types_supported: tokenTypesOf(context),
    ...requestObjectMembers(context),
    ...openIdMembers(context),
  };
}

function endpointMembers(context: ServerContext): JsonObject {
  const origin = originOf(context.issuer);
  return mergeMembers(
    context.extensions.endpoints.map((endpoint) => {
      const { below, path } = endpoint;
      return endpoint.metadata?.(below === 'origin' ? origin + path : context.urlOf(path)) ?? {};
    }),
  );
}

/** RFC 9101 §10.5, OIDC-12: what a client would otherwise take for granted is denied in so many words. */
function requestObjectMembers({ configuration: { requestObjects } }: ServerContext): JsonObject {
  if (requestObjects === 'off') {
    return { request_parameter_supported: false, request_uri_parameter_supported: false };
  }
  return {
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    request_object_signing_alg_values_supported: requestObjects.algorithms,
    require_signed_request_object: requestObjects.required,
  };
}

const signing = 'token_endpoint_auth_signing_alg_values_supported';

/** RFC 8414 §2: the other endpoints take what the token endpoint takes; introspection no public client. */
function clientAuthenticationMembers(
  { extensions }: ServerContext,
  { [signing]: algorithms }: JsonObject,
): JsonObject {
  const methods = [...extensions.clientAuthenticationMethods.keys()];
  return {
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods.filter((method) => method !== 'none'),
    ...(algorithms !== undefined && {
      revocation_endpoint_auth_signing_alg_values_supported: algorithms,
      introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    }),
  };
}

/** OIDC-15. `Bearer` where a token need not be bound, or is bound to a certificate. */
function tokenTypesOf({ configuration, extensions }: ServerContext): readonly string[] {
  const bound = extensions.tokenBinders.flatMap(({ tokenTypes }) => tokenTypes);
  return configuration.accessTokens.requireProof ? bound : [...bound, 'Bearer'];
}
