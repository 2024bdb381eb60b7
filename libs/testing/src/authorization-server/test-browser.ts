import type {
  InteractionAnswer,
  InteractionDetails,
} from '@keybound/authorization-server/extension';
import type { TestAnswer, TestServer } from './test-server.js';

/** An authorization request that has nothing special; a name without a value is left out. */
export type AuthorizationParameters = Readonly<Record<string, string | undefined>>;

const ordinary: AuthorizationParameters = {
  client_id: 'public-1',
  redirect_uri: 'https://client.example/cb',
  response_type: 'code',
  scope: 'openid profile',
  state: 'state-1',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

/** A browser in front of a test's authorization server, and the host's pages that it is shown. */
export class TestBrowser {
  readonly #cookies = new Map<string, string>();

  constructor(private readonly test: TestServer) {}

  /** As it sends it; undefined where it has no cookie. */
  get cookie(): string | undefined {
    const pairs = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    return pairs.length === 0 ? undefined : pairs.join('; ');
  }

  /** Puts a cookie there, or takes one away. */
  set(name: string, value: string | undefined): void {
    if (value === undefined) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }

  /** @param url Of the server, or a path of its issuer. */
  async visit(url: string): Promise<TestAnswer> {
    const headers = this.cookie === undefined ? {} : { cookie: this.cookie };
    const answer = await this.test.send({ url, headers });
    for (const field of answer.fields('set-cookie')) {
      const [pair = ''] = field.split(';', 1);
      const [name = '', value] = pair.split('=');
      this.set(name, value);
    }
    return answer;
  }

  /** @param own What differs from an ordinary request. */
  authorize(own: AuthorizationParameters = {}): Promise<TestAnswer> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...ordinary, ...own })) {
      if (value !== undefined) parameters.append(name, value);
    }
    return this.visit(`/authorize?${parameters.toString()}`);
  }

  /** What the host's page is told. @param redirect To that page. @throws Error for a refusal. */
  async details(redirect: TestAnswer): Promise<InteractionDetails> {
    const id = interactionIn(redirect);
    const details = await this.test.server.interactions.details(id, this.cookie);
    if (!details.ok) throw new Error(details.failure.code);
    return details.value;
  }

  /** The page answers what it is asked; the browser follows where that leads. @throws Error for a refusal. */
  async answer(
    redirect: TestAnswer,
    ...answers: readonly InteractionAnswer[]
  ): Promise<TestAnswer> {
    for (const answer of answers) {
      const details = await this.details(redirect);
      const { interactions } = this.test.server;
      const next = await interactions.answer(details, details.csrfToken, answer);
      if (!next.ok) throw new Error(next.failure.code);
      if (next.value.to === 'return') return this.visit(next.value.location);
    }
    throw new Error('The page still has a question.');
  }

  /** Alice logs in and allows everything. */
  logIn(redirect: TestAnswer, subject = 'alice'): Promise<TestAnswer> {
    return this.answer(redirect, { login: { subject }, consent: {} });
  }
}

/** The interaction to whose page a redirect leads. */
export function interactionIn(redirect: TestAnswer): string {
  const [location = ''] = redirect.fields('location');
  const id = /\/interaction\/(interaction_[A-Za-z0-9_-]+)$/.exec(location)?.[1];
  if (id === undefined) throw new Error(`No interaction at "${location}", ${redirect.status}.`);
  return id;
}

/** What a redirect tells the client. */
export function saidToClient(redirect: TestAnswer): Readonly<Record<string, string>> {
  const [location = ''] = redirect.fields('location');
  return Object.fromEntries(new URL(location).searchParams);
}
