import type { Contender } from './group.js';
import type { Scheme } from './parties.js';

/** A resource server. */
export interface ResourceContender extends Contender {
  readonly scheme: Scheme;
  /** Which requests it must refuse, or the comparison would be worth nothing. */
  readonly refuses: readonly ('unproven' | 'replayed')[];
}

const ours = { scheme: 'DPoP', refuses: ['unproven', 'replayed'] } as const;
const peer = { scheme: 'DPoP', refuses: ['unproven'] } as const;

export const contenders = [
  {
    name: 'bare',
    server: 'bare',
    scheme: 'DPoP',
    what: '`node:http`, one cached-key ES256 verification, nothing else',
    refuses: [],
  },
  {
    ...ours,
    name: 'nest-fastify',
    server: 'ours-nest-fastify',
    what: '`@PopProtected()`, Fastify',
  },
  {
    ...ours,
    name: 'nest-fastify, SQLite',
    server: 'ours-nest-fastify',
    what: '`@PopProtected()`, Fastify; remembers in a file',
    stores: 'sqlite',
  },
  {
    ...ours,
    name: 'nest-fastify, Redis',
    server: 'ours-nest-fastify',
    what: '`@PopProtected()`, Fastify; remembers in Redis',
    stores: 'redis',
  },
  {
    ...ours,
    name: 'nest-express',
    server: 'ours-nest-express',
    what: '`@PopProtected()`, Express',
  },
  { ...ours, name: 'fastify', server: 'ours-fastify', what: '`app.popProtected()`, without Nest' },
  { ...ours, name: 'express', server: 'ours-express', what: '`popProtected()`, without Nest' },
  {
    ...ours,
    name: 'nest-fastify, signed request',
    server: 'ours-nest-fastify',
    scheme: 'PoP',
    what: '`@PopProtected()`, Fastify, `Authorization: PoP`',
  },
  {
    ...peer,
    name: 'express-oauth2-jwt-bearer',
    server: 'express-oauth2-jwt-bearer',
    what: 'Express, DPoP required, no replay check',
  },
  {
    ...peer,
    name: 'oauth4webapi',
    server: 'oauth4webapi',
    what: '`validateJwtAccessToken` on Express, no replay check',
  },
] as const satisfies readonly ResourceContender[];

export type ResourceContenderName = (typeof contenders)[number]['name'];
