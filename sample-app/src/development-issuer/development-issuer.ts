import {
  type Clock,
  generateKeyPair,
  type KeySource,
  type PublicJwk,
  signCompactJws,
  type Signer,
  signerFromKeyPair,
  staticKeys,
  thumbprintOf,
} from '@keybound/core';

/** Seconds that a token is good for. */
export const tokenLifetime = 300;

export interface TokenFacts {
  readonly subject: string;
  /** Space-separated; may be empty. */
  readonly scope: string;
  readonly cnf: { readonly jkt: string } | { readonly jwk: PublicJwk };
}

/**
 * Stands in until this app has an authorization server: signs a token for whoever asks, bound to the
 * asker's key. Its key lives as long as the process. Never built in production.
 */
export class DevelopmentIssuer {
  private constructor(
    readonly keys: KeySource,
    private readonly issuer: string,
    private readonly clock: Clock,
    private readonly kid: string,
    private readonly signer: Signer,
  ) {}

  static async create(issuer: string, clock: Clock): Promise<DevelopmentIssuer> {
    const signer = await signerFromKeyPair(await generateKeyPair(), 'ES256');
    const kid = await thumbprintOf(signer.publicJwk);
    const keys = await staticKeys({ keys: [{ ...signer.publicJwk, kid, alg: signer.algorithm }] });
    return new DevelopmentIssuer(keys, issuer, clock, kid, signer);
  }

  issue({ subject, scope, cnf }: TokenFacts): Promise<string> {
    const now = this.clock.now();
    const claims = {
      iss: this.issuer,
      aud: `${this.issuer}/api`,
      sub: subject,
      client_id: 'development',
      ...(scope !== '' && { scope }),
      cnf,
      jti: crypto.randomUUID(),
      iat: now,
      exp: now + tokenLifetime,
    };
    return signCompactJws({ typ: 'at+jwt', kid: this.kid }, claims, this.signer);
  }
}
