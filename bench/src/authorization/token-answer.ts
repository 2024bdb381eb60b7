import { isJsonObject, type JsonObject } from '@keybound/core';
import type { Response } from '../response-reader.js';

/** A member of a JSON answer that must be there. @throws TypeError */
export function textMember({ body }: Response, name: string): string {
  const answer: unknown = JSON.parse(body);
  const value = isJsonObject(answer) ? answer[name] : undefined;
  if (typeof value !== 'string') throw new TypeError(`No ${name}: ${body}`);
  return value;
}

/** A segment of a JWT that is not verified. @throws TypeError */
export function jwtSegment(jwt: string, segment: 'header' | 'claims'): JsonObject {
  const text = jwt.split('.')[segment === 'header' ? 0 : 1] ?? '';
  const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
  if (!isJsonObject(value)) throw new TypeError(`No JWT: ${jwt}`);
  return value;
}
