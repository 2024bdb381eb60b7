import type { PublicJwk } from '@keybound/core';

/** What a server is told when it starts: plain data, since it crosses into a child process. */
export interface Scenario {
  /** The key of {@link issuer}, with its `kid`. */
  readonly issuerJwk: PublicJwk;
  readonly clientJwk: PublicJwk;
  /** A proof by the client's key, for the server that verifies the same one each time. */
  readonly sampleProof: string;
}

export const issuer = 'https://issuer.example.com';
export const issuerKeyId = 'issuer-key';
export const resource = 'https://api.example.com/';
export const subject = 'alice';

/** Under which clients reach every server, whatever port it listens on. */
export const host = 'api.example.com';
export const origin = `http://${host}`;
export const path = '/orders';

/** What every protected handler answers. */
export interface Answer {
  readonly subject: string | undefined;
}
