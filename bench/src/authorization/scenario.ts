import type { PublicJwk } from '@keybound/core';

/** What an authorization server is told when it starts. */
export interface AuthorizationScenario {
  readonly clientJwk: PublicJwk;
  /** 256 random bits, base64url: the browser in which {@link subject} is logged in. */
  readonly session: string;
  /** Of access tokens for UserInfo; those for {@link resource} are JWTs. */
  readonly userInfoTokens: TokenFormat;
}

export type TokenFormat = 'jwt' | 'reference';

/** On loopback, so that it needs no TLS; servers listen on a port of their own nevertheless. */
export const issuer = 'http://localhost:3000';
export const host = 'localhost:3000';
export const clientId = 'bench';
export const redirectUri = 'https://client.example/cb';
export const resource = 'https://api.example.com/';
export const resourceScope = 'orders:read';

export const subject = 'alice';
export const subjectName = 'Alice Liddell';

/** The same at every server. */
export const paths = {
  authorization: '/authorize',
  token: '/token',
  userInfo: '/userinfo',
} as const;

/** In seconds, at every server. */
export const lifetimes = { accessToken: 300, idToken: 300, code: 60, session: 86_400 } as const;
