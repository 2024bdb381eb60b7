import type {
  AccessTokenRecord,
  ClientRecord,
  CodeRecord,
  GrantRecord,
  RefreshTokenRecord,
} from '@keybound/authorization-server';
import { seconds, type Spend } from '@keybound/core';
import { clientNamed } from './client-named.js';
import { familyNames, type FamilyNames } from './family-names.js';
import { now } from './frozen.js';

const day = 86_400;
const thumbprint = 'mJ4qQ0qqxVZT1cUO0T4Q8ljYQAZfhHnHHMzRsmZFBfM';

/** All that is kept of one grant, as a server would. */
export class Family {
  readonly index: number;
  readonly names: FamilyNames;

  /** @param size Of the store that it belongs to, in grants. */
  constructor(index: number, size: number) {
    this.index = index;
    this.names = familyNames(index, size);
  }

  get grant(): GrantRecord {
    const { grant, client, subject } = this.names;
    return {
      id: grant,
      clientId: client,
      clientSource: 'registered',
      localSubject: subject,
      login: { authTime: now, acr: undefined, amr: ['pwd'], sid: 'sid_bench' },
      scopes: ['openid', 'profile', 'offline_access'],
      resources: ['https://api.example.com/'],
      authorizationDetails: [],
      claims: undefined,
      slots: {},
      offline: true,
      createdAt: now,
      expiresAt: seconds(now + 90 * day),
    };
  }

  get code(): CodeRecord {
    const { code, grant, client } = this.names;
    return {
      hash: code,
      kind: 'authorization_code',
      grantId: grant,
      clientId: client,
      redirectUri: 'https://client.example/cb',
      codeChallenge: thumbprint,
      nonce: 'n-0S6_WzA2Mj',
      dpopJkt: undefined,
      expiresAt: seconds(now + 60),
      failures: 0,
      redeemedAt: undefined,
      slots: {},
    };
  }

  /** What the code is redeemed for. */
  get firstRefreshToken(): RefreshTokenRecord {
    return this.#refreshToken(this.names.firstRefreshToken, undefined);
  }

  /** What took its place, and is live. */
  get refreshToken(): RefreshTokenRecord {
    return this.#refreshToken(this.names.refreshToken, this.names.firstRefreshToken);
  }

  /** What will take the place of that. */
  get nextRefreshToken(): RefreshTokenRecord {
    return this.#refreshToken(this.names.nextRefreshToken, this.names.refreshToken);
  }

  get accessToken(): AccessTokenRecord {
    return this.#accessToken(this.names.accessToken, this.names.accessTokenId);
  }

  /** What comes with {@link nextRefreshToken}. */
  get nextAccessToken(): AccessTokenRecord {
    return this.#accessToken(this.names.nextAccessToken, this.names.nextAccessTokenId);
  }

  get client(): ClientRecord {
    return clientNamed(this.names.client);
  }

  /** A proof, say. */
  get spend(): Spend {
    const digest = Buffer.from(this.names.spend, 'base64url');
    return { digest, since: now, until: seconds(now + 60), kind: 'bench' };
  }

  #refreshToken(hash: string, parentHash: string | undefined): RefreshTokenRecord {
    return {
      hash,
      grantId: this.names.grant,
      clientId: this.names.client,
      parentHash,
      boundTo: undefined,
      binding: { by: 'dpop', cnf: { jkt: thumbprint }, tokenType: 'DPoP', thumbprint: undefined },
      mustBeBound: true,
      createdAt: now,
      lastUsedAt: now,
      idleExpiresAt: seconds(now + 14 * day),
      retiredAt: undefined,
    };
  }

  #accessToken(hash: string, jti: string): AccessTokenRecord {
    const { grant, client, subject } = this.names;
    return {
      hash,
      jti,
      grantId: grant,
      clientId: client,
      claims: { sub: subject, aud: 'https://api.example.com/', cnf: { jkt: thumbprint } },
      expiresAt: seconds(now + 300),
    };
  }
}
