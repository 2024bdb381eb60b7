import { splitHttpUrl } from '@keybound/core';
import { z } from 'zod';
import { isSecret } from '../secrets/is-secret.js';
import { storageSetting } from './storage-setting.js';

const port = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'must be a port number')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port number');

const origin = z
  .string()
  .refine(
    (text) => splitHttpUrl(text)?.origin === text,
    'must be an origin without a path, in lower case, such as https://api.example.com',
  );

const issuers = z
  .string()
  .transform((list) => list.split(',').map((issuer) => issuer.trim()))
  .refine(
    (list) => list.every((issuer) => splitHttpUrl(issuer) !== undefined),
    'must be http(s) URLs with commas between them',
  );

const secrets = z
  .string()
  .transform((list) => list.split(',').map((secret) => secret.trim()))
  .refine(
    (list) => list.every(isSecret),
    'must be 32 random characters or more, such as those of: openssl rand -base64 32',
  )
  .refine((list) => list.length <= 2, 'must be one secret, or two while it is replaced');

const upToAMinute = z
  .string()
  .regex(/^([0-9]|[1-5][0-9]|60)$/, 'must be seconds, from 0 to 60')
  .transform(Number);

const storeTimeout = z
  .string()
  .regex(/^([1-9]\d{2,3}|[1-5]\d{4}|60000)$/, 'must be milliseconds, from 100 to 60000')
  .transform(Number);

const notBuiltYet = z
  .undefined('is not supported by this version of the sample app; unset it')
  .optional();

/** The variables that the app reads. No message repeats a value: some of them are secret. */
export const environment = z.object({
  /** `test`, which test runners set, is `development`. */
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  HTTP_ADAPTER: z.enum(['express', 'fastify']).default('express'),
  PORT: port.default(3000),
  ISSUER: origin.optional(),
  TRUSTED_ISSUERS: issuers.default([]),
  ALLOW_LOOPBACK_FETCH: z.enum(['0', '1']).default('0'),
  SERVER_NONCES: z.enum(['off', 'required']).default('off'),
  STORAGE: storageSetting.optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/.+/, 'must be redis://… or rediss://…')
    .optional(),
  STORE_TIMEOUT: storeTimeout.default(1_000),
  KEYBOUND_SECRET: secrets.optional(),
  KEY_HOLDER: z
    .string()
    .regex(/^unix:\/.+/, 'must be unix: and the path of a socket')
    .transform((text) => text.slice('unix:'.length))
    .optional(),
  FEDERATION_ANCHORS: notBuiltYet,
  ATTESTERS: notBuiltYet,
  SHR_PROFILE: z.enum(['standard', 'microsoft']).default('standard'),
  SHUTDOWN_DELAY: upToAMinute.default(0),
  SYMMETRIC_POP: z.enum(['0', '1']).default('0'),
  CLIENT_CERT_HEADER: notBuiltYet,
  TRUSTED_PROXIES: notBuiltYet,
});
