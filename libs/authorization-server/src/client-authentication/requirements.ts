/** How a client shows who it is. */
export const clientAuthenticationRequirements = {
  'AS-62':
    'a failed authentication is 401 invalid_client, with a challenge if Authorization was used',
  'AS-80': 'confidential clients authenticate, public ones name themselves',
  'AS-81': 'exactly one method, the registered one; client_id agrees with the credential',
  'AS-82': 'the secret is one of the live secrets of the client',
  'AS-83': 'the assertion is signed by a key of the client',
  'AS-84': 'iss and sub are the client, aud is the issuer and nothing else, exp is there',
  'AS-85': 'the assertion is neither from the future nor over, and lives for 300 seconds at most',
  'AS-86': 'jti is there and was not used before',
  'AS-87': 'typ is client-authentication+jwt, or says nothing',
  'AS-88': 'the token endpoint as aud is for clients that were allowed it',
  'AS-91': 'failed authentications are throttled, for the client and for the address',
  'INV-7': 'who is unknown is answered like who is wrong, after the same work',
  'THR-40': 'an assertion is a JWT of a known algorithm and of bounded size',
  'THR-41': 'a credential is well-formed and comes once',
  'THR-82': 'only what a verifier vouches for counts as shown',
} as const;
