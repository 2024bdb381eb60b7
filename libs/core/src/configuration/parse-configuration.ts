import type { z } from 'zod';
import { ConfigurationError } from '../errors/faults.js';

/**
 * Parses options once, at start-up.
 *
 * @param where What is being configured, as the reader of the message knows it (`PopModule`).
 * @throws ConfigurationError that lists every problem, one line each.
 */
export function parseConfiguration<Output>(
  where: string,
  schema: z.ZodType<Output>,
  input: unknown,
): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.map(String).join('.');
    return `  - ${path === '' ? '(options)' : path}: ${issue.message}`;
  });
  throw new ConfigurationError(`${where} cannot start:\n${problems.join('\n')}`);
}
