/** What is asked of a request before any credential is looked at. Digests: operations, threats. */
export const httpRequirements = {
  'OPS-02': 'forwarded fields count only from a trusted proxy and for an allowed host',
  'OPS-04': 'the request target is a path or names this very authority',
  'OPS-22': 'exactly one Host field',
} as const;
