import type { JsonObject, JsonValue } from '@keybound/core';
import { DecodedParameters } from '../endpoint/decoded-parameters.js';
import type { Parameters } from '../extension/parameters.js';

/**
 * The members of a request object as the parameters they stand for. RFC 9101 §4: strings as they are,
 * numbers and booleans in their JSON form, and so what is an object (`claims`) or the one list that is a
 * value (`authorization_details`), which its own parser reads again under its own bounds. Every other
 * list is a parameter that came several times, as `resource` may (RFC 8707 §2) and others may not.
 */
export function parametersOfObject(members: JsonObject): Parameters {
  return new DecodedParameters(
    Object.entries(members).flatMap(([name, value]) =>
      textsOf(name, value).map((text) => [name, text] as const),
    ),
  );
}

function textsOf(name: string, value: JsonValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return isList(value) && name !== 'authorization_details' ? value.map(textOf) : [textOf(value)];
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
