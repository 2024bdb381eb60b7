/** RFC 9068 §4, RFC 8725, RFC 7662 and RFC 9701. */
export const accessTokenRequirements = {
  'RS-10': 'typ of a JWT access token is at+jwt',
  'RS-11': 'iss is a trusted issuer, exactly',
  'RS-12': 'aud contains this resource',
  'RS-13': 'the signature verifies with a key of the issuer, by an allowed algorithm',
  'RS-14': 'exp lies ahead and the required claims are there, each of its type',
  'RS-22': 'only active: true of an introspection response counts (RFC 7662 §4)',
  'RS-28':
    'a signed introspection response is the issuer’s, for this caller, and new (RFC 9701 §5)',
  'AS-247': 'a token that its issuer revoked is refused',
  'CNF-15': 'an introspected token is bound as its response says (RFC 9449 §6.2, RFC 9201 §5)',
  'THR-13': 'an access token has at most 8192 characters',
} as const;
