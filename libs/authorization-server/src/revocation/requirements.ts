/** What a client may take back. RFC 7009. */
export const revocationRequirements = {
  'AS-140': 'a client names one token that it wants revoked (RFC 7009 §2.1)',
  'THR-35': 'no parameter is repeated (RFC 6749 §3.2)',
} as const;
