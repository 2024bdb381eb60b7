/** What the tokens hold, and for whom they are. */
export const issuingRequirements = {
  'AS-69': 'what is issued, is issued for a user who is still there (OAuth 2.1 §4.3)',
  'AS-122': 'tokens do not outlive their grant, nor the trust in their client',
  'AS-133': 'the authorization_details of an access token fit into it (RFC 9396 §9.1)',
  'AS-141': 'every access token that is handed out can be read again, and revoked (RFC 7009 §2)',
} as const;
