import type { AccessTokenName } from '@keybound/authorization-server';
import { isJsonObject, type JsonObject, type JsonValue } from '@keybound/core';

/** What a JWT that the test trusts says; its signature is not checked. */
export function claimsIn(jwt: JsonValue | undefined): JsonObject {
  return segment(jwt, 1);
}

/** A member that is text. @throws TypeError for any other. */
export function textIn(object: JsonObject | undefined, name: string): string {
  const value = object?.[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is not text.`);
  return value;
}

/** What revocation knows an access token by. */
export function tokenName(jwt: JsonValue | undefined): AccessTokenName & { grantId: string } {
  const claims = claimsIn(jwt);
  return { grantId: textIn(claims, 'grant_id'), jti: textIn(claims, 'jti') };
}

/** The header of a JWT that the test trusts. */
export function headerOf(jwt: JsonValue | undefined): JsonObject {
  return segment(jwt, 0);
}

function segment(jwt: JsonValue | undefined, index: number): JsonObject {
  const text = typeof jwt === 'string' ? jwt.split('.')[index] : undefined;
  const value: unknown = JSON.parse(Buffer.from(text ?? '', 'base64url').toString());
  if (!isJsonObject(value)) throw new TypeError('Not a JWT.');
  return value;
}
