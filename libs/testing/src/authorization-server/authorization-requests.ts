import type { AuthorizationRequest } from '@keybound/authorization-server/extension';
import { hash } from '../messages.js';
import type { RequestInput } from '../request-view.js';
import { interactionIn } from './test-browser.js';
import type { TestAnswer, TestServer } from './test-server.js';

/** Where `public-1` and its like have their answers sent. */
export const callback = 'https://client.example/cb';

/** Parameters that replace those of an ordinary request: a list to repeat one, undefined to leave one out. */
export type ParameterFlaw = Readonly<Record<string, string | readonly string[] | undefined>>;

const ordinary: ParameterFlaw = {
  client_id: 'public-1',
  redirect_uri: callback,
  response_type: 'code',
  scope: 'openid profile',
  state: 'state-1',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

/** A perfect authorization request of `public-1`, as a form or a query has it. */
export function authorizationForm(flaw: ParameterFlaw = {}): string {
  return formOf({ ...ordinary, ...flaw });
}

/** Brings one to the authorization endpoint. */
export function authorizeWith(test: TestServer, flaw: ParameterFlaw = {}): Promise<TestAnswer> {
  return test.send({ url: `/authorize?${authorizationForm(flaw)}` });
}

/** Pushes one. @param headers Beside the content type: credentials, a proof. */
export function pushWith(
  test: TestServer,
  flaw: ParameterFlaw = {},
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<TestAnswer> {
  return test.send(formTo('/par', { ...ordinary, ...flaw }, headers));
}

/** A form, as browsers and clients post it. */
export function formTo(
  url: string,
  parameters: ParameterFlaw,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): RequestInput {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url, headers: { ...type, ...headers }, body: formOf(parameters) };
}

/** Brings the URI of a pushed request to the authorization endpoint. */
export function openPushed(
  test: TestServer,
  requestUri: string,
  clientId = 'public-1',
): Promise<TestAnswer> {
  const parameters = { client_id: clientId, request_uri: requestUri };
  return test.send({ url: `/authorize?${formOf(parameters)}` });
}

/** The request that waits for its user, after a redirect to the host's pages. @throws Error for any other answer. */
export async function waitingRequest(
  test: TestServer,
  answer: TestAnswer,
): Promise<AuthorizationRequest> {
  const digest = hash(interactionIn(answer));
  const record = await test.stores.grants.findInteraction(digest, test.clock.now());
  if (record === undefined) throw new Error('Nothing waits for a user.');
  return record.request;
}

/** What a pushed request is called. @throws Error where it was refused. */
export function requestUriOf(answer: TestAnswer): string {
  const { request_uri } = answer.json;
  if (answer.status === 201 && typeof request_uri === 'string') return request_uri;
  throw new Error(`Not pushed: ${answer.body ?? ''}`);
}

/** The request that was pushed. @throws Error where it was refused, or is over. */
export async function pushedRequest(
  test: TestServer,
  answer: TestAnswer,
): Promise<AuthorizationRequest> {
  const digest = hash(requestUriOf(answer));
  const record = await test.stores.grants.findPushedRequest(digest, test.clock.now());
  if (record === undefined) throw new Error('Nothing was pushed.');
  return record.request;
}

/** What a redirect tells the client. @throws Error for an answer that goes elsewhere. */
export function sentToClient(answer: TestAnswer): Readonly<Record<string, string>> {
  const [location = ''] = answer.fields('location');
  if (answer.status === 303 && location.startsWith(`${callback}?`)) {
    return Object.fromEntries(new URL(location).searchParams);
  }
  throw new Error(`Not sent to the client: ${String(answer.status)} ${location}`);
}

function formOf(parameters: ParameterFlaw): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
    for (const each of values) form.append(name, each);
  }
  return form.toString();
}
