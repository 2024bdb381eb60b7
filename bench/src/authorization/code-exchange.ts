import { createHash, randomBytes } from 'node:crypto';
import type { Connection } from '../connection.js';
import { isOk, isRedirect } from '../expected-status.js';
import { requestMessage } from '../request-message.js';
import type { Response } from '../response-reader.js';
import { tokenRequest, type Client } from './client.js';
import { clientId, host, paths, redirectUri } from './scenario.js';
import { textMember } from './token-answer.js';

/** Everything for one flow that can be made before it begins. */
export interface PreparedFlow {
  readonly authorizationRequest: Buffer;
  /** All of the form but the code, which comes last. */
  readonly tokenForm: string;
  readonly tokenProof: string;
}

/** What one flow sent and got. */
export interface FinishedFlow {
  readonly tokenRequest: Buffer;
  readonly tokens: Response;
  readonly userInfoRequest: Buffer;
  readonly userInfo: Response;
}

/** @param cookie Of a browser in which a user is logged in. */
export async function prepareFlow(client: Client, cookie: string): Promise<PreparedFlow> {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid profile',
    state: randomBytes(16).toString('base64url'),
    nonce: randomBytes(16).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const grant = `grant_type=authorization_code&redirect_uri=${encodeURIComponent(redirectUri)}`;
  const form = `${grant}&code_verifier=${verifier}&${await client.authentication()}`;
  return {
    authorizationRequest: requestMessage(`GET ${paths.authorization}?${query.toString()}`, [
      `Host: ${host}`,
      `Cookie: ${cookie}`,
    ]),
    tokenForm: `${form}&code=`,
    tokenProof: await client.tokenProof(),
  };
}

/**
 * Authorization request, token request, UserInfo. The proof for UserInfo names the access token, and
 * is made on the way.
 *
 * @throws Error where one is answered in an unexpected way.
 */
export async function runFlow(
  connection: Connection,
  client: Client,
  { authorizationRequest, tokenForm, tokenProof }: PreparedFlow,
): Promise<FinishedFlow> {
  const redirect = await connection.expect(isRedirect, authorizationRequest);
  const redemption = tokenRequest(tokenForm + codeIn(redirect), tokenProof);
  const tokens = await connection.expect(isOk, redemption);
  const userInfoRequest = await client.userInfoRequest(textMember(tokens, 'access_token'));
  const userInfo = await connection.expect(isOk, userInfoRequest);
  return { tokenRequest: redemption, tokens, userInfoRequest, userInfo };
}

const sentBack = /\r\nlocation: *([^\r]+)\r\n/i;

function codeIn({ head }: Response): string {
  const location = sentBack.exec(head)?.[1] ?? '';
  const code = location.startsWith(`${redirectUri}?`)
    ? new URL(location).searchParams.get('code')
    : null;
  if (code === null) throw new Error(`No code, but a redirect to ${location}`);
  return encodeURIComponent(code);
}
