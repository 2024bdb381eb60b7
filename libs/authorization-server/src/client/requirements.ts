/** What clients may say about themselves, and where their users may be sent. */
export const clientRequirements = {
  'AS-04': 'redirect_uri equals a registered one, character by character',
  'AS-05': 'only a native client has http on loopback, with any port, or a private-use scheme',
  'AS-83': 'the keys of a client come from jwks or jwks_uri, exactly one of them',
  'AS-89': 'client_secret_jwt is not supported; a method must be one of those that are plugged in',
  'AS-165': 'a signature algorithm is one that the server has, never none',
  'AS-180': 'pairwise subjects need one host, or a sector_identifier_uri',
  'AS-183': 'tokens and answers are not encrypted for clients',
  'AS-208': 'a remote key set is kept within bounds, and an old one for an hour at most',
  'AS-216': 'a client that registered itself and is never used goes away',
  'AS-217': 'every member has its type, its size and a value that the server supports',
  'AS-218': 'a member that is left out has a default; an unknown one is dropped',
  'AS-219': 'additional members that the server honours are sound',
  'DPOP-29': 'a client that always proves its key by DPoP needs a server that takes such proofs',
  'OIDC-14': 'a key set is fetched for an unknown kid once per cool-down',
  'OIDC-17': 'members that are left out have the defaults of the specification',
  'OIDC-18': 'grant_types, response_types and the authentication method fit one another',
  'OIDC-19': 'redirect_uris are there for flows that redirect, and each is sound',
  'OIDC-20': 'jwks and jwks_uri do not come together; keys are public; jwks_uri is https',
  'OIDC-21': 'sector_identifier_uri is https and lists every redirect URI',
  'OIDC-22': 'an encryption method needs an algorithm, and none of them is supported',
  'THR-44': 'no spelling of a redirect URI gets around its comparison',
  'THR-80': 'no URI of a client is a script, a wildcard, or forges a response',
} as const;

export type ClientRequirement = keyof typeof clientRequirements;
