import type { SessionRecord } from '@keybound/authorization-server';
import { seconds } from '@keybound/core';

/** What a login was; it does not change while the session lasts. */
type Login = Pick<SessionRecord, 'sid' | 'subject' | 'authTime' | 'acr' | 'amr'>;

const clientField = 'client:';

/** JSON, which has a form for every text, half a surrogate pair too. */
export function fieldOfClient(clientId: string): string {
  return clientField + JSON.stringify(clientId);
}

/** Fields and values of the session's hash, in turn. */
export function fieldsOf(session: SessionRecord): readonly string[] {
  const { sid, subject, authTime, acr, amr, clientIds, lastSeenAt, expiresAt } = session;
  const login: Login = { sid, subject, authTime, acr, amr };
  return [
    'login',
    JSON.stringify(login),
    'seen',
    String(lastSeenAt),
    'ends',
    String(expiresAt),
    ...clientIds.flatMap((clientId) => [fieldOfClient(clientId), '']),
  ];
}

/** @returns Undefined where there is no session. */
export function sessionOf(hash: string, fields: readonly string[]): SessionRecord | undefined {
  const values = new Map<string, string>();
  for (let index = 0; index < fields.length; index += 2) {
    values.set(fields[index] ?? '', fields[index + 1] ?? '');
  }
  const kept = values.get('login');
  if (kept === undefined) return undefined;
  const { sid, subject, authTime, acr, amr } = JSON.parse(kept) as Login;
  const clientIds = [...values.keys()]
    .filter((name) => name.startsWith(clientField))
    .map((name) => JSON.parse(name.slice(clientField.length)) as string);
  const lastSeenAt = seconds(Number(values.get('seen')));
  const expiresAt = seconds(Number(values.get('ends')));
  return { hash, sid, subject, authTime, acr, amr, clientIds, lastSeenAt, expiresAt };
}
