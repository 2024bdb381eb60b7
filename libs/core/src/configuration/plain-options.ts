import { z } from 'zod';
import { signatureAlgorithmNames } from '../crypto/algorithms.js';
import { splitHttpUrl } from '../http/http-url.js';
import type { JsonObject } from '../crypto/parse-json.js';

/** A whole number from 1: seconds, octets, attempts. */
export const positiveOption = z.number().int().positive();

/** Signature algorithms that are taken; never none, which would refuse everybody. */
export const algorithmsOption = z.array(z.enum(signatureAlgorithmNames)).min(1);

/** An absolute http(s) URL, verbatim: identifiers are compared octet by octet. */
export const httpUrlOption = z
  .string()
  .refine((text) => splitHttpUrl(text) !== undefined, 'must be an absolute http(s) URL');

/** A JWK, parsed by whoever uses it. */
export const jwkOption = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null,
  'a JWK',
);
