/** What a protected route asks beyond a valid, bound token. */
export const resourceRequirements = {
  'RS-41': 'the token has every scope that the route asks for (RFC 6750 §3.1)',
  'RS-39': 'the user authenticated strongly and recently enough for the route (RFC 9470 §3)',
  'DPOP-13': 'a proof is accepted once (RFC 9449 §11.1)',
  'SHR-27': 'a signed request is accepted once',
} as const;
