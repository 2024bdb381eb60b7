/** RFC 9449 §5 and §8, at the endpoints of an authorization server. */
export const dpopBindingRequirements = {
  'DPOP-13': 'a proof is accepted once (§11.1)',
  'DPOP-15': 'an access token is bound to the key of the proof in its request (§5)',
  'DPOP-28': 'the server publishes the proof algorithms that it takes (§5.1)',
  'DPOP-30': 'a proof without an acceptable nonce is answered with a nonce (§8)',
} as const;
