/** UserInfo, which is a protected resource of the server itself. OpenID Connect Core §5.3. */
export const userInfoRequirements = {
  'OIDC-36': 'claims are about a user who is still there (OpenID Connect Core §5.3.2)',
  'OIDC-39': 'the token comes from an authorization by a user (OpenID Connect Core §5.3.1)',
} as const;
