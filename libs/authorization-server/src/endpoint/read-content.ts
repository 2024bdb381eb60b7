import {
  accept,
  bodyDepth,
  parseJsonObject,
  type HttpRequestView,
  type JsonObject,
  type Rejection,
  type Result,
} from '@keybound/core';
import { isUtf8 } from 'node:buffer';
import type { Parameters } from '../extension/parameters.js';
import { noParameters } from './decoded-parameters.js';
import { maxParametersLength, parseParameters } from './parse-parameters.js';
import { reject } from './rejections.js';

/** AS-274, for forms and JSON alike. */
export const maxContentBytes = maxParametersLength;

/**
 * Reads a form. OAuth 2.1 §3.2, AS-60, THR-38. No content at all is an empty form, even without a
 * type: UserInfo is asked so (OpenID Connect Core §5.3.1).
 */
export async function readForm(view: HttpRequestView): Promise<Result<Parameters, Rejection>> {
  const type = checkContentType(view, form);
  if (!type.ok && view.headerValues('content-type').length > 0) return type;
  const content = await readOctets(view);
  if (!content.ok) return content;
  if (content.value.length === 0) return accept(noParameters);
  if (!type.ok) return type;
  return isUtf8(content.value)
    ? parseParameters(Buffer.from(content.value).toString())
    : reject('request.parameters_malformed', 'THR-35', { actual: 'not UTF-8' });
}

/** Reads a JSON object. RFC 7591 §3.1, THR-38. */
export async function readJson(view: HttpRequestView): Promise<Result<JsonObject, Rejection>> {
  const type = checkContentType(view, json);
  if (!type.ok) return type;
  const content = await readOctets(view);
  if (!content.ok) return content;
  const object = parseJsonObject(content.value, bodyDepth);
  return object === undefined ? reject('request.json', 'THR-38') : accept(object);
}

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';
const charset = /^charset="?utf-8"?$/;

/** One field, of this type, in UTF-8 if it says so. Parameters that mean nothing are let pass. */
function checkContentType(view: HttpRequestView, expected: string): Result<undefined, Rejection> {
  const fields = view.headerValues('content-type');
  const [type = '', ...parameters] = (fields[0] ?? '').toLowerCase().split(';');
  const charsets = parameters
    .map((each) => each.trim())
    .filter((each) => each.startsWith('charset'));
  const good =
    fields.length === 1 &&
    type.trim() === expected &&
    charsets.length <= 1 &&
    charsets.every((each) => charset.test(each));
  if (good) return accept(undefined);
  return reject('request.content_type', 'THR-38', { expected, actual: fields.join(', ') });
}

/** Content as it came: what is coded is not decoded (THR-37), since its size would be unknown. */
async function readOctets(view: HttpRequestView): Promise<Result<Uint8Array, Rejection>> {
  const codings = view.headerValues('content-encoding');
  if (codings.some((coding) => coding.trim().toLowerCase() !== 'identity')) {
    return reject('request.content_coding', 'THR-37', { actual: codings.join(', ') });
  }
  const content = await view.content();
  switch (content.state) {
    case 'too-large':
      return reject('request.content_too_large', 'AS-274');
    case 'aborted':
      return reject('request.content_incomplete', 'THR-37');
    case 'not-captured':
      throw new Error(
        'The content of a request was read before the authorization server could: mount it, or its content capture, before any body parser.',
      );
    case 'captured':
      return content.bytes.length > maxContentBytes
        ? reject('request.content_too_large', 'AS-274', { actual: String(content.bytes.length) })
        : accept(content.bytes);
  }
}
