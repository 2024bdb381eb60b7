/** What is asked of what every endpoint shares. Digests: AS. */
export const serverRequirements = {
  'AS-80': 'the client is one that the server knows (OAuth 2.1 §2.4)',
} as const;
