import {
  ConfigurationError,
  encryptionKeyFromJwk,
  parsePublicJwk,
  type EncryptionKey,
  type PublicJwk,
  type SignatureAlgorithmName,
} from '@keybound/core';
import type { AuthorizationServerConfiguration } from '../../server/options.schema.js';

/** Which words a client uses: -01, -07 and RFC 9201, or MSAL's. */
export type Dialect = 'kd-01' | 'kd-07' | 'microsoft';

/** What the operator decided about keys that clients name, already parsed. */
export interface KeyDistributionPolicy {
  readonly dialects: ReadonlySet<Dialect>;
  /** KD-16: those in which possession is shown in the token request already. */
  readonly requireKeyProof: ReadonlySet<Dialect>;
  /** Published as `pop_signing_alg_values_supported`; no MAC is among them. */
  readonly algorithms: readonly SignatureAlgorithmName[];
  /** KD-08: whether the server makes keys for those who ask for one. */
  readonly symmetric: boolean;
  readonly resources: ReadonlyMap<string, KeyedResource>;
}

/** What a resource can do with keys. */
export interface KeyedResource {
  readonly proofAlgorithms: readonly SignatureAlgorithmName[] | undefined;
  readonly encryptionKey: EncryptionKey | undefined;
  /** Its own key: `rs_cnf`. */
  readonly confirmation: PublicJwk | undefined;
}

type Section = Exclude<AuthorizationServerConfiguration['keyDistribution'], 'off'>;
type Resource = AuthorizationServerConfiguration['resources'][number];

/** @throws ConfigurationError that says what to change. */
export function keyDistributionPolicy(
  { dialects, requireKeyProof, algorithms, symmetric }: Section,
  resources: readonly Resource[],
): KeyDistributionPolicy {
  return {
    dialects: new Set(dialects),
    requireKeyProof: new Set(requireKeyProof),
    algorithms,
    symmetric,
    resources: new Map(resources.map((resource) => [resource.resource, keyedResource(resource)])),
  };
}

function keyedResource({
  resource,
  proofAlgorithms,
  encryptionKey,
  confirmation,
}: Resource): KeyedResource {
  return {
    proofAlgorithms,
    encryptionKey: encryptionKey === undefined ? undefined : encryptionKeyFromJwk(encryptionKey),
    confirmation: confirmation === undefined ? undefined : publicJwk(resource, confirmation),
  };
}

function publicJwk(resource: string, confirmation: Resource['confirmation']): PublicJwk {
  const parsed = parsePublicJwk(confirmation);
  if (parsed.ok) return parsed.value;
  throw new ConfigurationError(
    `The confirmation of the resource ${resource} cannot be used: ${parsed.failure}.`,
  );
}
