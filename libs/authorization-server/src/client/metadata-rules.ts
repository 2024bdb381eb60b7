import type { SignatureAlgorithmName } from '@keybound/core';
import type { ServerContext } from '../server/server-context.js';

/** What this server lets its clients choose. */
export interface MetadataRules {
  /** Grant types by name, with whether public clients may use them; undefined before all are plugged in. */
  readonly grantTypes: ReadonlyMap<string, { readonly publicClients: boolean }> | undefined;
  readonly authenticationMethods: ReadonlyMap<string, unknown> | undefined;
  readonly authorizationDetailsTypes: ReadonlyMap<string, unknown> | undefined;
  /** The server's own: for ID tokens, UserInfo and introspection. */
  readonly signingAlgorithms: readonly SignatureAlgorithmName[];
  readonly requestObjectAlgorithms: readonly SignatureAlgorithmName[];
  readonly assertionAlgorithms: readonly SignatureAlgorithmName[];
  readonly pairwiseSubjects: boolean;
  /** Whether clients can prove keys by DPoP at all. */
  readonly dpop: boolean;
  /** AS-218: never where {@link dpop} is false. */
  readonly dpopBoundByDefault: boolean;
  /** Whether URIs that are fetched may be http on loopback: in development only. */
  readonly loopbackIdentifiers: boolean;
}

/** The rules for clients of the configuration: read at start, when not everything is plugged in yet. */
export function rulesAtStart(context: ServerContext): MetadataRules {
  const { requestObjects, clientAssertions, registration, ...configuration } =
    context.configuration;
  const dpop = configuration.dpop !== 'off';
  return {
    grantTypes: undefined,
    authenticationMethods: undefined,
    authorizationDetailsTypes: undefined,
    signingAlgorithms: context.keys.algorithms,
    requestObjectAlgorithms: requestObjects === 'off' ? [] : requestObjects.algorithms,
    assertionAlgorithms: clientAssertions.algorithms,
    pairwiseSubjects: configuration.pairwiseSubjects !== 'off',
    dpop,
    dpopBoundByDefault: dpop && (registration === 'off' || registration.dpopBoundByDefault),
    loopbackIdentifiers: configuration.loopbackIdentifiers,
  };
}

/** The rules for clients that register themselves. */
export function rulesOfRegistration(context: ServerContext): MetadataRules {
  const { grantTypes, clientAuthenticationMethods, authorizationDetailsTypes } = context.extensions;
  return {
    ...rulesAtStart(context),
    grantTypes,
    authenticationMethods: clientAuthenticationMethods,
    authorizationDetailsTypes,
  };
}
