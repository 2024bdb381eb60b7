/** The ways in which a sender proves that it holds the key that its token is bound to. */
export const popMethods = [
  'dpop',
  'signed-http-request',
  'http-message-signature',
  'mtls',
] as const;
export type PopMethod = (typeof popMethods)[number];
