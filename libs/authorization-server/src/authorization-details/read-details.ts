import {
  accept,
  isJsonObject,
  parseJsonText,
  refuse,
  type JsonValue,
  type Result,
} from '@keybound/core';
import type {
  AuthorizationDetail,
  AuthorizationDetailsType,
} from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import { hasNul } from '../request-object/has-nul.js';

/** The types that plug-ins added, by name. */
export type DetailsTypes = ReadonlyMap<string, AuthorizationDetailsType>;

const deepest = 20;
const mostDetails = 50;

/**
 * The `authorization_details` of a request, to whichever endpoint: a list, never empty, of types that
 * the server knows, each of the shape that its type says. RFC 9396 §2, §5. How long the text may be
 * is for the endpoint to judge, and so is what the client registered.
 *
 * @returns What is wrong, where something is: the type's name, or what it is instead of a list.
 */
export function readDetails(
  types: DetailsTypes,
  client: Client,
  text: string,
): Result<readonly AuthorizationDetail[], string> {
  const list = hasNul(text) ? undefined : parseJsonText(text, deepest);
  if (!isList(list) || list.length === 0 || list.length > mostDetails) {
    return refuse('no list in bounds');
  }
  const details: AuthorizationDetail[] = [];
  for (const entry of list) {
    if (!isDetail(entry)) return refuse('no object with a type');
    const detail = types.get(entry.type)?.parse(entry, client);
    if (detail === undefined) return refuse(entry.type);
    details.push(detail);
  }
  return accept(details);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isDetail(value: JsonValue): value is AuthorizationDetail {
  return isJsonObject(value) && Object.hasOwn(value, 'type') && typeof value['type'] === 'string';
}
