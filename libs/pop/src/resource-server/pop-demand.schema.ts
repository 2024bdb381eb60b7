import { z } from 'zod';
import type { Coverage } from '../confirmation/coverage.js';
import { noCoverage } from '../confirmation/coverage.js';
import { popMethods, type PopMethod } from '../confirmation/pop-method.js';

const scope = z.string().regex(/^[!#-[\]-~]+$/, 'is not a scope (RFC 6749 §3.3)');
const coveredPart = z.union([
  z.literal(['body', 'query']),
  z
    .string()
    .regex(/^header:[a-z0-9!#$%&'*+\-.^_`|~]+$/, 'is body, query or header:<lower-case name>'),
]);

/** What one route demands. */
export const popDemand = z
  .strictObject({
    /** Every one of these. */
    scopes: z.array(scope).default([]),
    /** Any one of these authentication context classes (`acr`), the preferred one first. */
    acrValues: z.array(scope).min(1).optional(),
    /** How long ago the user may have authenticated (`auth_time`). */
    maxAuthenticationAgeSeconds: z.number().int().nonnegative().optional(),
    /** Any one of these; every configured one where absent. */
    methods: z.array(z.enum(popMethods)).min(1).optional(),
    /** `body`, `query`, `header:<name>`: of methods that can cover it. */
    covers: z.array(coveredPart).default([]),
  })
  .transform(({ methods, covers, ...demand }): PopDemand => ({
    scopes: demand.scopes,
    acrValues: demand.acrValues,
    maxAuthenticationAgeSeconds: demand.maxAuthenticationAgeSeconds,
    methods: methods === undefined ? undefined : new Set(methods),
    coverage: coverageOf(covers),
  }));

export type PopDemandInput = z.input<typeof popDemand>;

export interface PopDemand {
  readonly scopes: readonly string[];
  readonly acrValues: readonly string[] | undefined;
  readonly maxAuthenticationAgeSeconds: number | undefined;
  readonly methods: ReadonlySet<PopMethod> | undefined;
  readonly coverage: Coverage;
}

function coverageOf(parts: readonly string[]): Coverage {
  if (parts.length === 0) return noCoverage;
  return {
    body: parts.includes('body'),
    query: parts.includes('query'),
    headers: parts.filter((part) => part.startsWith('header:')).map((part) => part.slice(7)),
  };
}
