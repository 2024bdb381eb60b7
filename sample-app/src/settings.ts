import { parseConfiguration, splitHttpUrl } from '@keybound/core';
import { z } from 'zod';

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

const notBuiltYet = z
  .undefined('is not supported by this version of the sample app; unset it')
  .optional();

const environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  HTTP_ADAPTER: z.enum(['express', 'fastify']).default('express'),
  PORT: port.default(3000),
  ISSUER: origin.optional(),
  TRUSTED_ISSUERS: issuers.default([]),
  ALLOW_LOOPBACK_FETCH: z.enum(['0', '1']).default('0'),
  SERVER_NONCES: z.literal('required').optional(),
  STORAGE: z.literal('memory', 'only "memory" is supported by this version').optional(),
  REDIS_URL: notBuiltYet,
  FEDERATION_ANCHORS: notBuiltYet,
  ATTESTERS: notBuiltYet,
  SHR_PROFILE: notBuiltYet,
  SYMMETRIC_POP: notBuiltYet,
  CLIENT_CERT_HEADER: notBuiltYet,
  TRUSTED_PROXIES: notBuiltYet,
});

/** What the environment asks of the sample app, already parsed. */
export interface Settings {
  readonly deployment: 'production' | 'development';
  readonly adapter: 'express' | 'fastify';
  readonly port: number;
  /** Where clients reach the app; an origin. */
  readonly issuer: string;
  /** Other issuers whose tokens the API takes. */
  readonly trustedIssuers: readonly string[];
  /** Whether outgoing requests may reach this machine, and do so without TLS. */
  readonly loopbackFetch: boolean;
  readonly serverNonces: 'off' | 'required';
}

export const Settings = Symbol('Settings');

/**
 * Reads the environment, once. A variable that is set but empty counts as unset.
 *
 * @throws ConfigurationError that lists every problem, unsupported variables among them.
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  const present = Object.entries(variables).filter(([, value]) => value !== '');
  return parseConfiguration('The sample app', settings, Object.fromEntries(present));
}

const settings = environment
  .transform((env): Settings => ({
    deployment: env.NODE_ENV === 'production' ? 'production' : 'development',
    adapter: env.HTTP_ADAPTER,
    port: env.PORT,
    issuer: env.ISSUER ?? localhost(env.PORT),
    trustedIssuers: env.TRUSTED_ISSUERS,
    loopbackFetch: env.ALLOW_LOOPBACK_FETCH === '1',
    serverNonces: env.SERVER_NONCES ?? 'off',
  }))
  .superRefine((value, context) => {
    for (const message of contradictions(value)) context.addIssue({ code: 'custom', message });
  });

function localhost(onPort: number): string {
  return onPort === 80 ? 'http://localhost' : `http://localhost:${onPort}`;
}

function contradictions(value: Settings): readonly string[] {
  const problems: string[] = [];
  const { deployment, trustedIssuers, loopbackFetch, serverNonces } = value;
  const plain = trustedIssuers.find((issuer) => issuer.toLowerCase().startsWith('http:'));
  if (plain !== undefined && !loopbackFetch) {
    problems.push(`TRUSTED_ISSUERS names ${plain}: plain http needs ALLOW_LOOPBACK_FETCH=1`);
  }
  if (deployment === 'development') return problems;
  if (value.issuer.startsWith('http:')) problems.push('in production, ISSUER must be https');
  if (trustedIssuers.length === 0) {
    problems.push('in production, TRUSTED_ISSUERS must name whose tokens the API takes');
  }
  if (serverNonces === 'required') {
    problems.push('SERVER_NONCES in production needs a shared secret, which is not supported yet');
  }
  return problems;
}
