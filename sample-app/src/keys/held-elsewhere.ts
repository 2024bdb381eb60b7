import { signingKeysFrom, type SigningKeys } from '@keybound/authorization-server';
import {
  decodeBase64url,
  parsePublicJwk,
  thumbprintOf,
  UpstreamError,
  type PublicJwk,
  type Signer,
} from '@keybound/core';
import { HolderConnection, type NewQuestion } from './holder-connection.js';
import type { Answer } from './key-holder-messages.js';

/** Signing keys whose private parts this process never has. */
export interface KeysHeldElsewhere extends SigningKeys {
  /** Whether the holder answers: for readiness. @throws UpstreamError where it does not. */
  check(): Promise<void>;
  /** Ends the connection; another question would open it again. */
  close(): void;
}

type Ask = (question: NewQuestion) => Promise<Answer>;

/**
 * Keys that a process of their own holds (`key-holder.ts`), as an HSM or a KMS would: what is to be
 * signed goes there, and the signature comes back. AS-209.
 *
 * Which keys they are is asked once, here; a holder that comes back with others cannot answer. While
 * it cannot, what needs a signature is answered 503 and uses up nothing. The holder may end and start
 * again; the server connects by itself.
 *
 * @param socketPath Where it listens: a socket of this machine.
 * @throws UpstreamError when it does not answer now; ConfigurationError for a key that is weak.
 */
export async function signersFrom(socketPath: string): Promise<KeysHeldElsewhere> {
  let connection: HolderConnection | undefined;
  const ask: Ask = (question) => {
    if (connection?.isOver !== false) connection = new HolderConnection(socketPath);
    return connection.ask(question);
  };
  const signers = await heldSigners(ask);
  return {
    ...(await signingKeysFrom(signers)),
    check: async () => {
      await ask({ ask: 'keys' });
    },
    close: () => connection?.close(),
  };
}

async function heldSigners(ask: Ask): Promise<readonly Signer[]> {
  const answer = await ask({ ask: 'keys' });
  if (!('keys' in answer)) throw misunderstood(answer);
  return Promise.all(
    answer.keys.map(({ algorithm, publicJwk }) => {
      const jwk = parsePublicJwk(publicJwk);
      if (!jwk.ok) throw new UpstreamError(`A key of the key holder is of no use: ${jwk.failure}.`);
      return heldSigner(ask, algorithm, jwk.value);
    }),
  );
}

async function heldSigner(
  ask: Ask,
  algorithm: Signer['algorithm'],
  publicJwk: PublicJwk,
): Promise<Signer> {
  const kid = await thumbprintOf(publicJwk);
  return {
    algorithm,
    publicJwk,
    sign: async (data) => {
      const answer = await ask({ ask: 'sign', kid, data });
      const signature = 'signature' in answer ? decodeBase64url(answer.signature) : undefined;
      if (signature === undefined) throw misunderstood(answer);
      return signature;
    },
  };
}

function misunderstood(answer: Answer): UpstreamError {
  const reason = 'error' in answer ? answer.error : 'not what was asked for';
  return new UpstreamError(`The key holder does not help: ${reason}.`);
}
