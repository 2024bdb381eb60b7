import { isJsonObject, parsePublicJwk, type JsonValue, type JwkProblem } from '@keybound/core';
import type { ClientMetadata } from '../extension/client.js';
import type { MetadataProblem } from './metadata-problem.js';

/** What makes a key none to verify with, and still none that somebody leaked or weakened. RFC 7517 §5. */
const otherPurposes: ReadonlySet<JwkProblem> = new Set(['use', 'key_ops', 'key type', 'curve']);

/** The keys that a client registers. OIDC-20, AS-83, THR-80. */
export function checkKeys(metadata: ClientMetadata): MetadataProblem | undefined {
  const { jwks, jwks_uri: uri } = metadata;
  if (jwks === undefined) return undefined;
  if (uri !== undefined) return bad('comes together with jwks_uri');
  const members = jwks['keys'];
  const keys: readonly JsonValue[] = Array.isArray(members) ? members : [];
  const kids: string[] = [];
  for (const key of keys) {
    if (isSymmetric(key)) return bad('symmetric key');
    const parsed = parsePublicJwk(key);
    if (parsed.ok) {
      if (parsed.value.kid !== undefined) kids.push(parsed.value.kid);
    } else if (!otherPurposes.has(parsed.failure)) {
      return bad(parsed.failure);
    }
  }
  if (!keys.some((key) => parsePublicJwk(key).ok)) return bad('no usable key');
  return new Set(kids).size < kids.length ? bad('duplicate kid') : undefined;
}

function isSymmetric(key: JsonValue): boolean {
  return isJsonObject(key) && key['kty'] === 'oct';
}

function bad(problem: string): MetadataProblem {
  return { member: 'jwks', requirement: 'OIDC-20', problem };
}
