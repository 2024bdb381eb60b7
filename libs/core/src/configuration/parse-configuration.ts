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
  const problems = parsed.error.issues.flatMap((issue) => describeIssue(issue, []));
  throw new ConfigurationError(`${where} cannot start:\n${problems.join('\n')}`);
}

/**
 * One line for each problem. Where a value may have several shapes, the shape it comes closest to is
 * the one that was meant: the one whose problems lie deepest, and are fewest.
 */
function describeIssue(issue: Issue, parents: readonly PropertyKey[]): readonly string[] {
  const path = [...parents, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [closest = []] = [...issue.errors].sort(
      (a, b) => depthOf(b) - depthOf(a) || a.length - b.length,
    );
    if (depthOf(closest) > 0) return closest.flatMap((inner) => describeIssue(inner, path));
    const shapes = issue.errors.flat().map(({ message }) => message);
    return [line(path, [...new Set(shapes)].join('; or: '))];
  }
  return [line(path, issue.message)];
}

function depthOf(issues: readonly Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length + (isUnknownKey(issue) ? 1 : 0)));
}

function isUnknownKey(issue: Issue): boolean {
  return issue.code === 'unrecognized_keys';
}

function line(path: readonly PropertyKey[], message: string): string {
  return `  - ${path.length === 0 ? '(options)' : path.map(String).join('.')}: ${message}`;
}

type Issue = z.core.$ZodIssue;
