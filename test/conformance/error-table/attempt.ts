import { bySecret } from '../../support/client-credentials.js';
import type { SuiteUser } from '../../support/suite-user.js';
import { suiteRedirectUri, type Parameters, type SuiteClient } from '../../support/suite-client.js';
import { onTheWire, type WireAnswer } from '../../support/wire-answer.js';
import { secretOf, type Suite } from '../modules/suite.js';

/** What a peer sees of an answer. */
export type Outcome = Pick<WireAnswer, 'status' | 'headers' | 'body'>;

/** What makes a condition of the table come true; where several do, each. */
export type Attempt = (suite: Suite) => Promise<Outcome | readonly Outcome[]>;

export type Attempts = Readonly<Record<string, Attempt>>;

/** A form of one's own making. */
export function posted(
  { app }: Suite,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<WireAnswer> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return onTheWire(app.issuer + path, { method: 'POST', body, headers: { ...type, ...headers } });
}

/** Where a login ends: the last redirect that the browser was given. */
export async function endOf(
  client: SuiteClient,
  parameters: Parameters,
  { user, answers }: SuiteUser,
): Promise<Outcome> {
  await user.authorize(client.authorizationUrl(parameters), suiteRedirectUri);
  const last = answers.at(-1);
  if (last === undefined) throw new Error('Nothing was answered.');
  return { status: last.status, headers: last.headers, body: '' };
}

/** How the first client authenticates, as a field. */
export const basic = `Basic ${Buffer.from(`first:${secretOf('first')}`).toString('base64')}`;

/** Somebody who guesses the secret of the first client. */
export function guessing({ first }: Suite): SuiteClient {
  return first.with({ authentication: bySecret(first.id, 'a guess') });
}
