import {
  accept,
  renderOAuthError,
  renderUnavailable,
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
import { reject as rejectConfirmation } from '../confirmation/rejections.js';
import { findCredential } from '../presentation/find-credential.js';
import type { Presented, PresentationScheme } from '../presentation/presentation.js';
import { coversNothing } from '../signed-http-request/covered.js';
import { challengesFor, offeredPresentations } from './challenges.js';
import { checkDemand } from './check-demand.js';
import { describeRefusal, type RefusalContext } from './describe-refusal.js';
import type { PopDemand } from './pop-demand.schema.js';
import { proveConfirmation } from './prove-confirmation.js';
import { reject } from './rejections.js';
import type { ResourcePolicy } from './resource-policy.js';
import type { PopDecision, VerifiedPop } from './verified-pop.js';

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
  ): Promise<PopDecision> {
    const now = this.policy.clock.now();
    try {
      if (!request.ok) return this.#refuse(request.failure, everyScheme, demand, now, {});
      return await this.#verify(request.value, demand, now);
    } catch (error) {
      if (error instanceof StoreUnavailableError || error instanceof UpstreamError) {
        this.policy.audit.record({ kind: 'fault', code: error.name });
        const response = renderUnavailable(retryAfterSeconds);
        return { admitted: false, rejection: undefined, response };
      }
      throw error;
    }
  }

  async #verify(request: HttpRequestView, demand: PopDemand, now: Seconds): Promise<PopDecision> {
    const context: RefusalContext = { request };
    const found = findCredential(request, this.policy.presentations);
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
    const spent = bound.ok ? await this.#spend(bound.value, now) : bound;
    if (spent.ok) {
      const headers = spent.value.nextNonce.flatMap((nonce) => presentation.nonceFields(nonce));
      return { admitted: true, pop: toVerifiedPop(token.value, spent.value.confirmed), headers };
    }
    if (!reporting) return this.#refuse(spent.failure, used, demand, now, known);
    this.policy.audit.record(describeRefusal('reported', spent.failure, known));
    return { admitted: true, pop: toVerifiedPop(token.value, [], spent.failure), headers: [] };
  }

  /** CNF-01 to CNF-13, DPOP-12, DPOP-18, SHR-29: the token's key is held by the sender. */
  async #prove(
    request: HttpRequestView,
    presented: Presented,
    token: VerifiedAccessToken,
    demand: PopDemand,
    now: Seconds,
  ): Promise<Result<readonly Confirmed[], Rejection>> {
    if (!presented.proof.ok) return presented.proof;
    if (!token.cnf.ok) {
      const unbound = token.cnf.failure.code === 'cnf.absent' && presented.scheme === 'Bearer';
      return unbound && offers(this.policy, demand, 'Bearer') ? accept([]) : token.cnf;
    }
    const cnf = token.cnf.value;
    const evidence = { request, presented, token, cnf, coverage: demand.coverage };
    const proven = await proveConfirmation(evidence, this.policy.confirmations, now);
    if (!proven.ok) return proven;
    const [{ method }] = proven.value;
    if (demand.methods?.has(method) ?? true) return proven;
    return rejectConfirmation('cnf.method', 'RS-42', {
      expected: [...(demand.methods ?? [])].join(' '),
      actual: method,
    });
  }

  /** DPOP-13, SHR-27: the one step that changes state. */
  async #spend(
    confirmed: readonly Confirmed[],
    now: Seconds,
  ): Promise<Result<{ confirmed: readonly Confirmed[]; nextNonce: readonly string[] }, Rejection>> {
    const spends = confirmed.flatMap((each) => each.spends);
    const nextNonce = confirmed.flatMap((each) => each.nextNonce ?? []).slice(0, 1);
    if (this.policy.replay === undefined || spends.length === 0) {
      return accept({ confirmed, nextNonce });
    }
    const outcome = await this.policy.replay.claim(spends, now);
    return outcome.claimed ? accept({ confirmed, nextNonce }) : rejectReplay(outcome.spent);
  }

  #refuse(
    rejection: Rejection,
    used: readonly PresentationScheme[],
    demand: PopDemand,
    now: Seconds,
    context: RefusalContext,
  ): PopDecision {
    const kind = rejection.code.endsWith('.replayed') ? 'replay' : 'refused';
    this.policy.audit.record(describeRefusal(kind, rejection, context));
    const { surface, fields } = challengesFor(this.policy, demand, used, now);
    const answer = renderOAuthError(rejection, surface, this.policy.explain);
    const headers = answer.status === 401 ? [...answer.headers, ...fields] : answer.headers;
    return { admitted: false, rejection, response: { ...answer, headers } };
  }
}

const everyScheme: readonly PresentationScheme[] = ['PoP', 'DPoP', 'HTTPSig', 'Bearer'];

function offers(policy: ResourcePolicy, demand: PopDemand, scheme: PresentationScheme): boolean {
  return offeredPresentations(policy, demand).some((offered) => offered.scheme === scheme);
}

function rejectReplay(spent: Spend) {
  return spent.kind === 'dpop'
    ? reject('dpop.replayed', 'DPOP-13')
    : reject('shr.replayed', 'SHR-27');
}

function toVerifiedPop(
  token: VerifiedAccessToken,
  confirmed: readonly Confirmed[],
  refusal?: Rejection,
): VerifiedPop {
  const [first] = confirmed;
  return {
    subject: token.subject,
    clientId: token.clientId,
    issuer: token.issuer,
    scopes: token.scopes,
    claims: token.claims,
    method: first?.method,
    thumbprint: first?.thumbprint,
    covered: first?.covered ?? coversNothing,
    refusal,
  };
}
