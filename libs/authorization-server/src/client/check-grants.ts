import { safeText } from '@keybound/core';
import type { ClientMetadata } from '../extension/client.js';
import type { MetadataRules } from './metadata-rules.js';
import type { MetadataProblem } from './metadata-problem.js';

/** Whether grants, response types and the authentication method exist and fit. OIDC-18, AS-89. */
export function checkGrants(
  metadata: ClientMetadata,
  rules: MetadataRules,
): MetadataProblem | undefined {
  const { grant_types: grants, response_types: responses } = metadata;
  const foreign = responses.find((type) => type !== 'code');
  if (foreign !== undefined) return refused('response_types', foreign);
  if (responses.length > 0 !== grants.includes('authorization_code')) {
    const problem = 'does not fit grant_types';
    return { member: 'response_types', requirement: 'OIDC-18', problem };
  }
  return (
    checkGrantTypes(metadata, rules) ??
    checkMethod(metadata, rules) ??
    checkDetailsTypes(metadata, rules)
  );
}

function checkGrantTypes(
  { grant_types: grants, token_endpoint_auth_method: method }: ClientMetadata,
  { grantTypes }: MetadataRules,
): MetadataProblem | undefined {
  if (grantTypes === undefined) return undefined;
  const unknown = grants.find((name) => !grantTypes.has(name));
  if (unknown !== undefined) return refused('grant_types', unknown);
  if (method !== 'none') return undefined;
  const confidential = grants.find((name) => grantTypes.get(name)?.publicClients !== true);
  if (confidential === undefined) return undefined;
  const problem = `${safeText(confidential)} is not for public clients`;
  return { member: 'grant_types', requirement: 'OIDC-18', problem };
}

function checkMethod(
  metadata: ClientMetadata,
  { authenticationMethods }: MetadataRules,
): MetadataProblem | undefined {
  const member = 'token_endpoint_auth_method';
  const method = metadata.token_endpoint_auth_method;
  if (authenticationMethods !== undefined && !authenticationMethods.has(method)) {
    return { member, requirement: 'AS-89', problem: `${safeText(method)} is not supported` };
  }
  const keyless = metadata.jwks === undefined && metadata.jwks_uri === undefined;
  if (method === 'private_key_jwt' && keyless) {
    return { member, requirement: 'AS-83', problem: 'needs jwks or jwks_uri' };
  }
  return undefined;
}

function checkDetailsTypes(
  { authorization_details_types: types = [] }: ClientMetadata,
  { authorizationDetailsTypes }: MetadataRules,
): MetadataProblem | undefined {
  const unknown = types.find((type) => authorizationDetailsTypes?.has(type) === false);
  if (unknown === undefined) return undefined;
  const member = 'authorization_details_types';
  return { member, requirement: 'AS-219', problem: `${safeText(unknown)} is not supported` };
}

function refused(member: string, name: string): MetadataProblem {
  return { member, requirement: 'OIDC-18', problem: `${safeText(name)} is not supported` };
}
