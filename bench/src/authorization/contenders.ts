import type { Contender } from '../group.js';
import type { TokenFormat } from './scenario.js';

/** An authorization server. */
export interface AuthorizationContender extends Contender {
  /** What stands before the session in the cookie of a browser. */
  readonly sessionCookie: string;
  readonly userInfoTokens: TokenFormat;
}

const ours = {
  sessionCookie: '__Host-keybound-session=session_',
  userInfoTokens: 'reference',
} as const;

/** What differs between these is the platform, or what keeps the stores. */
export const authorizationContenders = [
  {
    ...ours,
    name: 'nest-fastify',
    server: 'authorization-nest-fastify',
    what: '`AuthorizationServerModule`, Fastify',
  },
  {
    ...ours,
    name: 'nest-fastify, SQLite',
    server: 'authorization-nest-fastify',
    what: '`AuthorizationServerModule`, Fastify; keeps all in a file',
    stores: 'sqlite',
  },
  {
    ...ours,
    name: 'nest-fastify, PostgreSQL + Redis',
    server: 'authorization-nest-fastify',
    what: '`AuthorizationServerModule`, Fastify; what may be lost is in Redis',
    stores: 'postgres-redis',
  },
  {
    ...ours,
    name: 'nest-express',
    server: 'authorization-nest-express',
    what: '`AuthorizationServerModule`, Express',
  },
  {
    ...ours,
    name: 'node',
    server: 'authorization-node',
    what: '`handleNodeRequest()` on `node:http`',
  },
  {
    sessionCookie: '_session=',
    userInfoTokens: 'reference',
    name: 'oidc-provider',
    server: 'oidc-provider',
    what: '`Provider.callback()` on `node:http`',
  },
] as const satisfies readonly AuthorizationContender[];

/** Those, and ours as it is unless told otherwise: oidc-provider's UserInfo takes opaque tokens only. */
export const codeFlowContenders = [
  ...authorizationContenders,
  {
    ...ours,
    name: 'nest-fastify, JWT access token',
    server: 'authorization-nest-fastify',
    what: '`AuthorizationServerModule`, Fastify; signs one more, and verifies it',
    userInfoTokens: 'jwt',
  },
] as const satisfies readonly AuthorizationContender[];

export type AuthorizationContenderName = (typeof authorizationContenders)[number]['name'];
