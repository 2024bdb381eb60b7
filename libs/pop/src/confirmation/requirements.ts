/** RFC 7800 and the confirmation members registered since. */
export const confirmationRequirements = {
  'CNF-01': 'cnf is an object (RFC 7800 §3)',
  'CNF-02': 'cnf names one key (RFC 7800 §3.1)',
  'CNF-03': 'every confirmation that is known is proven, and at least one is (RFC 7800 §3.1)',
  'CNF-04': 'cnf.jwk is a sound public key (RFC 7800 §3.2)',
  'CNF-05': 'cnf.jwk is not symmetric, since the token is only signed (RFC 7800 §3.2)',
  'CNF-06': 'cnf.jwe is a symmetric key, encrypted for this resource (RFC 7800 §3.3)',
  'CNF-07': 'cnf.kid alone needs a resolver (RFC 7800 §3.4)',
  'CNF-08': 'cnf.jku is an allowed key set with one matching key (RFC 7800 §3.5)',
  'CNF-12': 'cnf.x5t#S256 needs the client certificate (RFC 8705 §3.1)',
  'CNF-13': 'cnf.jkt is proven by DPoP (RFC 9449 §6)',
  'DPOP-18': 'the access token is bound by cnf.jkt (RFC 9449 §6, §6.1)',
  'SHR-29': 'a bound token comes with its proof, and a proof with a bound token',
  'RS-42': 'the route admits this method of proof',
} as const;
