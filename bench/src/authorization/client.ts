import { generateSigner, signCompactJws, systemClock, type Signer } from '@keybound/core';
import { makeDpopProof } from '@keybound/pop';
import { requestMessage } from '../request-message.js';
import { clientId, host, issuer, paths } from './scenario.js';

const assertionLifetimeSeconds = 300;

/** The one client, which has one key: for its assertions, and for its tokens. */
export class Client {
  private constructor(readonly signer: Signer) {}

  static async create(): Promise<Client> {
    return new Client(await generateSigner('ES256'));
  }

  /** A fresh assertion and what goes with it, as members of a form. RFC 7523 §2.2. */
  async authentication(): Promise<string> {
    const now = systemClock.now();
    const assertion = await signCompactJws(
      { typ: 'JWT' },
      {
        iss: clientId,
        sub: clientId,
        aud: issuer,
        jti: crypto.randomUUID(),
        iat: now,
        exp: now + assertionLifetimeSeconds,
      },
      this.signer,
    );
    const type = encodeURIComponent('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    return `client_id=${clientId}&client_assertion_type=${type}&client_assertion=${assertion}`;
  }

  /** A fresh proof, for the token endpoint. To be sent within the minute. */
  tokenProof(): Promise<string> {
    const { token } = paths;
    const input = { method: 'POST', url: issuer + token, issuedAt: systemClock.now() };
    return makeDpopProof(input, this.signer);
  }

  /** A request to UserInfo with a fresh proof. */
  async userInfoRequest(accessToken: string): Promise<Buffer> {
    const { userInfo } = paths;
    const input = { method: 'GET', url: issuer + userInfo, accessToken };
    const proof = await makeDpopProof({ ...input, issuedAt: systemClock.now() }, this.signer);
    return requestMessage(`GET ${userInfo}`, [
      `Host: ${host}`,
      `Authorization: DPoP ${accessToken}`,
      `DPoP: ${proof}`,
    ]);
  }
}

/** @param proof Undefined to prove nothing. */
export function tokenRequest(form: string, proof: string | undefined): Buffer {
  const fields = [`Host: ${host}`, 'Content-Type: application/x-www-form-urlencoded'];
  if (proof !== undefined) fields.push(`DPoP: ${proof}`);
  return requestMessage(`POST ${paths.token}`, fields, form);
}
