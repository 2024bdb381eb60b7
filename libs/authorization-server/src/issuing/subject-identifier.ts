import { hmacSha256 } from '@keybound/core';
import type { Client } from '../extension/client.js';
import type { ServerContext } from '../server/server-context.js';
import { sectorOf } from './sector.js';

type SubjectContext = Pick<ServerContext, 'configuration'>;

/** AS-124: identifiers of registered clients, and of those that are known by their URL. */
const clientName = /^(?:client_|https?:)/;

/**
 * `sub` of a user as a client knows it. OpenID Connect Core §8.
 *
 * @param localSubject As the host application knows the user.
 * @throws TypeError for a subject that no user can have (AS-179), or that a client could have (AS-124):
 *   nothing is issued.
 */
export async function subjectIdentifier(
  context: SubjectContext,
  client: Pick<Client, 'id' | 'metadata'>,
  localSubject: string,
): Promise<string> {
  return client.metadata.subject_type === 'pairwise'
    ? pairwiseSubject(context, client, localSubject)
    : publicSubject(context, localSubject);
}

/** `sub` of a user as first parties know it. @throws TypeError as {@link subjectIdentifier} does. */
export function publicSubject({ configuration }: SubjectContext, localSubject: string): string {
  const subject = checkedSubject(localSubject);
  const isClients =
    clientName.test(subject) ||
    configuration.clients.some(({ client_id }) => client_id === subject);
  if (isClients) throw new TypeError('A subject must not look like the identifier of a client.');
  return subject;
}

function pairwiseSubject(
  { configuration: { pairwiseSubjects } }: SubjectContext,
  { id, metadata }: Pick<Client, 'id' | 'metadata'>,
  localSubject: string,
): string {
  const sector = sectorOf(metadata);
  if (pairwiseSubjects === 'off' || sector === undefined) {
    throw new TypeError(`There is no pairwise subject for the client ${id}.`);
  }
  const name = `${sector}\0${checkedSubject(localSubject)}`;
  return Buffer.from(hmacSha256(pairwiseSubjects.salt, name)).toString('base64url');
}

/** 1 to 255 printable ASCII characters. OpenID Connect Core §2, AS-179. */
export function isPossibleSubject(subject: string): boolean {
  return /^[ -~]{1,255}$/.test(subject);
}

function checkedSubject(subject: string): string {
  if (isPossibleSubject(subject)) return subject;
  throw new TypeError('A subject has 1 to 255 printable ASCII characters.');
}
