import type { Contributor } from '../extension/contributor.js';
import type { Extensions } from '../extension/plug-in.js';

/** Where contributors put members, and what to call one of them. */
export const contributions = {
  accessTokenClaims: 'the access token claim',
  idTokenClaims: 'the ID token claim',
  userInfoClaims: 'the UserInfo claim',
  tokenResponse: 'the token response member',
} as const satisfies Partial<Record<keyof Contributor, string>>;

/** Everything that only one feature may add, each said so that an operator knows it. */
export function* additionsOf(added: Extensions): Generator<string> {
  yield* called('the client resolver', added.clientResolvers, ({ name }) => name);
  yield* called('the authentication method', added.clientAuthenticationMethods, ({ name }) => name);
  yield* called('the grant type', added.grantTypes, ({ grantType }) => grantType);
  yield* called('the token binder', added.tokenBinders, ({ name }) => name);
  yield* called('the validator', added.authorizationRequestValidators, ({ name }) => name);
  yield* called('the authorization_details type', added.authorizationDetailsTypes, (it) => it.type);
  yield* called('the endpoint', added.endpoints, ({ name }) => name);
  yield* called('the path', added.endpoints, ({ below, path }) => `${path} below the ${below}`);
  yield* called('the record slot', added.recordSlots, ({ name }) => name);
  yield* called('the contributor', added.contributors, ({ name }) => name);
  for (const contributor of added.contributors ?? []) yield* membersOf(contributor);
}

function* membersOf(contributor: Contributor): Generator<string> {
  for (const [kind, what] of Object.entries(contributions)) {
    const contribution = contributor[kind as keyof typeof contributions];
    yield* called(what, contribution?.members, (member) => member);
  }
}

function* called<T>(
  what: string,
  items: readonly T[] | undefined,
  nameOf: (item: T) => string,
): Generator<string> {
  for (const item of items ?? []) yield `${what} "${nameOf(item)}"`;
}
