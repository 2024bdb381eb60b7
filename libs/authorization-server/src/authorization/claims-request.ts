import {
  accept,
  isJsonObject,
  parseJsonText,
  type JsonObject,
  type JsonValue,
  type Rejection,
  type Result,
} from '@keybound/core';
import type { ClaimRequest, ClaimsRequest } from '../extension/authorization-request.js';
import type { Parameters } from '../extension/parameters.js';
import { hasNul } from '../request-object/has-nul.js';
import { reject } from './rejections.js';

const longestClaims = 8_192;
const deepest = 10;
const mostClaims = 100;
const mostValues = 50;
const longestName = 256;

/**
 * Which claims are wanted where, one by one. OpenID Connect Core §5.5. Members that are not of the
 * specification are ignored; those that are must be of their type.
 */
export function parseClaims(parameters: Parameters): Result<ClaimsRequest | undefined, Rejection> {
  const text = parameters.one('claims');
  if (text === undefined) return accept(undefined);
  const inBounds = text.length <= longestClaims && !hasNul(text);
  const json = inBounds ? parseJsonText(text, deepest) : undefined;
  if (!isJsonObject(json)) return refused('no JSON object in bounds');
  const userinfo = claimsOf(json, 'userinfo');
  const id_token = claimsOf(json, 'id_token');
  if (userinfo === undefined) return refused('userinfo');
  if (id_token === undefined) return refused('id_token');
  return accept({ userinfo, id_token });
}

function claimsOf(
  json: JsonObject,
  where: 'userinfo' | 'id_token',
): Readonly<Record<string, ClaimRequest>> | undefined {
  const wanted = Object.hasOwn(json, where) ? json[where] : null;
  if (wanted === null) return {};
  if (!isJsonObject(wanted)) return undefined;
  const entries = Object.entries(wanted);
  if (entries.length > mostClaims) return undefined;
  const parsed: [string, ClaimRequest][] = [];
  for (const [name, value] of entries) {
    const request = parseClaimRequest(value);
    if (request === undefined || name.length > longestName) return undefined;
    if (name !== '__proto__') parsed.push([name, request]);
  }
  return Object.fromEntries(parsed);
}

/** `null`, or how much it is wanted and with which value. */
function parseClaimRequest(value: JsonValue | undefined): ClaimRequest | undefined {
  if (value === null) return { essential: false, values: undefined };
  if (!isJsonObject(value)) return undefined;
  const essential = own(value, 'essential') ?? false;
  if (typeof essential !== 'boolean') return undefined;
  const one = own(value, 'value');
  const several = own(value, 'values');
  if (one === undefined && several === undefined) return { essential, values: undefined };
  const values = one === undefined ? several : [one];
  if (!isListOfScalars(values) || values.length === 0 || values.length > mostValues) {
    return undefined;
  }
  return { essential, values };
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isListOfScalars(
  value: JsonValue | undefined,
): value is readonly (string | number | boolean)[] {
  return Array.isArray(value) && value.every((each) => each !== null && typeof each !== 'object');
}

function refused(actual: string): Result<never, Rejection> {
  return reject('authorization.claims', 'AS-174', { actual });
}
