/** The token endpoint, whatever the grant. OAuth 2.1 §3.2, RFC 8707, RFC 9396, RFC 9449. */
export const tokenRequirements = {
  'AS-02': 'no parameter is repeated, save resource and audience (OAuth 2.1 §3.1)',
  'AS-68': 'public clients do not use a grant that rests on their own authority (OAuth 2.1 §4.2)',
  'AS-69': 'a request asks for no more scope than was granted (OAuth 2.1 §4.3)',
  'AS-75': 'what was bound to a key once, yields no unbound token (RFC 9449 §5)',
  'AS-77': 'access tokens are bound to a key, unless the operator lets them go (RFC 9700 §2.2.1)',
  'AS-78': 'the grant type is known, and registered for the client (OAuth 2.1 §3.2.4)',
  'AS-130': 'the resource is one for which the grant was given (RFC 8707 §2)',
  'AS-131':
    'a token is for one resource, which the client names, and whose scopes it has (RFC 8707 §2.2)',
  'AS-132': 'authorization_details are a list of known types, each of its shape (RFC 9396 §5)',
  'AS-134': 'a request asks for no more authorization_details than were granted (RFC 9396 §6)',
  'DPOP-16': 'a bound refresh token is used with its key (RFC 9449 §5)',
  'DPOP-29': 'a client that registered for DPoP always proves its key (RFC 9449 §5.2)',
  'DPOP-37': 'a bound code is redeemed with its key (RFC 9449 §10)',
  'KD-02': 'a client that registered for pop tokens gets no others (-01 §4.1)',
} as const;
