/** How the keys that a token request names and shows become one binding. */
export const bindingRequirements = {
  'DPOP-15': 'an access token is bound to the key of the proof in its request (RFC 9449 §5)',
  'KD-13': 'a request names one key (draft-ietf-oauth-pop-key-distribution-07 §3)',
  'KD-16': 'the client possesses the key that it names (RFC 9201 §3.1)',
} as const;
