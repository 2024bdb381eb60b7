/** RFC 9068 §4 and RFC 8725. */
export const accessTokenRequirements = {
  'RS-10': 'typ of a JWT access token is at+jwt',
  'RS-11': 'iss is a trusted issuer, exactly',
  'RS-12': 'aud contains this resource',
  'RS-13': 'the signature verifies with a key of the issuer, by an allowed algorithm',
  'RS-14': 'exp lies ahead and the required claims are there, each of its type',
  'THR-13': 'an access token has at most 8192 characters',
} as const;
