import { accept, refuse, safeText, type JsonObject, type Result } from '@keybound/core';
import type { ClientMetadata } from '../extension/client.js';
import { registeredMembers, type RegisteredMembers } from './client-metadata.schema.js';
import { checkGrants } from './check-grants.js';
import { checkKeys } from './check-keys.js';
import { checkUris } from './check-uris.js';
import type { MetadataRules } from './metadata-rules.js';
import type { MetadataProblem } from './metadata-problem.js';
import { checkRedirectUri } from './redirect-uri.js';

export type MetadataCheck = (
  metadata: ClientMetadata,
  rules: MetadataRules,
) => MetadataProblem | undefined;

const checks: readonly MetadataCheck[] = [
  checkUris,
  checkGrants,
  checkKeys,
  checkAlgorithms,
  checkDpop,
];
const encryption = /_encrypted_response_(?:alg|enc)$|^request_object_encryption_(?:alg|enc)$/;

/**
 * Parses what a client says about itself. RFC 7591 §2, OpenID Connect Registration §2.
 *
 * Not checked here: what has to be fetched (`sector_identifier_uri`), and whether an elliptic-curve
 * key is on its curve, which its import shows.
 */
export function parseClientMetadata(
  input: JsonObject,
  rules: MetadataRules,
): Result<ClientMetadata, MetadataProblem> {
  const given = withoutNulls(input);
  const encrypted = Object.keys(given).find((member) => encryption.test(member));
  if (encrypted !== undefined) {
    const requirement = encrypted.endsWith('_enc') ? 'OIDC-22' : 'AS-183';
    return refuse({ member: encrypted, requirement, problem: 'is not supported' });
  }
  const parsed = registeredMembers.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const member = String(issue?.path[0] ?? 'metadata');
    const requirement = member.endsWith('_alg') ? 'AS-165' : 'AS-217';
    return refuse({ member, requirement, problem: safeText(issue?.message ?? 'is malformed') });
  }
  const metadata = withDefaults(parsed.data, rules);
  for (const check of checks) {
    const problem = check(metadata, rules);
    if (problem !== undefined) return refuse(problem);
  }
  return accept(metadata);
}

/** RFC 7592 §2.2: null is the same as leaving it out. */
function withoutNulls(input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}

/** AS-218, OIDC-17. */
function withDefaults(members: RegisteredMembers, rules: MetadataRules): ClientMetadata {
  const grantTypes = [...new Set(members.grant_types ?? ['authorization_code'])];
  const [firstAlgorithm = 'RS256'] = rules.signingAlgorithms;
  const rs256 = rules.signingAlgorithms.includes('RS256');
  const popBound = members.pop_bound_access_tokens ?? false;
  return {
    ...members,
    redirect_uris: members.redirect_uris ?? [],
    grant_types: grantTypes,
    response_types:
      members.response_types ?? (grantTypes.includes('authorization_code') ? ['code'] : []),
    application_type: members.application_type ?? likelyType(members.redirect_uris ?? []),
    token_endpoint_auth_method: members.token_endpoint_auth_method ?? 'client_secret_basic',
    subject_type: members.subject_type ?? 'public',
    id_token_signed_response_alg:
      members.id_token_signed_response_alg ?? (rs256 ? 'RS256' : firstAlgorithm),
    require_signed_request_object: members.require_signed_request_object ?? false,
    require_pushed_authorization_requests: members.require_pushed_authorization_requests ?? false,
    require_auth_time: members.require_auth_time ?? false,
    dpop_bound_access_tokens:
      members.dpop_bound_access_tokens ?? (!popBound && rules.dpopBoundByDefault),
    pop_bound_access_tokens: popBound,
    extensions: {},
  };
}

/**
 * `web` (OpenID Connect Registration §2), but for a client whose every redirect URI only a native one
 * may have: RFC 7591, by which many register, has no `application_type` at all.
 */
function likelyType(redirectUris: readonly string[]): ClientMetadata['application_type'] {
  const isNative = (uri: string) =>
    checkRedirectUri(uri, 'web') !== undefined && checkRedirectUri(uri, 'native') === undefined;
  return redirectUris.length > 0 && redirectUris.every(isNative) ? 'native' : 'web';
}

/** DPOP-29: such a client could get no token at all. */
function checkDpop(
  { dpop_bound_access_tokens: isBound }: ClientMetadata,
  { dpop }: MetadataRules,
): MetadataProblem | undefined {
  if (!isBound || dpop) return undefined;
  const member = 'dpop_bound_access_tokens';
  return { member, requirement: 'DPOP-29', problem: 'DPoP is not supported' };
}

function checkAlgorithms(
  metadata: ClientMetadata,
  rules: MetadataRules,
): MetadataProblem | undefined {
  const { signingAlgorithms, requestObjectAlgorithms, assertionAlgorithms } = rules;
  const lists = {
    id_token_signed_response_alg: signingAlgorithms,
    userinfo_signed_response_alg: signingAlgorithms,
    introspection_signed_response_alg: signingAlgorithms,
    request_object_signing_alg: requestObjectAlgorithms,
    token_endpoint_auth_signing_alg: assertionAlgorithms,
  } as const;
  for (const [member, supported] of Object.entries(lists)) {
    const chosen = metadata[member as keyof typeof lists];
    if (chosen !== undefined && !supported.includes(chosen)) {
      return { member, requirement: 'AS-165', problem: `${chosen} is not supported` };
    }
  }
  if (metadata.require_signed_request_object && requestObjectAlgorithms.length === 0) {
    const member = 'require_signed_request_object';
    return { member, requirement: 'AS-219', problem: 'request objects are not supported' };
  }
  return undefined;
}
