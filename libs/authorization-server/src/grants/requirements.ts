/** What is exchanged for tokens, and by whom. OAuth 2.1 §4, RFC 7636, RFC 9700. */
export const grantRequirements = {
  'AS-17': 'a code is redeemed within its minute (OAuth 2.1 §7.5)',
  'AS-63': 'redirect_uri, where it is sent, is that of the authorization request (§4.1.3)',
  'AS-64': 'a code is redeemed once (§4.1.3)',
  'AS-65': 'code_verifier is the one of which the code has the hash (RFC 7636 §4.6)',
  'AS-67': 'a code is redeemed by the client that it was issued to (§4.1.3)',
  'AS-68': 'a client on its own authority gets what it registered for (§4.2)',
  'AS-69': 'a refresh token is used by its client, while its grant is valid (§4.3)',
  'AS-71': 'a refresh token that was replaced is not used again (RFC 9700 §4.14.2)',
} as const;
