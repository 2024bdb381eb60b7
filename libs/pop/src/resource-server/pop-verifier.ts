import {
  accept,
  refuseUnclaimed,
  renderOAuthError,
  renderUnavailable,
  safeText,
  StoreUnavailableError,
  UpstreamError,
  type HttpRequestView,
  type Rejection,
  type Result,
  type Seconds,
  type Spend,
} from '@keybound/core';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';
import type { Confirmed } from '../confirmation/confirmation.js';
import type { PopMethod } from '../confirmation/pop-method.js';
import { reject as rejectConfirmation } from '../confirmation/rejections.js';
import { findCredential } from '../presentation/find-credential.js';
import { formContent, isForm } from '../presentation/parameters.js';
import type {
  Credential,
  Presentation,
  Presented,
  PresentationScheme,
} from '../presentation/presentation.js';
import { coversNothing } from '../confirmation/covered.js';
import { challengesFor, offeredPresentations } from './challenges.js';
import { checkDemand } from './check-demand.js';
import { describeRefusal, type RefusalContext } from './describe-refusal.js';
import type { PopDemand } from './pop-demand.schema.js';
import { nothingToProve, proveConfirmation, type Proven } from './prove-confirmation.js';
import { reject } from './rejections.js';
import type { ResourcePolicy } from './resource-policy.js';
import type { PopDecision, VerifiedPop } from './verified-pop.js';

/** Whether this call uses the proof up, or an earlier one about the same request has. */
export type Spending = 'claim' | 'claimed-before';

const retryAfterSeconds = 1;

/**
 * Decides whether a request may pass. Every adapter asks here, and only here.
 *
 * One order for all methods: find the credential, check what can be checked of its proof, verify the
 * token, prove its confirmation, check scopes, and claim what the proof uses up last of all, so that
 * a refused request has used up nothing.
 */
export class PopVerifier {
  constructor(readonly policy: ResourcePolicy) {}

  /** Bad input is a refusal; a store or an issuer that cannot answer is 503. Never throws for either. */
  async verify(
    request: Result<HttpRequestView, Rejection>,
    demand: PopDemand,
    spending: Spending = 'claim',
  ): Promise<PopDecision> {
    const now = this.policy.clock.now();
    try {
      if (!request.ok) return this.#refuse(request.failure, everyScheme, demand, now, {});
      return await this.#verify(request.value, demand, spending, now);
    } catch (error) {
      if (error instanceof StoreUnavailableError || error instanceof UpstreamError) {
        this.policy.audit.record({
          kind: 'fault',
          code: error.name,
          actual: safeText(reasonOf(error)),
        });
        const response = renderUnavailable(retryAfterSeconds);
        return { admitted: false, rejection: undefined, response };
      }
      throw error;
    }
  }

  /** Refuses a request that was admitted, for a reason that only the application could know. */
  refuseAdmitted(
    rejection: Rejection,
    pop: VerifiedPop,
    request: HttpRequestView,
    demand: PopDemand,
  ): PopDecision & { readonly admitted: false } {
    const scheme = pop.method === undefined ? 'Bearer' : schemeOf[pop.method];
    return this.#refuse(rejection, [scheme], demand, this.policy.clock.now(), { request });
  }

  async #verify(
    request: HttpRequestView,
    demand: PopDemand,
    spending: Spending,
    now: Seconds,
  ): Promise<PopDecision> {
    const context: RefusalContext = { request };
    const form = isForm(request) ? await formContent(request) : undefined;
    const found = findCredential(request, this.policy.presentations, form);
    if (!found.ok) {
      return this.#refuse(found.failure.rejection, found.failure.errorIn, demand, now, context);
    }
    const { presentation, credential } = found.value;
    const used = [presentation.scheme];
    const presented = await presentation.extract(credential, request, now);
    if (!presented.ok) return this.#refuse(presented.failure, used, demand, now, context);
    const { proof, accessToken, accessTokenHash } = presented.value;
    const reporting = this.policy.enforcement === 'report';
    if (!proof.ok && !reporting) return this.#refuse(proof.failure, used, demand, now, context);

    const token = await this.policy.accessTokens.verify(accessToken, accessTokenHash, now);
    if (!token.ok) return this.#refuse(token.failure, used, demand, now, context);
    const known: RefusalContext = { request, token: token.value };
    const bound = await this.#prove(request, presented.value, token.value, demand, now);
    if (!bound.ok && !reporting) return this.#refuse(bound.failure, used, demand, now, known);

    const enough = checkDemand(token.value, demand, this.policy.leewaySeconds, now);
    if (!enough.ok) return this.#refuse(enough.failure, used, demand, now, known);
    const spent = bound.ok && spending === 'claim' ? await this.#spend(bound.value, now) : bound;
    if (spent.ok) {
      const { by, nextNonce } = spent.value;
      const headers = answerFields(presentation, credential, nextNonce);
      return { admitted: true, pop: toVerifiedPop(token.value, by), headers };
    }
    if (!reporting) return this.#refuse(spent.failure, used, demand, now, known);
    this.policy.audit.record(describeRefusal('reported', spent.failure, known));
    const pop = toVerifiedPop(token.value, undefined, spent.failure);
    const headers = answerFields(presentation, credential, presentation.freshNonce(now));
    return { admitted: true, pop, headers };
  }

  /** CNF-01 to CNF-13, DPOP-12, DPOP-18, SHR-29: the token's key is held by the sender. */
  async #prove(
    request: HttpRequestView,
    presented: Presented,
    token: VerifiedAccessToken,
    demand: PopDemand,
    now: Seconds,
  ): Promise<Result<Proven, Rejection>> {
    if (!presented.proof.ok) return presented.proof;
    if (!token.cnf.ok) {
      const unbound = token.cnf.failure.code === 'cnf.absent' && presented.scheme === 'Bearer';
      return unbound && offers(this.policy, demand, 'Bearer') ? accept(nothingToProve) : token.cnf;
    }
    const cnf = token.cnf.value;
    const evidence = { request, presented, token, cnf, coverage: demand.coverage };
    const proven = await proveConfirmation(evidence, this.policy.confirmations, now);
    if (!proven.ok) return proven;
    const { method } = proven.value.by;
    if (demand.methods?.has(method) ?? true) return proven;
    return rejectConfirmation('cnf.method', 'RS-42', {
      expected: [...(demand.methods ?? [])].join(' '),
      actual: method,
    });
  }

  /** DPOP-13, SHR-27, THR-68: the one step that changes state. */
  async #spend(proven: Proven, now: Seconds): Promise<Result<Proven, Rejection>> {
    if (this.policy.replay === undefined || proven.spends.length === 0) return accept(proven);
    const outcome = await this.policy.replay.claim(proven.spends, now);
    return outcome.claimed ? accept(proven) : refuseUnclaimed(outcome, replayOf(outcome.spent));
  }

  #refuse(
    rejection: Rejection,
    used: readonly PresentationScheme[],
    demand: PopDemand,
    now: Seconds,
    context: RefusalContext,
  ): PopDecision & { readonly admitted: false } {
    const kind = rejection.code.endsWith('.replayed') ? 'replay' : 'refused';
    this.policy.audit.record(describeRefusal(kind, rejection, context));
    const { surface, fields } = challengesFor(this.policy, demand, used, now);
    const answer = renderOAuthError(rejection, surface, this.policy.explain);
    const headers = answer.status === 401 ? [...answer.headers, ...fields] : answer.headers;
    return { admitted: false, rejection, response: { ...answer, headers } };
  }
}

/** The scheme under which each method of proof arrives. */
const schemeOf: Readonly<Record<PopMethod, PresentationScheme>> = {
  dpop: 'DPoP',
  'signed-http-request': 'PoP',
  'http-message-signature': 'HTTPSig',
  mtls: 'Bearer',
};

/** A nonce, and that an answer to a credential in the URL is nobody else's (SHR §4.3, RFC 6750 §2.3). */
function answerFields(
  presentation: Presentation,
  credential: Credential,
  nonce: string | undefined,
): readonly (readonly [name: string, value: string])[] {
  const inUrl = credential.transport === 'query';
  if (nonce === undefined && !inUrl) return noFields;
  const fields = nonce === undefined ? noFields : presentation.nonceFields(nonce);
  return [['cache-control', inUrl ? 'private, no-store' : 'no-store'], ...fields];
}

/** What went wrong, and why, as far as the fault tells. For the operator. */
function reasonOf(error: Error): string {
  const { message, cause } = error;
  return cause instanceof Error ? `${message} ${reasonOf(cause)}` : message;
}

const noFields: readonly (readonly [string, string])[] = [];
const everyScheme: readonly PresentationScheme[] = ['PoP', 'DPoP', 'HTTPSig', 'Bearer'];

function offers(policy: ResourcePolicy, demand: PopDemand, scheme: PresentationScheme): boolean {
  return offeredPresentations(policy, demand).some((offered) => offered.scheme === scheme);
}

function replayOf({ kind }: Spend): Rejection {
  const { failure } =
    kind === 'dpop' ? reject('dpop.replayed', 'DPOP-13') : reject('shr.replayed', 'SHR-27');
  return failure;
}

function toVerifiedPop(
  token: VerifiedAccessToken,
  by: Confirmed | undefined,
  refusal?: Rejection,
): VerifiedPop {
  return {
    subject: token.subject,
    clientId: token.clientId,
    issuer: token.issuer,
    scopes: token.scopes,
    claims: token.claims,
    method: by?.method,
    thumbprint: by?.thumbprint,
    covered: by?.covered ?? coversNothing,
    refusal,
  };
}
