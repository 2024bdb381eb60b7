import { bodyDepth, parseJson, UpstreamError, type OutgoingHttp } from '@keybound/core';
import type { MetadataProblem } from '../client/metadata-problem.js';
import type { ClientMetadata } from '../extension/client.js';

const maxBytes = 65_536;

/**
 * Whether the document lists every redirect URI, so that nobody joins a sector that does not know it.
 * OpenID Connect Registration §5, OIDC-21.
 */
export async function checkSectorIdentifier(
  { sector_identifier_uri: uri, redirect_uris: redirectUris }: ClientMetadata,
  http: OutgoingHttp,
): Promise<MetadataProblem | undefined> {
  if (uri === undefined) return undefined;
  const listed = await fetchList(uri, http);
  if (listed === undefined) return problemOf('cannot be had, or is no list');
  return redirectUris.every((redirectUri) => listed.has(redirectUri))
    ? undefined
    : problemOf('does not list every redirect URI');
}

/** Whoever registers chose the host: that it does not answer is its mistake, not a fault of ours. */
async function fetchList(uri: string, http: OutgoingHttp): Promise<Set<unknown> | undefined> {
  try {
    const { body } = await http.get(uri, { mediaTypes: ['application/json'], maxBytes });
    const list = parseJson(body, bodyDepth);
    return Array.isArray(list) ? new Set<unknown>(list) : undefined;
  } catch (error) {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  }
}

function problemOf(problem: string): MetadataProblem {
  return { member: 'sector_identifier_uri', requirement: 'OIDC-21', problem };
}
