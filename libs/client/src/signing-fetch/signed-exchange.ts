import { seconds, type Clock } from '@keybound/core';
import { toInit, type OutgoingRequest } from './outgoing-request.js';
import type { ProofScheme, ServerAnswer } from './proof-scheme.js';
import { ServerMemory, type ServerKnowledge } from './server-memory.js';
import type { Fetch, SigningFetchOptions } from './signing-fetch-options.js';

/** How often one call may still be retried, redirects included. */
export interface RetryBudget {
  left: number;
}

const token68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Signs a request, sends it, and tries once more if the server said how to do better. */
export class SignedExchange {
  readonly #memories = new Map<string, ServerMemory>();

  constructor(
    private readonly fetch: Fetch,
    private readonly scheme: ProofScheme,
    private readonly accessToken: SigningFetchOptions['accessToken'],
    private readonly clock: Clock,
  ) {}

  async send(request: OutgoingRequest, budget: RetryBudget): Promise<Response> {
    const memory = this.#memoryOf(new URL(request.url).origin);
    const before = memory.known;
    const response = await this.#attempt(request, before);
    const answer = await this.scheme.read(response);
    memory.learn(answer, response, this.clock.now());
    const mayRetry = request.replayable && budget.left > 0;
    if (!mayRetry || !canDoBetter(answer.refusal, before, memory.known)) return response;
    budget.left -= 1;
    await response.body?.cancel();
    return this.send(request, budget);
  }

  async #attempt(request: OutgoingRequest, known: ServerKnowledge): Promise<Response> {
    const accessToken = await this.#token();
    const issuedAt = seconds(Math.round(this.clock.now() + known.clockOffset));
    const material = { accessToken, nonce: known.nonce, issuedAt };
    const headers = new Headers(request.headers);
    for (const [name, value] of await this.scheme.credentials(request, material)) {
      headers.set(name, value);
    }
    // Called as a function: a browser's fetch refuses to be a method of another object.
    const { fetch } = this;
    return fetch(request.url, toInit(request, headers));
  }

  /** Checked here because `Headers` quotes a value that it refuses, and so would tell the token. */
  async #token(): Promise<string> {
    const { accessToken } = this;
    const token = typeof accessToken === 'string' ? accessToken : await accessToken();
    if (!token68.test(token))
      throw new TypeError('The access token has characters it cannot have.');
    return token;
  }

  #memoryOf(origin: string): ServerMemory {
    const memory = this.#memories.get(origin) ?? new ServerMemory();
    this.#memories.set(origin, memory);
    return memory;
  }
}

/** OPS-11, OPS-14: only what is new can make a difference. */
function canDoBetter(
  refusal: ServerAnswer['refusal'],
  before: ServerKnowledge,
  after: ServerKnowledge,
): boolean {
  if (refusal === undefined) return false;
  if (after.clockOffset !== before.clockOffset) return true;
  return refusal === 'nonce' && after.nonce !== before.nonce;
}
