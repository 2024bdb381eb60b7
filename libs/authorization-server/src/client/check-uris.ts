import { splitHttpUrl } from '@keybound/core';
import type { ClientMetadata } from '../extension/client.js';
import { isLoopbackHost } from '../server/is-loopback-host.js';
import type { MetadataRules } from './metadata-rules.js';
import type { MetadataProblem } from './metadata-problem.js';
import { checkRedirectUri } from './redirect-uri.js';

/** The URIs of a client, and those that are fetched for it. AS-217, AS-219, OIDC-19 to OIDC-21. */
export function checkUris(
  metadata: ClientMetadata,
  rules: MetadataRules,
): MetadataProblem | undefined {
  return (
    checkRedirects(metadata) ??
    checkSecure(metadata, rules) ??
    (metadata.subject_type === 'pairwise' ? checkSector(metadata, rules) : undefined)
  );
}

function checkRedirects(metadata: ClientMetadata): MetadataProblem | undefined {
  const { redirect_uris: redirectUris, application_type: type } = metadata;
  const member = 'redirect_uris';
  for (const uri of redirectUris) {
    const problem = checkRedirectUri(uri, type);
    if (problem !== undefined) return { member, requirement: 'OIDC-19', problem };
  }
  if (redirectUris.length === 0 && metadata.grant_types.includes('authorization_code')) {
    return { member, requirement: 'OIDC-19', problem: 'is missing' };
  }
  for (const uri of metadata.post_logout_redirect_uris ?? []) {
    const problem = checkRedirectUri(uri, type);
    if (problem !== undefined) {
      return { member: 'post_logout_redirect_uris', requirement: 'AS-219', problem };
    }
  }
  return undefined;
}

function checkSecure(
  metadata: ClientMetadata,
  { loopbackIdentifiers }: MetadataRules,
): MetadataProblem | undefined {
  const requirements = {
    jwks_uri: 'OIDC-20',
    sector_identifier_uri: 'OIDC-21',
    initiate_login_uri: 'AS-219',
  } as const;
  for (const [member, requirement] of Object.entries(requirements)) {
    const uri = metadata[member as keyof typeof requirements];
    if (uri === undefined) continue;
    if (uri.includes('#')) return { member, requirement, problem: 'has a fragment' };
    const url = splitHttpUrl(uri);
    const tolerated = loopbackIdentifiers && url !== undefined && isLoopbackHost(url.host);
    if (!tolerated && url?.origin.startsWith('https://') !== true) {
      return { member, requirement, problem: 'is not https' };
    }
  }
  return undefined;
}

/** OpenID Connect Core §8.1: without a document that lists them, all redirect URIs have one host. */
function checkSector(
  metadata: ClientMetadata,
  { pairwiseSubjects }: MetadataRules,
): MetadataProblem | undefined {
  if (!pairwiseSubjects) {
    return { member: 'subject_type', requirement: 'AS-180', problem: 'pairwise is not supported' };
  }
  if (metadata.sector_identifier_uri !== undefined) return undefined;
  const hosts = new Set(metadata.redirect_uris.map((uri) => splitHttpUrl(uri)?.host ?? uri));
  if (hosts.size <= 1) return undefined;
  return { member: 'sector_identifier_uri', requirement: 'OIDC-21', problem: 'is missing' };
}
