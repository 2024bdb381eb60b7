import { z } from 'zod';

/**
 * An option that is an object with these methods: a store, a clock, a log. What they do is for its
 * contract test to show.
 */
export function portOption<Port>(...methods: readonly string[]): z.ZodType<Port, Port> {
  const isPort = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
  return z.custom<Port>(isPort, `must be an object with ${methods.join(' and ')}()`);
}
