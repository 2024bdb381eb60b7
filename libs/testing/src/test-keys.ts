// Keys for tests only: their private parts are public.

/** The key that a well-behaved client holds. */
export const clientKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'Qxasndoy1AOnFiCSe8kExT8l8GLPjJFmU0l9I4I4q2Q',
  y: '2-HsnG85ZX_Q1ADwwXMKWo-oV7RWh1Hx6_XKcGpngII',
  d: 'rJvPH0y_bIk4Z4BxHZgyFG4gjz-cPMs9dzrV1k1jY0M',
} as const;

/** A key that no token is bound to. */
export const otherKey = {
  kty: 'EC',
  crv: 'P-256',
  x: '-WogNAb96Agvzr1NsvYtbkHhVrLMrySDtmXxyK88PB4',
  y: 'KslKR6MvTdfh99gqDbF0Q88GQqneLFNDPYadGggGyeg',
  d: '895pKX6LBampkA7kxijLfhkSyLoCbV3MLQNeIB3nov4',
} as const;

/** The key of the trusted issuer, under the `kid` in {@link issuerJwks}. */
export const issuerKey = {
  kty: 'EC',
  crv: 'P-256',
  x: '6N6I9Q9ksWScVUsRdzbpM0fE39W2Fe-WxIksMw7FDms',
  y: 'YAA3G5H3GzY1IXbRhaQksuKwi6m_abrfLu-erEwXYLE',
  d: 'GUPV_x1rCNJod3a9ZMRspABdS87YozNZyWU-2QJggK4',
} as const;

/** The JWK Set of the trusted issuer. */
export const issuerJwks = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      x: issuerKey.x,
      y: issuerKey.y,
      kid: 'issuer-1',
      alg: 'ES256',
      use: 'sig',
    },
  ],
};

/** A key's public members. */
export function publicPart({ kty, crv, x, y }: TestKey) {
  return { kty, crv, x, y };
}

export interface TestKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly d: string;
}
