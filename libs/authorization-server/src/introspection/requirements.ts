/** Who may ask about a token, and about which. RFC 7662, RFC 9701. */
export const introspectionRequirements = {
  'AS-143': 'a caller that authenticated asks about one token (RFC 7662 §2.1)',
  'THR-35': 'no parameter is repeated (RFC 6749 §3.2)',
} as const;
