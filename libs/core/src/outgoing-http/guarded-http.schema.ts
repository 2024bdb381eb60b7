import { z } from 'zod';
import { resolveHost, type ResolveHost } from './resolve-host.js';

/** Options of `guardedHttp`. */
export const guardedHttpOptions = z.strictObject({
  /** Also fetch from this machine: any port, and without TLS. For development and tests. */
  allowLoopback: z.boolean().default(false),
  allowedPorts: z.array(z.int().min(1).max(65_535)).default([443, 8443]),
  /** One limit over DNS, connecting, TLS, headers and body. */
  deadlineSeconds: z.number().positive().max(60).default(5),
  /** Most octets of one document. */
  maxBytes: z
    .int()
    .positive()
    .default(512 * 1024),
  maxConcurrent: z.int().positive().default(50),
  maxConcurrentPerHost: z.int().positive().default(6),
  /** Certificates to trust instead of the built-in ones, as PEM. */
  ca: z.string().optional(),
  resolve: z
    .custom<ResolveHost>((value) => typeof value === 'function', 'must be a function')
    .default(() => resolveHost),
});

export type GuardedHttpOptions = z.input<typeof guardedHttpOptions>;
export type GuardedHttpConfig = z.output<typeof guardedHttpOptions>;
