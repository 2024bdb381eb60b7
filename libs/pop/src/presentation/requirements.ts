/** How credentials travel: RFC 6750 §2 and §3, RFC 9449 §7, SHR §4. */
export const presentationRequirements = {
  'RS-02':
    'a request without credentials is told how to authenticate, and nothing else (RFC 6750 §3.1)',
  'RS-06': 'access tokens travel in the Authorization field (RFC 6750 §2)',
  'RS-07': 'one credential, one transport (RFC 6750 §3.1)',
  'RS-08': 'credentials are one token68 after the scheme (RFC 6750 §2.1, RFC 9110 §11.4)',
  'DPOP-21': 'DPoP credentials are one token68 after the scheme (RFC 9449 §7.1)',
  'DPOP-25': 'a proof does not accompany a Bearer token (RFC 9449 §7.2)',
  'DPOP-26': 'one credential, one transport (RFC 9449 §7.2)',
  'DPOP-27': 'bound tokens travel in the Authorization field (RFC 9449 §7.1)',
  'SHR-16': 'the signed request is one token68 after the scheme (SHR §4.1)',
  'SHR-19': 'one credential, one transport (SHR §4)',
} as const;
