/** Who may be asked about, and how. RFC 7033. */
export const webFingerRequirements = {
  'OIDC-05': 'resource is there once, and is a URI (RFC 7033 §4.2)',
} as const;
