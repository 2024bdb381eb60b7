import {
  importVerificationKey,
  type SignatureAlgorithmName,
  type VerificationKey,
} from '@keybound/core';

/** Public keys whose private parts were never kept: nothing verifies with them. */
const decoys = {
  'P-256': {
    kty: 'EC',
    crv: 'P-256',
    x: 'lTCcJe-vLLicVskqVhjddY5PlFscaFVHemheWfuQSRw',
    y: '9_K6sQK7m7Y5oTEpajFmYNY3-Ms9lIwBsLmxRyGYl0s',
  },
  'P-384': {
    kty: 'EC',
    crv: 'P-384',
    x: 'NihDfQ8gIUiSpHkJC6rlOxf8p6xL1BiqFNvz-zEPLQRaebmKKG4vQ8-O4U5Aet4V',
    y: 'f7cBCTSEfBva9QsxvaG_7MACjZbZZUan_p_hq-AimcZ_-5YvK_YZJ5BNKkRPryzw',
  },
  'P-521': {
    kty: 'EC',
    crv: 'P-521',
    x: 'AeOR5xx3AqCDf7tGt6vukl7Bgpz7-4-R0o_wcY4hIgkiSYF6cAAOJrH71jM56XBiIhoNlwLvcWU4jThb4HteB7cZ',
    y: 'AdwIyjWAMv-mCBaLhyRB1m3RfGORF_rFMy62clTCcvjYGMJgpEWk5B1EmDfco24BzcV0oL346fh8fm0w7dfRZVdz',
  },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', x: 'E_95iOzq0clX_sbyZBFkxDNc7louIrDVPS7uJ-pQ0eM' },
  RSA: {
    kty: 'RSA',
    n: 'rRukUICRR9aIxwPynJXAAkmEZrtnoh9wUVOfs4uDc06mLzAYiQm-hZ3epdda7zq_DuBaxFF3Uwk-rXvThN3QJdlbAvLaIxqgY8Xm85hI27fLZeH8YJ3jh6oJyVAAeomj3bKvW90b3CUyKAWkIylVYY5VFXADXM48F7xdOJPUenO3cGWjbf-4Okyv1E5mkKd07COUVx8aCkeCNdNa-iynMF0B4Cu0TcUVqd-N_rPoqnlqhfyF3RwIesHV_AlRAwNs_c565JQEQ5-83xTZYg9GXsKk8UrJV8dAuBtwJ3W6sDknWQZM3mIByvNxo9nOIOtj7qy6u-ooVgv3WkM9VZzV6Q',
    e: 'AQAB',
  },
} as const;

type Kind = keyof typeof decoys;

const kinds: Readonly<Record<SignatureAlgorithmName, Kind>> = {
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
  PS256: 'RSA',
  PS384: 'RSA',
  PS512: 'RSA',
  RS256: 'RSA',
  RS384: 'RSA',
  RS512: 'RSA',
};

const imported = new Map<Kind, Promise<VerificationKey>>();

/**
 * A key to check a signature with where there is none: an assertion of nobody costs what a wrong one
 * of somebody costs. INV-7. Whoever uses it refuses, whatever the check says.
 */
export function decoyKey(algorithm: SignatureAlgorithmName): Promise<VerificationKey> {
  const kind = kinds[algorithm];
  let key = imported.get(kind);
  if (key === undefined) {
    key = importDecoy(kind);
    imported.set(kind, key);
  }
  return key;
}

async function importDecoy(kind: Kind): Promise<VerificationKey> {
  const key = await importVerificationKey(decoys[kind]);
  if (!key.ok) throw new Error(`The decoy key ${kind} cannot be used: ${key.failure}.`);
  return key.value;
}
