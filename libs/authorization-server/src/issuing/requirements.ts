/** What the tokens hold, and for whom they are. */
export const issuingRequirements = {
  'AS-69': 'what is issued, is issued for a user who is still there (OAuth 2.1 §4.3)',
  'AS-122': 'tokens do not outlive their grant, nor the trust in their client',
} as const;
