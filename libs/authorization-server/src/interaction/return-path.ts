/** Below the issuer: where browsers come back from the host's pages. */
export const returnPath = '/authorize/return';
