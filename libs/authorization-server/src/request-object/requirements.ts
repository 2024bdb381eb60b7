/** JWT-secured authorization requests. RFC 9101. */
export const requestObjectRequirements = {
  'AS-02': 'request and request_uri come once (OAuth 2.1 §3.1)',
  'AS-41': 'request objects are switched on (RFC 9101 §7)',
  'AS-43': 'what stands beside the object says the same (RFC 9101 §5, OpenID Connect Core §6.1)',
  'AS-44': 'the object holds no request, request_uri or sub (RFC 9101 §4, §10.8)',
  'AS-45':
    'the object is signed by a key of the client, with an algorithm that is allowed (RFC 9101 §6.2)',
  'AS-46': 'iss and client_id are the client and aud is the issuer (RFC 9101 §4)',
  'AS-47':
    'the object is in force, and for no more than 60 minutes (FAPI 2.0 Message Signing §5.3.1)',
  'AS-48': 'typ is oauth-authz-req+jwt, JWT or absent (RFC 9101 §10.8)',
  'AS-49': 'the object is one compact JWS; encrypted ones are not taken (RFC 9101 §6.1)',
  'AS-50': 'an object that has a jti is accepted once',
  'THR-35': 'no text of the object holds U+0000',
  'THR-13': 'the object has at most 32,768 characters',
} as const;
