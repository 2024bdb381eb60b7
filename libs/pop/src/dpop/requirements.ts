/** RFC 9449 §4.3 (1) to (12) are DPOP-01 to DPOP-12; the others follow its later sections. */
export const dpopRequirements = {
  'DPOP-01': 'exactly one DPoP field, holding one proof (§4.3 1)',
  'DPOP-02': 'the proof is one well-formed compact JWS (§4.3 2)',
  'DPOP-03': 'the required header parameters and claims are there, each of its type (§4.3 3)',
  'DPOP-04': 'typ is dpop+jwt (§4.3 4)',
  'DPOP-05': 'alg is an allowed asymmetric algorithm that fits the key (§4.3 5)',
  'DPOP-06': 'the signature verifies with the key in the header (§4.3 6)',
  'DPOP-07': 'the key in the header is a sound public key (§4.3 7)',
  'DPOP-08': 'htm is the request method (§4.3 8)',
  'DPOP-09': 'htu is the request URI without query and fragment (§4.3 9)',
  'DPOP-10': 'nonce is one that this server still accepts (§4.3 10)',
  'DPOP-11': 'the proof was made within the accepted window (§4.3 11)',
  'DPOP-12': 'ath is the hash of the access token and the key is the one it is bound to (§4.3 12)',
  'DPOP-13': 'a proof is accepted once (§11.1)',
  'DPOP-14': 'jti has at most 256 characters (§11.1)',
  'DPOP-18': 'the access token is bound by cnf.jkt (§6, §6.1)',
  'DPOP-20': 'a token under the DPoP scheme comes with a proof (§7.1)',
} as const;
