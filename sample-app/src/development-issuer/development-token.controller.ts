import { Clock, fetchRequestView, renderOAuthError } from '@keybound/core';
import { checkDpopProof, dpopPolicy } from '@keybound/pop';
import { PopExempt, PopRefusedException } from '@keybound/pop/nest';
import { Body, Controller, Header, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { Settings } from '../settings.js';
import { DevelopmentIssuer, tokenLifetime } from './development-issuer.js';
import { tokenRequest } from './token-request.schema.js';

const policy = dpopPolicy({
  algorithms: ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256'],
  maxAgeSeconds: 60,
  clockSkewSeconds: 30,
  nonces: { mode: 'off' },
});

/** Hands out tokens, without asking who asks. Stands in until this app has an authorization server. */
@Controller('development/token')
@PopExempt()
export class DevelopmentTokenController {
  constructor(
    private readonly issuer: DevelopmentIssuer,
    @Inject(Settings) private readonly settings: Settings,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async issue(@Headers('dpop') dpop: string | undefined, @Body() body: unknown) {
    const asked = tokenRequest.safeParse(body ?? {});
    if (!asked.success) throw refused(`the body: ${asked.error.issues[0]?.message ?? ''}`);
    const { sub, jwk } = asked.data;
    if ((jwk === undefined) === (dpop === undefined)) {
      throw refused('send either a DPoP proof or a jwk, for the key to bind the token to');
    }
    const scope = grantable(asked.data.scope);
    const cnf = jwk === undefined ? { jkt: await this.#provenKey(dpop ?? '') } : { jwk };
    return {
      access_token: await this.issuer.issue({ subject: sub, scope, cnf }),
      token_type: 'jwk' in cnf ? 'PoP' : 'DPoP',
      expires_in: tokenLifetime,
      ...(scope !== '' && { scope }),
    };
  }

  /** The proof is not spent: who replays it gets a token that only the key's holder can use. */
  async #provenKey(dpop: string): Promise<string> {
    const url = `${this.settings.issuer}/development/token`;
    const view = fetchRequestView(new Request(url, { method: 'POST', headers: { dpop } }), 0);
    const proof = view.ok ? await checkDpopProof(view.value, policy, this.clock.now()) : view;
    if (proof.ok) return proof.value.thumbprint;
    throw new PopRefusedException(
      renderOAuthError(proof.failure, { kind: 'endpoint' }, true),
      proof.failure,
    );
  }
}

/** Everything but what is not for demo users. */
function grantable(scope: string): string {
  return scope
    .split(' ')
    .filter((name) => name !== '' && name !== 'admin')
    .join(' ');
}

function refused(description: string): PopRefusedException {
  const body = { error: 'invalid_request', error_description: description } as const;
  return new PopRefusedException({ status: 400, headers: [], body }, undefined);
}
