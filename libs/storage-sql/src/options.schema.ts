import { portOption, positiveOption, type AuditLog, type Clock } from '@keybound/core';
import { z } from 'zod';

/** Timers hold no more than 24 days; what is longer comes from a wrong unit. */
const longestTimeoutMs = 600_000;
const longestSweepSeconds = 86_400;

const shared = {
  /**
   * How long a call may take at most, in milliseconds; on SQLite, how long it waits for another
   * process that writes. THR-66.
   */
  timeoutMs: positiveOption.max(longestTimeoutMs).default(1_000),
  /** How often what ended is dropped, in seconds; 'off' where the host calls `sweep()` itself. */
  sweepSeconds: z.union([z.literal('off'), positiveOption.max(longestSweepSeconds)]).default(30),
  /** By which is judged what ended; the system's where absent. */
  clock: portOption<Clock>('now').optional(),
  /** Told of a mistake of ours that keeps what ended from being dropped; a warning of the process where absent. */
  audit: portOption<AuditLog>('record').optional(),
};

/** Options of `openSqlite`. */
export const sqliteOptions = z.strictObject({
  /** Path of the database, made where there is none; `:memory:` for one that ends with the process. */
  file: z
    .string()
    .min(1)
    // The driver would reach for the network, or read its own options out of it.
    .refine(
      (file) => file === ':memory:' || !/^(:|\w{2,}:)/.test(file),
      'must be a path, and no URL',
    ),
  /**
   * How large the file may get, in octets: beyond it whatever would add to it fails, and nothing that
   * has not ended is dropped. As large as the disk lets it where absent. THR-66.
   */
  maxBytes: positiveOption.optional(),
  ...shared,
});

const postgresShape = z.strictObject({
  /** Such as `postgres://keybound@db.example/keybound`. */
  url: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .refine((url) => URL.canParse(url), 'must be a URL'),
  /** Where the tables are, made where there is none; the account's usual one where absent. */
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be a plain name in lower case')
    .optional(),
  /** Connections, at most, of this process. */
  maxConnections: positiveOption.default(10),
  /** Off behind a proxy that gives each transaction another connection, and does not know them. */
  preparedStatements: z.boolean().default(true),
  ...shared,
});

/** Options of `openPostgres`. */
export const postgresOptions = postgresShape.refine(
  ({ url, schema }) => schema === undefined || !new URL(url).searchParams.has('options'),
  { path: ['schema'], message: 'would be overruled by the options in the URL' },
);

export type SqliteOptions = z.input<typeof sqliteOptions>;
export type SqliteConfiguration = z.output<typeof sqliteOptions>;
export type PostgresOptions = z.input<typeof postgresOptions>;
export type PostgresConfiguration = z.output<typeof postgresOptions>;
